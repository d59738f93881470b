"""The plain data that every room passes on: labels, removals, articles and what can go wrong.

Nothing here does any work, and nothing here imports anything else of ours.
Offsets are always in characters (Unicode code points), with the end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Label(StrEnum):
    """What a piece of text is when it is not the story's own journalism."""

    APPEAL = "appeal"
    """Asks the reader to fund or support the outlet, with all of the pitch around it."""
    PAYWALL = "paywall"
    """Subscription or registration copy: meters, trials, log-in prompts, subscriber-only notices."""
    NEWSLETTER = "newsletter"
    """Sign-up copy for newsletters and alerts, with the form's own consent, error and thank-you lines."""
    PROMO = "promo"
    """The outlet's or a partner's other products: apps, podcasts, programmes, events, shops, affiliate notices."""
    SOCIAL = "social"
    """Share, like, follow and comment prompts, comment counts, calls to contact the newsroom."""
    RELATED = "related"
    """Pointers to other stories: "Read more", teasers, most-read lists."""
    AD = "ad"
    """Advertisement labels and advertisements."""
    INTERFACE = "interface"
    """Furniture of the page, a player or a form: navigation, counters, consent and script notices."""
    LEGAL = "legal"
    """Copyright, licence and syndication notices, terms, standing disclaimers."""
    CREDIT = "credit"
    """Bylines, author notes, photo and agency credits. Kept by default."""
    CAPTION = "caption"
    """The caption of a picture or video. Kept by default."""
    META = "meta"
    """Repeated headline, dates, separators. Kept by default, but for the header that a scraper wrote itself."""


KEPT_BY_DEFAULT = frozenset({Label.CREDIT, Label.CAPTION, Label.META})
REMOVED_BY_DEFAULT = frozenset(Label) - KEPT_BY_DEFAULT


class Level(StrEnum):
    """How much damage may be risked for boilerplate found: a budget of the words of articles on unseen publishers."""

    CAREFUL = "careful"
    """At most 2 words in 10,000."""
    STANDARD = "standard"
    """At most 1 word in 1,000."""
    THOROUGH = "thorough"
    """At most 5 words in 1,000."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One stretch of the source that is not in the clean text.

    Attributes:
        start: offset of its first character in the source.
        end: offset after its last character in the source.
        label: what it was taken for.
        rule: id of the rule that weighed most in taking it.
        score: how sure the decision was, from 0 to 1.
        text: `source[start:end]`, with the white space that went along.
        element: the element of the page that it was in, as a CSS selector such as `aside.newsletter > p`; None where
            the input was no page, or that is not known.
    """

    start: int
    end: int
    label: Label
    rule: str
    score: float
    text: str
    element: str | None = None


class MarkupKind(StrEnum):
    """What a page can say of how its text is set, as far as Markdown can say it, too."""

    HEADING = "heading"
    """A heading; its value is the level, from 1 to 6."""
    LIST = "list"
    """A list, with all its items. Lists may stand in items."""
    NUMBERED_LIST = "numbered-list"
    ITEM = "item"
    """An item of the list around it, with all its paragraphs."""
    QUOTE = "quote"
    """A block quotation, with all its paragraphs."""
    PREFORMATTED = "preformatted"
    """Lines whose white space counts."""
    ROW = "row"
    """A row of a table, with ` | ` between the cells."""
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    LINK = "link"
    """A link; its value is the address, as the page has it."""


@dataclass(frozen=True, slots=True)
class Markup:
    """How a page sets a stretch of its text.

    Attributes:
        start: offset of its first character in the source.
        end: offset after its last character in the source.
        kind: what it is.
        value: what else there is to know of it, see `MarkupKind`.
    """

    start: int
    end: int
    kind: MarkupKind
    value: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of the article from the page or from the header that a scraper wrote; None where it is not.

    Attributes:
        title: its headline.
        author: its authors in one line.
        date: when it was published, as YYYY-MM-DD.
        url: its canonical address.
        site: the name of the publication.
        language: the language that the page declares, as `de` for `de-AT`.
        authors: its authors one by one.
        modified: when it was last changed, as YYYY-MM-DD.
        section: the section of the publication that it stands in.
        paywalled: whether the page says that it is for subscribers.
        truncated: whether the text looks cut off by a paywall.
    """

    title: str | None = None
    author: str | None = None
    date: str | None = None
    url: str | None = None
    site: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    modified: str | None = None
    section: str | None = None
    paywalled: bool | None = None
    truncated: bool | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A clean article and the record of what was taken out of it.

    Attributes:
        text: the clean text: `source` without the removals, nothing else changed.
        source: the text that the offsets point into: the input, or for a page the text extracted from it.
        removals: sorted, without overlaps, inside `source`.
        metadata: title, author, date and the like, where known.
        markup: how the page sets the source, for `cleannews.to_markdown`; None if the input was no page.
    """

    text: str
    source: str
    removals: tuple[Removal, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    markup: tuple[Markup, ...] | None = None


class CleannewsError(Exception):
    """Base of every error that a user's input can cause. Its message is one line, ready to be shown."""


class UnreadableInputError(CleannewsError):
    """The bytes are not text: a picture, an archive, a program."""


class NoArticleError(CleannewsError):
    """The page was read but holds no article: a frameset, a page that only scripts fill."""


class UnknownLabelError(CleannewsError):
    """A label that the taxonomy does not have."""


class RulePackError(CleannewsError):
    """A rule pack that cannot be used; names the file, the rule and the reason."""
