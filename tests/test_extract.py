"""Pages: what is one, what is read from it, and how the hopeless ones end."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cleannews.document import Metadata, NoArticleError
from cleannews.extract import Extractor, extract_page, is_html

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
PARAGRAPH = "<p>The council voted on Tuesday to repair the old bridge before the winter, the mayor said at noon.</p>"

# Far more than any case here needs, far less than what is not bounded takes.
SECONDS = 10.0


def read(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><p>Hi",
        "\n \ufeff<!-- made by hand -->\n<html lang=en><head>",
        "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'>",
        "<HTML>\n<BODY>Hi</BODY></HTML>",
        "<head><title>A</title>",
        "<frameset cols='1,2'><frame src=x></frameset>",
        "<!--" + "x" * 5000 + "--><html><head>",
        "<div><p>Hello there</p><p>More</p></div>",
        "<p>One paragraph</p>\n<p>Two, with <b>bold</b></p>",
        "<article><h1>Title</h1>and text",
    ],
)
def test_pages_and_fragments_are_html(text: str) -> None:
    assert is_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain text.",
        "a < b, and b > c",
        "<b>Berlin</b> was a walled city once.",
        "Put the text into a <div> and close it with </div>.",
        "<p> tags are used for paragraphs.",
        "<html> is the root element of every page.",
        "<jane@mail.example> wrote:",
        "<https://news.example> was down",
        "# Title\n\n<p align=center><img src=x></p>\n\nProse in Markdown with [a link](x), as such files have it.",
        "<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>",
        "<!-- a note --> and text",
    ],
)
def test_text_with_tags_in_it_is_not_html(text: str) -> None:
    assert not is_html(text)


@pytest.mark.parametrize("text", ["<", "<p ", "<!--", "<div>", " ", "<?xml", "<p>x<", "<p a='"])
def test_recognising_takes_no_time_on_a_huge_line(text: str) -> None:
    start = time.perf_counter()
    is_html(text * (10_000_000 // len(text)))
    assert time.perf_counter() - start < 1.0


def test_a_story_and_its_metadata() -> None:
    page = extract_page(read("story.html"))
    lines = page.text.split("\n")
    assert lines[0].startswith("Commuters face a long detour")
    assert lines[1].startswith("The harbour bridge will close")
    assert lines[-1].endswith("said the baker Tomas Ek.")
    assert "Sport" not in page.text
    assert "Imprint" not in page.text
    assert page.metadata == Metadata(
        title="Harbour bridge to close for eleven weeks",
        author="Marta Lindqvist",
        date="2024-03-18",
        url="https://gazette.example/news/harbour-bridge",
        site="The Quayside Gazette",
        language="en",
        authors=("Marta Lindqvist",),
    )


def test_the_headline_is_metadata_and_not_text() -> None:
    page = f"<html><head><title>A bridge closes | Paper</title></head><article><h1>A bridge closes</h1>{PARAGRAPH * 4}"
    read_page = extract_page(page)
    assert "A bridge closes" not in read_page.text
    assert read_page.metadata.title == "A bridge closes"


def test_a_standfirst_is_not_taken_twice() -> None:
    lead = "The council voted on Tuesday to repair the old bridge before the winter, the mayor said at noon."
    page = f'<html><head><meta property="og:description" content="{lead}"></head><article>{PARAGRAPH}<p>It rained.</p>'
    assert extract_page(page + "<p>Nobody came to see it, and the band went home.</p>").text.count(lead) == 1


@pytest.mark.parametrize("extractor", list(Extractor))
def test_every_extractor_reads_a_story(extractor: Extractor) -> None:
    page = extract_page(read("story.html"), extractor)
    assert "divers found that four of its bearings" in page.text
    assert page.metadata.date == "2024-03-18"


def test_rules_get_all_visible_text_by_block() -> None:
    lines = extract_page(read("story.html"), Extractor.RULES).text.split("\n")
    assert lines[:3] == ["Home", "Sport", "Weather"]
    assert lines[-2:] == ["Imprint", "Contact"]


def test_visible_text_has_no_scripts_and_keeps_words_apart() -> None:
    page = "<body><script>x()</script><p hidden>no</p><p>one<br>two</p><table><tr><td>a</td><td>b</td></tr></table>"
    assert extract_page(page, Extractor.RULES).text == "one\ntwo\na b"


def test_soup_takes_the_densest_container() -> None:
    text = extract_page(read("divs_only.html"), Extractor.SOUP).text
    assert text.startswith("Die Fähre über die Bucht")
    assert text.endswith("Fischmarkt bleibt geschlossen.")
    assert text.count("\n") == 2


def test_soup_prefers_what_says_it_is_the_article() -> None:
    page = f"<body><div>{PARAGRAPH}</div><div itemprop='articleBody'><p>{'The story itself. ' * 20}</p></div>"
    assert "council" not in extract_page(page, Extractor.SOUP).text


def test_auto_falls_back_where_trafilatura_finds_nothing() -> None:
    page = "<html><body>" + "<div>" * 400 + PARAGRAPH * 5 + "</div>" * 400
    with pytest.raises(NoArticleError):
        extract_page(page, Extractor.TRAFILATURA)
    assert extract_page(page).text.count("council") == 5


@pytest.mark.parametrize("text", ["<p>Only one paragraph here.</p>", "<div><p>Only one paragraph here.</p></div>"])
def test_a_small_fragment_is_read(text: str) -> None:
    assert extract_page(text).text == "Only one paragraph here."


def test_a_truncated_page_gives_what_is_there() -> None:
    page = read("story.html")
    text = extract_page(page[: page.index("said Ilse Brandt")]).text
    assert "divers found that four" in text
    assert "“We would rather close it for a season than for good,”" in text


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (read("frameset.html"), "frameset"),
        (read("scripts_only.html"), "scripts"),
        ("<!DOCTYPE html><html><body></body></html>", "no text"),
        ("<!DOCTYPE html>", "no text"),
        ("<html>", "no text"),
    ],
)
@pytest.mark.parametrize("extractor", [Extractor.AUTO, Extractor.SOUP])
def test_a_page_without_article_says_so(page: str, reason: str, extractor: Extractor) -> None:
    with pytest.raises(NoArticleError, match="no article found") as error:
        extract_page(page, extractor)
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


HOSTILE = {
    "nested": "<div>" * 100_000 + PARAGRAPH * 5 + "</div>" * 100_000,
    "never closed": PARAGRAPH * 5 + "<div>" * 100_000,
    "deep but few": "<div>" * 15_000 + PARAGRAPH * 5,
    "inline": PARAGRAPH * 5 + "<b>" * 50_000 + "x",
    "tables": PARAGRAPH * 5 + "<table><tr><td>" * 3000 + "x",
    "long": PARAGRAPH * 30_000,
    "one line": PARAGRAPH + "<p>" + "word " * 1_000_000,
    "attributes": PARAGRAPH * 5 + "<div " + " ".join(f"a{n}='1'" for n in range(50_000)) + ">x</div>",
    "comments": PARAGRAPH * 5 + "<!--" * 100_000,
    "angles": PARAGRAPH * 5 + "<" * 1_000_000,
    "nul": "\0" + PARAGRAPH.replace("council", "coun\0cil") * 5,
    "surrogate": PARAGRAPH * 5 + "\ud800",
    "declared": '<?xml version="1.0" encoding="utf-16"?>' + PARAGRAPH * 5,
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("extractor", [Extractor.AUTO, Extractor.SOUP, Extractor.RULES])
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_are_read_in_bounded_time(body: str, extractor: Extractor) -> None:
    page = body if body.startswith("<?xml") else f"<!DOCTYPE html><html><body>{body}"
    start = time.perf_counter()
    text = extract_page(page, extractor).text
    assert time.perf_counter() - start < SECONDS
    assert "council" in text


def test_entities_are_not_expanded_without_end() -> None:
    entities = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    page = f'<!DOCTYPE html [<!ENTITY a "ha">{entities}]><html><body><p>&i;</p>{PARAGRAPH * 5}'
    assert len(extract_page(page).text) < 1000
