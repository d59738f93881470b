"""Bytes to text: marks, declarations, guesses, damage, and files that are no text at all."""

from __future__ import annotations

import codecs
import gzip
import random
import subprocess
import sys

import pytest

from cleannews.document import UnreadableInputError
from cleannews.extract import decode

NEWS = "The mayor said “no” – again. Café, naïve, 5 €."

WESTERN = [
    "Café à lire",
    "naïve",
    "Straße",
    "École",
    "100 € – £5",
    "He said “no” and left.",
    "rock ’n’ roll",
    "L'été à Paris est très agréable, où l’on dîne tôt.",
    "Größe und Übermut der Füchse",
    "El niño comió piñas",
    "È già così",
    "São Paulo não é a capital",
    "Ærlig talt på Ålesund",
    "Señor Müller à Zoë’s façade",
]

OTHERS = [
    ("cp1250", "Žluťoučký kůň úpěl ďábelské ódy"),
    ("cp1250", "Zażółć gęślą jaźń w Łodzi i Gdańsku"),
    ("iso8859_2", "Zażółć gęślą jaźń w Łodzi i Gdańsku"),
    ("cp1250", "Árvíztűrő tükörfúrógép"),
    ("cp1254", "İstanbul'da bugün yeni köprü açıldı, şehir kalabalıktı"),
    ("cp1251", "Примерный текст о погоде в Москве."),
    ("koi8_r", "Примерный текст на русском языке"),
    ("cp1251", "Україна і її міста"),
    ("cp1253", "Η Αθήνα είναι η πρωτεύουσα της Ελλάδας"),
    ("cp1255", "שלום עולם מה שלומך היום"),
    ("shift_jis", "東京都で今日、新しい橋が開通しました。"),
    ("euc_jp", "東京都で今日、新しい橋が開通しました。"),
    ("gb18030", "北京今天举行了新的会议，讨论经济问题。"),
    ("big5", "臺灣今天的新聞報導"),
    ("euc_kr", "서울에서 오늘 새로운 회의가 열렸습니다."),
]


def test_empty_bytes_are_the_empty_text() -> None:
    assert decode(b"") == ""


def test_utf8() -> None:
    assert decode(NEWS.encode()) == NEWS


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_is_obeyed_and_left_out(mark: bytes, encoding: str) -> None:
    assert decode(mark + NEWS.encode(encoding)) == NEWS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [NEWS, "Привет, мир, и снова привет", "中文新闻，今天\n北京 2024\n"])
def test_utf16_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", WESTERN)
def test_short_western_text(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(("encoding", "text"), OTHERS)
def test_other_encodings_are_recognised(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="{}">',
        "<META CHARSET={}>",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
        '<?xml version="1.0" encoding="{}"?>',
    ],
)
def test_a_declaration_is_believed(declaration: str) -> None:
    page = declaration.format("iso-8859-5") + "<p>Мир</p>"
    assert decode(page.encode("iso-8859-5")) == page


def test_latin1_means_windows_1252_as_in_browsers() -> None:
    page = '<meta charset="iso-8859-1"><p>“quoted”</p>'
    assert decode(page.encode("cp1252")) == page


@pytest.mark.parametrize("label", ["utf-8", "no-such-encoding", "idna", "utf-16"])
def test_a_wrong_declaration_is_not_believed(label: str) -> None:
    page = f'<meta charset="{label}"><p>Größe und Übermut, très élégant</p>'
    assert decode(page.encode("cp1252")) == page


def test_utf8_cut_anywhere_stays_utf8() -> None:
    data = ("Ein Café – “schön”, größer. " * 3).encode()
    for end in range(8, len(data)):
        text = decode(data[:end])
        assert "Ã" not in text
        assert "â" not in text


def test_ascii_cut_in_its_first_curly_quote_stays_utf8() -> None:
    assert decode("It was, he said, a ”".encode()[:-1]) == "It was, he said, a \ufffd"


def test_damaged_utf8_stays_utf8() -> None:
    data = ("Größe und Übermut der Füchse. " * 5).encode().replace(b"\xc3\xb6", b"\xff", 1)
    assert decode(data).startswith("Gr\ufffdße und Übermut")


def test_genuine_replacement_characters_are_no_damage() -> None:
    text = "Caf\ufffd, caf\ufffd, café"
    assert decode(text.encode()) == text


@pytest.mark.parametrize("data", [b"\x80", b"\xff", b"\xe2", b"\xc3\x28", b"\x9d" * 50, bytes(range(128, 256))])
def test_no_bytes_crash_it(data: bytes) -> None:
    assert isinstance(decode(data), str)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG image"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive"),
        (gzip.compress(b"text"), "gzip-compressed"),
        (b"\x7fELF\x02\x01\x01", "an ELF program"),
        (b"%PDF-1.7\n", "a PDF document"),
        (random.Random(1).randbytes(5000), "binary data"),
        (bytes(range(256)) * 4, "binary data"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes, kind: str) -> None:
    with pytest.raises(UnreadableInputError) as refusal:
        decode(data, name="picture.txt")
    assert kind in str(refusal.value)
    assert "not text" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "picture.txt" not in str(refusal.value)


@pytest.mark.parametrize("text", ["Hello\0world", "a\0", "page one\fpage two", "\x1b[31mred\x1b[0m news", "x\x07" * 3])
def test_a_few_control_characters_are_kept(text: str) -> None:
    assert decode(text.encode()) == text


def test_plain_text_loads_no_library() -> None:
    code = (
        "import sys; from cleannews.extract import decode, is_html; is_html(decode('Größe'.encode()));"
        "decode('Größe'.encode('cp1252'));"
        "print([m for m in ('trafilatura', 'bs4', 'lxml', 'charset_normalizer') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
