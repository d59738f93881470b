"""Articles in Markdown: what a page sets stays set, and what only looks like Markdown shows as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import cleannews
from cleannews import Article, Label, Markup, MarkupKind, Metadata, Removal, to_markdown

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
SAID = "The mayor said that the bridge would be closed until the spring of next year, and that nobody had been asked."


def story(body: str, *, links: bool = False, head: str = "") -> str:
    """Return the Markdown of `body`, which stands in the middle of a story, without the story."""
    page = f"<!DOCTYPE html><html><head>{head}</head><body><article><p>{SAID} First.</p>{body}<p>{SAID} Last.</p>"
    text = to_markdown(cleannews.clean(page + f"<p>{SAID} It rained.</p></article>"), links=links)
    return text.partition("First.")[2].partition(SAID)[0].strip()


def article(text: str, *markup: Markup) -> Article:
    return Article(text, text, markup=markup)


def rendered(markdown: str) -> str:
    """Return what a reader sees of Markdown."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    leaves = [leaf for token in tokens for leaf in (token.children or [token]) if leaf.content]
    return "".join(leaf.content for leaf in leaves)


# What the page sets


def test_a_formatted_story() -> None:
    page = cleannews.clean((PAGES / "formatted.html").read_text(encoding="utf-8"))
    assert to_markdown(page) == (PAGES / "formatted.md").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize(
    ("body", "markdown"),
    [
        (f"<p>He was <b>very</b> sure. {SAID[:60]}</p>", f"He was **very** sure. {SAID[:60]}"),
        (f"<p>It was <em>the <b>last</b> bus</em>. {SAID[:60]}</p>", f"It was *the* ***last*** *bus*. {SAID[:60]}"),
        (f"<p>Run<b>ning </b>late. {SAID[:60]}</p>", f"Run**ning** late. {SAID[:60]}"),
        (f"<p><i></i>Nothing is set here. {SAID[:60]}</p>", f"Nothing is set here. {SAID[:60]}"),
        (f"<p>Type <code>a*b</code> and wait. {SAID[:60]}</p>", f"Type `a*b` and wait. {SAID[:60]}"),
        (f"<h2>What <b>he</b> said</h2><p>{SAID[:80]}</p>", f"## What he said\n\n{SAID[:80]}"),
        (f"<ol><li>{SAID[:60]}</li><li>{SAID[40:]}</li></ol>", f"1. {SAID[:60]}\n2. {SAID[40:]}"),
        (
            f"<ul><li>{SAID[:60]}<ul><li>{SAID[4:70]}</li></ul></li><li>{SAID[40:]}</li></ul>",
            f"- {SAID[:60]}\n  - {SAID[4:70]}\n- {SAID[40:]}",
        ),
        (
            f"<ul><li><p>{SAID[:60]}</p><p>{SAID[4:70]}</p></li><li><p>{SAID[40:]}</p></li></ul>",
            f"- {SAID[:60]}\n\n  {SAID[4:70]}\n- {SAID[40:]}",
        ),
        (
            f"<blockquote><p>{SAID[:60]}</p><p>{SAID[40:]}</p></blockquote>",
            f"> {SAID[:60]}\n>\n> {SAID[40:]}",
        ),
        (
            "<table><tr><th>Day</th><th>Rain</th></tr><tr><td>Monday</td><td>4 mm</td></tr></table>",
            "| Day | Rain |\n| --- | --- |\n| Monday | 4 mm |",
        ),
        (
            f"<pre>if rain:\n    stay('{SAID[:60]}')\n</pre>",
            f"```\nif rain:\n    stay('{SAID[:60]}')\n```",
        ),
    ],
)
def test_what_a_page_sets_stays_set(body: str, markdown: str) -> None:
    assert story(body) == markdown


LINK = f"<p>He read <a href='/tides?a=1 2'>the <b>whole</b> series</a> aloud. {SAID[:60]}</p>"
CANONICAL = "<link rel='canonical' href='https://news.example/2026/tides'>"


@pytest.mark.parametrize(
    ("links", "head", "markdown"),
    [
        (False, CANONICAL, "He read the **whole** series aloud."),
        (True, "", "He read [the **whole** series](/tides?a=1%202) aloud."),
        (True, CANONICAL, "He read [the **whole** series](https://news.example/tides?a=1%202) aloud."),
    ],
)
def test_links_are_kept_on_request(links: bool, head: str, markdown: str) -> None:
    assert story(LINK, links=links, head=head).startswith(markdown)


