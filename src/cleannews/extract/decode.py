"""Bytes to text: which encoding a file is in, when the file does not say, says it wrongly, or was cut.

The order of the work is `decode`, top to bottom. Nearly all input is UTF-8 and leaves at the second step.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from cleannews.document import UnreadableInputError

REPLACEMENT = "\ufffd"

# The longer marks come first: the UTF-16 mark is the beginning of the UTF-32 one.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# How files that are certainly no text begin. What is plain ASCII letters carries the byte that follows them.
SIGNATURES = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh9", "bzip2-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "an ELF program"),
    (b"MZ\x90\x00", "a Windows program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"ID3\x03", "an MP3 sound file"),
    (b"ID3\x04", "an MP3 sound file"),
    (b"OggS\x00", "an Ogg media file"),
    (b"wOF2", "a web font"),
    (b"\x00asm", "a WebAssembly module"),
)

# Control characters that text has no use for: all but backspace, tab, the line ends, form feed and escape.
CONTROLS = bytes(set(range(32)) - set(b"\b\t\n\v\f\r\x1b")) + b"\x7f"

# A text with stray NULs or a broken control character here and there has far fewer than 1 in 100;
# compressed or random bytes have 26 in 256, about 10 %. Half of that lies far from both.
BINARY_SHARE = 0.05
# Under this many, a short text would be refused for one or two strays.
BINARY_COUNT = 4

# What is looked at to judge a file: enough for every count here, and the same for 50 MB as for 50 kB.
SAMPLE_BYTES = 65_536
# The HTML standard asks for the declaration in the first 1024 bytes; real pages put it later.
DECLARATION_BYTES = 4096
# charset_normalizer takes seconds on large samples, and learns nothing after some kilobytes.
GUESS_BYTES = 16_384

# In UTF-16 of an alphabetic script, one byte of each pair is the number of the script's block, 0x00 to 0x0E.
BLOCK_BYTES = bytes(range(0x10))
# Share of the pairs that must show it. Curly quotes and dashes (block 0x20) are a few in a hundred.
UTF16_PAIRS = 0.7

# Share of sound sequences at which bytes that are no strict UTF-8 are still UTF-8 with some damage.
# A text in another encoding scores near 0: its accented letters seldom come in UTF-8's pairs.
UTF8_SHARE = 0.8
# The first byte of nearly every UTF-8 sequence in a Latin-script text. If it ends a file, the file was cut.
UTF8_LEADS = (b"\xc2", b"\xc3", b"\xe2")
# What may follow the last of them: the second byte of curly quotes, dashes and the euro sign.
UTF8_SECONDS = b"\x80\x82"
# Share of undecodable characters, among those that are not ASCII, at which a declared encoding is not believed.
DECLARED_DAMAGE = 0.05

DECLARATION = re.compile(
    rb"""<meta\s[^>]{0,300}?\bcharset\s*=\s*["']?\s*([a-z0-9._:-]{2,40})|<\?xml\s[^>]{0,200}?\bencoding\s*=\s*["']([a-z0-9._:-]{2,40})""",
    re.IGNORECASE,
)

# What browsers read a label as, where it is more than the label's own encoding (https://encoding.spec.whatwg.org).
LABELS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso88591": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "windows-31j": "cp932",
    # A page that can be read as far as its declaration is not in these, whatever it says.
    "utf-16": "utf-8",
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
    "x-user-defined": "cp1252",
}

