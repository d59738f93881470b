"""What is read from pages of our own making: text, Markdown, metadata, and the forms in which pages are saved."""

from __future__ import annotations

import time
from email.message import EmailMessage
from pathlib import Path

import pytest

import cleannews
from cleannews.document import NoArticleError
from cleannews.extract import Extractor, decode, extract_page, is_html

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
# Far more than any case here needs, far less than what is not bounded takes.
SECONDS = 20.0


def read(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def test_a_formatted_story_reads_well() -> None:
    assert extract_page(read("formatted.html")).text == read("formatted.txt").strip()


def test_metadata_of_a_paywalled_story() -> None:
    page = extract_page(read("paywalled.html"))
    metadata = page.metadata
    assert metadata.title == "Hamnen stängs för tung trafik"
    assert metadata.authors == ("Maja Holm", "Olle Krans")
    assert metadata.author == "Maja Holm; Olle Krans"
    assert (metadata.date, metadata.modified) == ("2025-04-07", "2025-04-08")
    assert (metadata.site, metadata.section, metadata.language) == ("Kustbladet", "Näringsliv", "sv")
    assert metadata.paywalled is True
    assert metadata.truncated is True
    assert page.text.startswith("Från måndag får inga lastbilar")
    assert "prenumerant" not in cleannews.clean(read("paywalled.html")).text


@pytest.mark.parametrize(
    ("old", "new", "paywalled", "truncated"),
    [
        ('"False", "wordCount": 640', "true", False, False),
        ('"False", "wordCount": 640', '"True"', False, False),
        ('"isAccessibleForFree": "False", "wordCount": 640,', "", None, True),
        ('"False", "wordCount": 640', "false", True, True),
    ],
)
def test_what_a_page_says_of_its_paywall(old: str, new: str, paywalled: bool | None, truncated: bool | None) -> None:
    metadata = extract_page(read("paywalled.html").replace(old, new)).metadata
    assert (metadata.paywalled, metadata.truncated) == (paywalled, truncated)


def test_a_page_that_says_nothing_of_a_paywall_leaves_both_open() -> None:
    metadata = extract_page(read("story.html")).metadata
    assert (metadata.paywalled, metadata.truncated) == (None, None)


def test_the_story_in_the_data_is_taken_where_the_page_shows_its_beginning() -> None:
    first = "The council voted on Tuesday to repair the old bridge before the winter, the mayor said at noon."
    rest = " ".join(f"Witness {n} said that the bridge had moved and stood still by day." for n in range(20))
    page = (
        '<html><head><script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "'
        f"{first}\\n{rest}"
        f'"}}</script></head><body><article><p>{first}</p><p>It will cost two million, twice what was said.</p>'
    )
    assert extract_page(page.replace("<p>It", f"<p>{first}</p><p>It")).text.endswith("stood still by day.")


def test_comments_and_related_stories_are_not_the_article() -> None:
    text = extract_page(read("formatted.html")).text
    assert "lean on it" not in text
    assert "ferry" not in text


def mhtml(page: str, encoding: str) -> str:
    part = EmailMessage()
    part.set_content(page, subtype="html", cte=encoding)
    head = 'From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="edge"'
    return f"{head}\r\n\r\n--edge\r\n{part.as_string()}\r\n--edge--\r\n"


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_a_page_saved_as_mhtml(encoding: str) -> None:
    saved = mhtml(read("paywalled.html"), encoding)
    assert is_html(saved)
    assert extract_page(saved).text == extract_page(read("paywalled.html")).text


def test_a_mail_is_no_page() -> None:
    assert not is_html("From: a\nMIME-Version: 1.0\nContent-Type: text/plain\n\nHello")
    assert not is_html("Content-Type: multipart/related is what browsers write, and MIME-Version: 1.0 beside it.")


def test_an_xhtml_page() -> None:
    page = (
        read("formatted.html")
        .replace("<!DOCTYPE html>", '<?xml version="1.0" encoding="UTF-8"?>')
        .replace('<html lang="en">', '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">')
    )
    assert extract_page(page).text == extract_page(read("formatted.html")).text


def test_an_amp_page() -> None:
    page = (
        read("formatted.html")
        .replace('<html lang="en">', "<html ⚡ lang='en'>")
        .replace("<h2>Three", "<amp-img src='a.jpg'></amp-img><amp-ad type='x'></amp-ad><h2>Three")
    )
    assert extract_page(page).text == extract_page(read("formatted.html")).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-15"])
@pytest.mark.parametrize("declared", [True, False])
def test_a_page_in_any_encoding(encoding: str, declared: bool) -> None:
    page = read("paywalled.html").replace("– ", "")
    if declared:
        page = page.replace("<head>", f'<head><meta charset="{encoding}">')
    assert "hamnkaptenen Rut Alm, som räknar" in extract_page(decode(page.encode(encoding))).text


def test_a_fragment() -> None:
    body = read("formatted.html").split('<div class="article-body">')[1].split("</article>")[0]
    text = extract_page(f"<div>{body}").text
    assert text.split("\n")[1] == "Three high waters"


def test_nothing_is_lost_or_doubled_between_inline_tags() -> None:
    words = "<p>Re<b>port</b>ers <i>from</i> <a href=x>three</a><span> papers</span> saw it<br>and wrote it down."
    text = extract_page(read("formatted.html").replace("<h2>", f"{words}<h2>")).text
    assert "Reporters from three papers saw it\nand wrote it down." in text


SAID = "<p>The mayor said that the bridge would be closed until the spring of next year.</p>"
DATA = '<script type="application/ld+json">'
HOSTILE = {
    "20 MB of paragraphs": SAID * 240_000,
    "20 MB of script": "<script>" + "var a = '<p>no</p>';\n" * 950_000 + "</script>" + SAID * 9,
    "100,000 nested": f"<div>{SAID}" * 100_000,
    "badly nested": "<p>The mayor <b>said <i>that</b> the bridge</i> would be closed.<div></p></span>" * 2000,
    "data without end": DATA + '{"a":[' * 50_000 + "</script>" + SAID * 9,
    "markup in data": DATA + '{"@type":"Article","articleBody":"' + "<style" * 100_000 + '"}</script>' + SAID * 9,
    "a long class": f"<div class='{'comment ' * 100_000}'>{SAID}</div>" * 2,
    "rows without end": "<table>" + "<tr><td>The mayor</td><td>said it</td></tr>" * 4000 + "</table>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_end_in_bounded_time(body: str) -> None:
    start = time.perf_counter()
    text = extract_page(f"<!DOCTYPE html><html><body>{body}").text
    assert time.perf_counter() - start < SECONDS
    assert "The mayor" in text


@pytest.mark.parametrize(
    "content", ["null", "[1, null]", '{"@type": 5}', '{"@type": "Article", "author": [null, 3, {"name": 1}]}']
)
def test_data_of_the_wrong_kinds_do_no_harm(content: str) -> None:
    page = read("story.html").replace("<head>", f'<head><script type="application/ld+json">{content}</script>')
    assert extract_page(page).metadata.title == "Harbour bridge to close for eleven weeks"


def test_a_page_of_nothing_but_mail_headers_is_no_article() -> None:
    with pytest.raises(NoArticleError):
        extract_page("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", Extractor.AUTO)


DAY = "Porridge with dried plums, then barley soup with carrots, and herring with potatoes in the evening."


def test_a_refrain_stays() -> None:
    plan = "".join(f"<h3>{day}</h3><p>{DAY}</p>" for day in ("Monday", "Tuesday", "Wednesday"))
    text = extract_page(read("formatted.html").replace("<h2>", f"{plan}<h2>", 1)).text
    assert text.count(DAY) == 3


def test_what_is_pulled_out_of_the_story_is_said_once() -> None:
    pulled = f"<p>{DAY}</p><div class='pull'><p>{DAY}</p></div><p>The cook said no more.</p>"
    assert extract_page(read("formatted.html").replace("<h2>", f"{pulled}<h2>", 1)).text.count(DAY) == 1
    twice = f"<p>{DAY}</p><p>{DAY}</p><p>The cook said no more.</p>"
    assert extract_page(read("formatted.html").replace("<h2>", f"{twice}<h2>", 1)).text.count(DAY) == 1


def test_an_emptied_paragraph_is_no_line() -> None:
    text = extract_page(read("formatted.html").replace("<h2>", "<p>\u200d</p><h2>", 1)).text
    assert text == read("formatted.txt").strip()