@pytest.mark.parametrize("address", ["javascript:go()", "#top", "data:text/html,x", "http://[", " JavaScript:go()"])
def test_links_that_lead_nowhere_are_words(address: str) -> None:
    text = "Go to the top."
    link = Markup(6, 13, MarkupKind.LINK, address)
    assert to_markdown(article(text, link), links=True) == text


def test_an_address_cannot_end_its_link() -> None:
    link = Markup(0, 2, MarkupKind.LINK, "https://a.example/b) <i>c\n[d](e")
    written = to_markdown(article("Go on.", link), links=True)
    assert written == "[Go](https://a.example/b%29%20%3Ci%3Ec%0A[d]%28e) on."
    assert rendered(written) == "Go on."


# What only looks like Markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("# 1 in the charts", r"\# 1 in the charts"),
        ("#MeToo began here", "#MeToo began here"),
        ("1. May was cold", r"1\. May was cold"),
        ("1.5 million came", "1.5 million came"),
        ("> 40 degrees", r"\> 40 degrees"),
        ("- he said", r"\- he said"),
        ("---", r"\---"),
        ("5 * 3 * 2", r"5 \* 3 \* 2"),
        ("[sic] and [the rest]", r"\[sic\] and \[the rest\]"),
        ("snake_case and _this_", r"snake_case and \_this\_"),
        ("a < b, but <b> is a tag", r"a < b, but \<b> is a tag"),
        ("R&D is not R&amp;D", r"R&D is not R\&amp;D"),
        ("a ~ b ~~ c", r"a ~ b \~\~ c"),
        (r"C:\temp `x`", r"C:\\temp \`x\`"),
    ],
)
def test_what_markdown_would_read_is_escaped(text: str, markdown: str) -> None:
    assert to_markdown(article(text)) == markdown
    assert rendered(markdown) == text


def test_signs_at_the_end_of_a_heading_stay() -> None:
    assert to_markdown(article("Learning C #", Markup(0, 12, MarkupKind.HEADING, "2"))) == r"## Learning C \#"


def test_a_bar_in_a_cell_ends_no_cell_and_a_short_head_hides_none() -> None:
    text = "a|b | c\nd | e | f"
    rows = Markup(0, 7, MarkupKind.ROW), Markup(8, 17, MarkupKind.ROW)
    assert to_markdown(article(text, *rows)) == "| a\\|b | c |  |\n| --- | --- | --- |\n| d | e | f |"


def test_code_with_backticks_gets_longer_ones() -> None:
    assert to_markdown(article("a `b` c", Markup(2, 5, MarkupKind.CODE))) == "a `` `b` `` c"
    assert to_markdown(article("```\nx", Markup(0, 5, MarkupKind.PREFORMATTED))) == "````\n```\nx\n````"


# What goes, and what is no page


def test_removals_are_left_out_and_the_rest_stays_set() -> None:
    source = "The very old pier\nShare this\nIt burned."
    removals = (
        Removal(3, 8, Label.INTERFACE, "test", 1.0, " very"),
        Removal(18, 29, Label.SOCIAL, "test", 1.0, "Share this\n"),
    )
    markup = (
        Markup(0, 17, MarkupKind.HEADING, "2"),
        Markup(4, 12, MarkupKind.EMPHASIS),
        Markup(18, 28, MarkupKind.ITEM),
        Markup(18, 28, MarkupKind.LIST),
    )
    text = "The old pier\nIt burned."
    assert to_markdown(Article(text, source, removals, Metadata(), markup)) == "## The *old* pier\n\nIt burned."


def test_a_text_stays_as_it_is() -> None:
    text = "# A note\n\nIt is *already* Markdown.\n"
    assert to_markdown(Article(text, text)) == text


def test_a_page_that_was_not_read_by_blocks_has_paragraphs() -> None:
    assert to_markdown(article("It rained.\n1. May was cold.")) == "It rained.\n\n1\\. May was cold."


# Whatever the text, whatever the markup

KINDS = st.sampled_from([kind for kind in MarkupKind if kind is not MarkupKind.PREFORMATTED])


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(st.text(st.sampled_from("ab1.)(*_`~#>-+=|[]<!/&;\\ \n"), max_size=40))
    markup = []
    for kind in draw(st.lists(KINDS, max_size=5)):
        start = draw(st.integers(0, len(text)))
        markup.append(Markup(start, draw(st.integers(start, len(text))), kind, "2"))
    return article(text, *markup)


def letters(text: str) -> str:
    return "".join(text.split()).replace("|", "")


@given(articles())
def test_a_reader_sees_the_words_of_the_text(it: Article) -> None:
    assert letters(rendered(to_markdown(it, links=True))) == letters(it.text)