# The letters of a language beyond ASCII, by the encodings that its texts are found in.
# The earlier wins a draw. Guessing from these is right from the first accented word on; general
# detectors need some sentences, and take a short French text for Czech or Arabic.
LATIN_ALPHABETS = {
    "cp1252": (
        "àâæçéèêëîïôœùûüÿ",  # French
        "äöüßé",  # German
        "áéíóúüñ",  # Spanish
        "àáâãçéêíóôõúü",  # Portuguese
        "àèéìíîòóùú",  # Italian
        "àçéèíïóòúü",  # Catalan
        "åäöæøéüó",  # the Scandinavian languages and Finnish
        "áäéèêëíïóöúüç",  # Dutch
        "áðéíóúýþæö",  # Icelandic
    ),
    "cp1250": (
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "ąćęłńóśźż",  # Polish
        "áéíóöőúüű",  # Hungarian
        "čćđšž",  # Croatian, Slovene
        "ăâîşţ",  # Romanian
    ),
    "iso8859_2": (
        "áčďéěíňóřšťúůýž",
        "ąćęłńóśźż",
    ),
    "cp1254": ("âçğıîöşüû",),  # Turkish
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž"),  # Lithuanian, Latvian
}
OTHER_ALPHABETS = {
    "cp1255": ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",),  # Hebrew; first, as the last letters of Russian are not in it
    "cp1251": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюяґєії",),  # Russian, Ukrainian, Bulgarian
    "koi8_r": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя",),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",),  # Greek
}
# Punctuation and signs beside the letters. They speak for no language, but others speak against one.
SIGNS = frozenset("\xa0«»‹›“”„‘’‚–—…•·¡¿§©®™°€£¥¢ªº¹²³½¼¾×±´`¨¸†‡‰­")
# Share of the letters that must fit. A foreign name or a stray sign may be among them.
ALPHABET_FIT = 0.85
# Letters of other scripts come in runs, which Latin's accented letters hardly ever do. (Counting all letters
# instead would be misled by a page's tags.) A run is this many bytes beyond ASCII ...
RUN = re.compile(rb"[\x80-\xff]{3,}")
# ... and a text is not Latin if this share of such bytes stands in runs.
RUN_SHARE = 0.4
# A capital of another script counts half: the two Russian encodings have each other's cases swapped,
# and Chinese bytes read as Russian are capitals and small letters at random.
CAPITAL_WEIGHT = 0.5
# Share of kana among the characters beyond ASCII that only Japanese reaches.
KANA_SHARE = 0.2

# What charset_normalizer is believed on: the scripts that no alphabet above covers.
GUESSED = frozenset({
    "gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950", "euc_kr", "cp949", "johab", "cp874", "tis_620",
    "iso8859_11", "cp1256", "iso8859_6", "cp1258", "iso8859_5", "koi8_u", "iso8859_7", "iso8859_8",
})  # fmt: skip


def decode(data: bytes, *, name: str = "input") -> str:
    """Return the text of `data`, without a byte order mark.

    Damaged bytes become U+FFFD; no byte sequence makes it fail but that of a file which is no text.

    Args:
        data: the content of a file or stream.
        name: what to call it in an error's notes.

    Raises:
        UnreadableInputError: it is a picture, an archive, a program or the like.

    """
    try:
        return _decode(data)
    except UnreadableInputError as error:
        error.add_note(name)
        raise


