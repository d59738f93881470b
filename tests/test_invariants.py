"""What must hold whatever the text: property tests over documents glued together from all that scrapes are made of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import cleannews
from casebook import read_cases
from cleannews import Cleaner, Label
from cleannews.document import REMOVED_BY_DEFAULT
from cleannews.rules import load_rules
from cleannews.strip import HEADER_RULE
from invariants import check_article, check_removals, check_text

CLEANER = Cleaner()
KEEPS_ALL = Cleaner(keep=list(Label))
REMOVES_ALL = Cleaner(remove=list(Label))

LABELS = sorted(REMOVED_BY_DEFAULT)
CASES = read_cases()
PARAGRAPHS = sorted({block for case in CASES for block in case.raw.split("\n\n") if block.strip()})
SENTENCES = sorted({piece for block in PARAGRAPHS for piece in block.split(". ") if piece.strip()})
EXAMPLES = sorted({text for rule in load_rules().rules for text in (*rule.examples, *rule.counter_examples)})
HEADERS = (" date 2025-03-20 ", "URL: https://news.example/a\nTitle: A tower\n", "Published: 2024-05-02T10:00:00Z\n")
BREAKS = (
    "\n\n",
    "\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\u2028",
    "\u2029",
    "\x0b",
    "\x0c",
    "\x85",
    " \n \n ",
    "\n\n\n\n",
    "\t\n",
)
GLUE = (
    "",
    " ",
    "  ",
    "\t",
    "\u00a0",
    "\u3000",
    "\u200b",
    " \u200b ",
    "\ufeff",
    "\u00ad",
    "\x00",
    "\x1f",
    "\u202e",
    " — ",
    "\u201d ",
)
ODD = (
    "\u202bשתפו בפייסבוק\u202c",
    "اشترك في نشرتنا الإخبارية",
    "👩‍👩‍👧‍👦 Share 🔁",
    "İstanbul'da ıslak İIıi ß ẞ ŉ ǰ",
    "a\u0301\u0302\u0303 e\u0301",
    "\x1b[31mAdvertisement\x1b[0m",
    "Advertisement" * 40,
    '"' * 30,
    "Read more: " * 20,
    "\ud800 Subscribe to our newsletter. \udfff",
    "\u200bAdvertisement\u200b",
)

pieces = st.one_of(
    st.sampled_from(PARAGRAPHS),
    st.sampled_from(SENTENCES),
    st.sampled_from(EXAMPLES),
    st.sampled_from(ODD),
    st.sampled_from(HEADERS),
    st.text(alphabet=st.characters(codec=None), max_size=40),
)
gaps = st.one_of(st.sampled_from(BREAKS), st.sampled_from(GLUE))
documents = st.lists(st.tuples(pieces, gaps).map("".join), max_size=14).map("".join)

STORY = "The council voted on Tuesday to repair the bridge before winter. Work begins in March, the mayor said."
OFFER = "Sign up for our free daily newsletter."


@given(documents)
@example("")
@example(" \n\t ")
@example(f"{STORY} {OFFER}\n\n{OFFER} {STORY}")
@example(f"{STORY} {OFFER} \n\n {OFFER}\n\n{OFFER}\n{STORY}")
@example(f"{STORY}\n\n\u200b{OFFER}\u200b\n\n{STORY}")
@example(f"{STORY}\r\n\r\n{OFFER}\r\n\r\n{STORY}\r\n")
@example(f"\ud800{STORY}\n\n{OFFER}\n\n{STORY}\udfff")
@example(f"{STORY}\n\n\x00{OFFER}\x00\n\n{STORY}")
def test_every_article_keeps_the_invariants(raw: str) -> None:
    check_article(CLEANER.clean(raw), CLEANER)


@given(documents)
def test_removing_every_label_keeps_the_invariants(raw: str) -> None:
    check_article(REMOVES_ALL.clean(raw), REMOVES_ALL)


@given(documents)
def test_keeping_every_label_takes_the_scrape_header_alone(raw: str) -> None:
    article = KEEPS_ALL.clean(raw)
    check_removals(article)
    check_text(article)
    assert {removal.rule for removal in article.removals} <= {HEADER_RULE}
    assert raw.endswith(article.text)


@pytest.mark.parametrize("kept", [LABELS[::2], LABELS[1::2]], ids=" ".join)
def test_labels_that_are_kept_never_go(kept: list[Label]) -> None:
    cleaner = Cleaner(keep=kept)

    @given(documents)
    def run(raw: str) -> None:
        article = cleaner.clean(raw)
        assert not {removal.label for removal in article.removals} & set(kept)
        check_article(article, cleaner)

    run()


@given(documents)
def test_bytes_and_text_give_the_same_article(raw: str) -> None:
    raw = "".join(character for character in raw if not "\ud800" <= character <= "\udfff")
    if raw.isprintable():
        assert CLEANER.clean(raw.encode()) == CLEANER.clean(raw)


@pytest.mark.parametrize("gap", [*BREAKS, *GLUE], ids=ascii)
def test_white_space_of_any_kind_closes_around_a_cut(gap: str) -> None:
    for raw in (
        f"{STORY}{gap}{OFFER}{gap}{STORY}",
        f"{OFFER}{gap}{STORY}",
        f"{STORY}{gap}{OFFER}",
        f"{STORY} {OFFER}{gap}{OFFER} {STORY}",
        f"{STORY}{gap}{OFFER}\n\n{STORY}",
        f"{STORY}\n\n{OFFER}{gap}{STORY}",
    ):
        check_article(CLEANER.clean(raw), CLEANER)


def test_threads_share_one_cleaner() -> None:
    cleaner = Cleaner()
    raws = [case.raw for case in CASES] * 2
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(cleaner.clean, raws))
    assert together == [CLEANER.clean(raw) for raw in raws]


def test_the_default_cleaner_is_what_clean_uses() -> None:
    for case in CASES:
        assert cleannews.clean(case.raw) == CLEANER.clean(case.raw)