def _decode(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    _refuse_signatures(data)
    if wide := _utf16(data):
        return wide
    _refuse_controls(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        first_bad = error.start
    return _damaged_utf8(data) or _declared(data) or _guessed(data, first_bad)


def _refuse_signatures(data: bytes) -> None:
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            raise UnreadableInputError(f"looks like {kind}, not text")
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        raise UnreadableInputError("looks like a picture, sound or video, not text")
    if data[4:8] == b"ftyp" and data[:1] == b"\x00":
        raise UnreadableInputError("looks like a video, not text")
    if data[257:262] == b"ustar":
        raise UnreadableInputError("looks like a tar archive, not text")


def _refuse_controls(data: bytes) -> None:
    sample = data[:SAMPLE_BYTES]
    count = len(sample) - len(sample.translate(None, CONTROLS))
    if count >= BINARY_COUNT and count > BINARY_SHARE * len(sample):
        raise UnreadableInputError("looks like binary data, not text")


def _utf16(data: bytes) -> str | None:
    """Return the text if the bytes are UTF-16 without a mark."""
    sample = data[: SAMPLE_BYTES // 2 * 2]
    if b"\0" not in sample or len(sample) <= 2:  # a letter and a NUL are a letter and a NUL
        return None
    for encoding, blocks, rest in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if b"\0" in blocks and b"\0" not in rest and _are_blocks(blocks, sample, encoding):
            return data.decode(encoding, "replace")
    return None


def _are_blocks(blocks: bytes, sample: bytes, encoding: str) -> bool:
    if len(blocks) - len(blocks.translate(None, BLOCK_BYTES)) >= UTF16_PAIRS * len(blocks):
        return True
    # Chinese, Japanese and Korean have no such blocks; but a text in them with NULs is no sound UTF-8 either,
    # and read rightly it is letters and punctuation throughout.
    if not _fails(sample, "utf-8") or _fails(sample, encoding):
        return False
    return codecs.getincrementaldecoder(encoding)().decode(sample).replace("\n", "").replace("\r", "").isprintable()


def _fails(sample: bytes, encoding: str) -> bool:
    """Say whether a sample, which may end inside a character, is not in an encoding."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return True
    return False


def _damaged_utf8(data: bytes) -> str | None:
    """Return the text if the bytes are UTF-8 with some that were lost, overwritten or cut off."""
    text = data.decode("utf-8", "replace")
    damaged = text.count(REPLACEMENT) - data.count(REPLACEMENT.encode())
    sound = len(text) - damaged - _ascii_count(data)
    cut_at_the_end = damaged == 1 and text.endswith(REPLACEMENT) and data.rstrip(UTF8_SECONDS).endswith(UTF8_LEADS)
    return text if sound >= UTF8_SHARE * (sound + damaged) or cut_at_the_end else None


def _ascii_count(data: bytes) -> int:
    return len(data) - len(data.translate(None, bytes(range(128))))


def _declared(data: bytes) -> str | None:
    """Return the text in the encoding that the page declares, unless the bytes belie it."""
    match = DECLARATION.search(data[:DECLARATION_BYTES])
    if not match:
        return None
    label = (match[1] or match[2]).decode("ascii").lower()
    try:
        text = data.decode(LABELS.get(label, label), "replace")
    except (LookupError, UnicodeError):  # an unknown label, or Python's "idna" and its like
        return None
    beyond_ascii = sum(not char.isascii() for char in text)
    return text if text.count(REPLACEMENT) <= DECLARED_DAMAGE * beyond_ascii else None


def _guessed(data: bytes, first_bad: int) -> str:
    """Return the text in the likeliest encoding: by alphabet, then by statistics, then Windows-1252."""
    # Everything before the first bad byte is ASCII or UTF-8, so that a sample may begin on any line of it.
    start = data.rfind(b"\n", 0, first_bad) + 1
    if first_bad - start > GUESS_BYTES // 4:
        start = first_bad
    sample = data[start : start + GUESS_BYTES]
    encoding = _japanese(sample) or _by_alphabet(sample) or ("cp1252" if _is_latin(sample) else _by_statistics(sample))
    return data.decode(encoding, "replace")


def _japanese(sample: bytes) -> str | None:
    for encoding in ("euc_jp", "cp932"):
        if _fails(sample, encoding):
            continue
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
        beyond_ascii = [char for char in text if not char.isascii()]
        if sum("\u3041" <= char <= "\u30ff" for char in beyond_ascii) > KANA_SHARE * len(beyond_ascii):
            return encoding
    return None


def _by_alphabet(sample: bytes) -> str | None:
    latin = _is_latin(sample)
    best, best_fit = None, ALPHABET_FIT
    for encoding, alphabets in LATIN_ALPHABETS.items() if latin else OTHER_ALPHABETS.items():
        text = sample.decode(encoding, "replace")
        letters = Counter(char for char in text if not char.isascii() and char not in SIGNS)
        fit = max(_fit(letters, frozenset(alphabet), 1.0 if latin else CAPITAL_WEIGHT) for alphabet in alphabets)
        if fit > best_fit:
            best, best_fit = encoding, fit
    return best


def _is_latin(sample: bytes) -> bool:
    in_runs = sum(map(len, RUN.findall(sample)))
    return in_runs < RUN_SHARE * (len(sample) - _ascii_count(sample))


def _fit(letters: Counter[str], alphabet: frozenset[str], capital_weight: float) -> float:
    """Return the share of the letters that are of an alphabet; 1 if there are none."""
    total = sum(letters.values())
    if not total:
        return 1.0
    capitals = sum(count for char, count in letters.items() if char not in alphabet and char.lower() in alphabet)
    return (sum(letters[char] for char in alphabet) + capital_weight * capitals) / total


def _by_statistics(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import, and seldom needed  # noqa: PLC0415

    guesses = (guess.encoding for guess in from_bytes(sample))
    return next((encoding for encoding in guesses if encoding in GUESSED), "cp1252")
