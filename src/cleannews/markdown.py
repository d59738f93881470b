"""An article in Markdown: what the page set as a heading, a list, a quotation or a link stays one.

Reads an `Article`, changes nothing. The words are those of `article.text`; what Markdown would read in them
(a line that begins with `1.`, an asterisk, a bracket) is escaped, so that it shows as it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from urllib.parse import quote, urljoin, urlsplit

from cleannews.document import Article, Markup, MarkupKind, Removal

CELL_SEPARATOR = " | "
"""What is between the cells of a table's row in an article's text."""

# What CommonMark and GitHub read wherever it stands: an underscore inside a word is not among them, and neither is
# an angle bracket or an ampersand that begins no tag and no entity.
_SPECIAL = re.compile(r"[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,32};)|~(?=~)|(?<=~)~")
# A bar that is not between two cells.
_BAR = re.compile(r"(?<! )\||\|(?! )")
# One that is; of two with a space between them both are.
_SEPARATOR = re.compile(r"(?<= )\|(?= )")
# What is read at the beginning of a line only: a heading, a quotation, a list, a rule, the underline of a heading.
_LINE_START = re.compile(r"^(?=#{1,6}(?:\s|$)|>|[-+](?:\s|$)|-{2,}\s*$|=+\s*$)")
_NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")
# Number signs at the end of a heading belong to its mark.
_HEADING_END = re.compile(r"(?<!\S)(?=#+$)")
_BACKSLASH = r"\\"
_FENCE = re.compile(r"`{3,}")
_BACKTICKS = re.compile(r"`+")
# What would end an address, or break the line.
_NOT_IN_ADDRESS = re.compile(r"[\s()<>|\\\x00-\x1f\x7f]")
# Addresses that lead somewhere; others run scripts, or move within the page that is no longer there.
_SCHEMES = frozenset(("", "http", "https", "mailto", "tel"))
_MARKS = {MarkupKind.STRONG: "**", MarkupKind.EMPHASIS: "*"}
# From the outermost: a link may hold emphasis, and code holds nothing.
_INLINE = (MarkupKind.LINK, MarkupKind.STRONG, MarkupKind.EMPHASIS, MarkupKind.CODE)
_LISTS = (MarkupKind.LIST, MarkupKind.NUMBERED_LIST)


def to_markdown(article: Article, *, links: bool = False) -> str:
    """Return the clean article in Markdown, as CommonMark and GitHub read it.

    Headings, lists, quotations, tables, code and emphasis are kept as the page had them. If the input was no page,
    this is the clean text: it may be Markdown itself.

    Args:
        article: what `clean` returned.
        links: whether links are kept, or only their words. Relative addresses are completed from `metadata.url`.
    """
    if article.markup is None:
        return article.text
    markup = _in_text(article.markup, article.removals)
    if not links:
        markup = [item for item in markup if item.kind is not MarkupKind.LINK]
    return _joined(_with_tables(_paragraphs(article.text, markup, article.metadata.url or "")))


# Where everything is in the clean text


def _in_text(markup: Iterable[Markup], removals: Sequence[Removal]) -> list[Markup]:
    """Return what the removals leave of the markup, in offsets of the clean text."""
    moved = _offsets(removals)
    left = (replace(item, start=moved(item.start), end=moved(item.end)) for item in markup)
    return [item for item in left if item.start < item.end]


def _offsets(removals: Sequence[Removal]) -> Callable[[int], int]:
    """Return what turns an offset in the source into one in the clean text."""
    ends = [removal.end for removal in removals]
    gone = [0, *accumulate(removal.end - removal.start for removal in removals)]

    def moved(offset: int) -> int:
        before = bisect_left(ends, offset)
        inside = max(0, offset - removals[before].start) if before < len(removals) else 0
        return offset - gone[before] - inside

    return moved


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph of the clean text, written down.

    Attributes:
        lines: what it reads, without the signs of the list and the quotation around it.
        kind: heading, preformatted or row; None for an ordinary one.
        items: the lists and items that it is in, from the outermost.
        quote: the quotation that it is in.
    """

    lines: list[str]
    kind: MarkupKind | None = None
    items: tuple[tuple[Markup, Markup], ...] = ()
    quote: Markup | None = None


def _paragraphs(text: str, markup: Sequence[Markup], base: str) -> Iterator[_Paragraph]:
    kept = [(item.start, item.end) for item in markup if item.kind is MarkupKind.PREFORMATTED]
    ordered = sorted(markup, key=lambda item: (item.start, -item.end))
    waiting, around = 0, list[Markup]()
    for start, end in _spans(text, kept):
        around = [item for item in around if item.end > start]
        while waiting < len(ordered) and ordered[waiting].start < end:
            around.append(ordered[waiting])
            waiting += 1
        yield _paragraph(text, start, end, [item for item in around if item.start < end and item.end > start], base)


def _spans(text: str, kept: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where each paragraph is: a line with something in it, or lines that stay together."""
    position = 0
    for kept_start, kept_end in [*kept, (len(text), len(text))]:
        while position < kept_start:
            line_end = text.find("\n", position)
            end = kept_start if line_end < 0 else min(line_end, kept_start)
            line = text[position:end]
            if line.strip():
                yield position + len(line) - len(line.lstrip()), position + len(line.rstrip())
            position = end + 1
        if text[kept_start:kept_end].strip():
            yield kept_start, kept_end
        position = max(position, kept_end)


def _paragraph(text: str, start: int, end: int, markup: Sequence[Markup], base: str) -> _Paragraph:
    around = [item for item in markup if item.start <= start and item.kind not in _INLINE]
    blocks = {item.kind: item for item in around}
    lists = (item for item in around if item.kind in _LISTS)
    items = tuple(zip(lists, (item for item in around if item.kind is MarkupKind.ITEM), strict=False))
    quote = blocks.get(MarkupKind.QUOTE)
    if MarkupKind.PREFORMATTED in blocks:
        return _Paragraph(_fenced(text[start:end].strip("\n")), MarkupKind.PREFORMATTED, items, quote)
    inline = [item for item in markup if item.kind in _INLINE]
    if heading := blocks.get(MarkupKind.HEADING):
        # It is bold already.
        inline = [item for item in inline if item.kind is not MarkupKind.STRONG]
        line = _HEADING_END.sub(_BACKSLASH, _Line(text, start, end, inline, base).written())
        return _Paragraph([f"{'#' * int(heading.value)} {line}"], MarkupKind.HEADING, items, quote)
    if MarkupKind.ROW in blocks:
        # Nothing is set across cells.
        inline = [item for item in inline if "|" not in text[item.start : item.end]]
        line = _Line(text, start, end, inline, base, is_row=True).written()
        return _Paragraph([line], MarkupKind.ROW, items, quote)
    return _Paragraph([_with_line_start(_Line(text, start, end, inline, base).written())], None, items, quote)


def _fenced(code: str) -> list[str]:
    longest = max((len(found) for found in _FENCE.findall(code)), default=2)
    fence = "`" * (longest + 1)
    return [fence, *code.split("\n"), fence]


def _with_line_start(line: str) -> str:
    """Return a line with a backslash before what has a meaning at the beginning of a line."""
    return _LINE_START.sub(_BACKSLASH, _NUMBERED.sub(r"\1\\", line))


# Within a line


@dataclass(frozen=True, slots=True)
class _Piece:
    """Neighbouring characters of a line that are set in the same way: the markup of each kind, if any."""

    start: int
    end: int
    set_as: tuple[Markup | None, ...]


class _Line:
    """Writes one paragraph with its emphasis, code and links."""

    def __init__(  # noqa: PLR0913
        self, text: str, start: int, end: int, markup: Sequence[Markup], base: str, *, is_row: bool = False
    ) -> None:
        self._text = text
        self._start, self._end = start, end
        self._base = base
        self._escaped = {match.start() for match in _SPECIAL.finditer(text, start, end)}
        if is_row:
            self._escaped.update(match.start() for match in _BAR.finditer(text, start, end))
        self._pieces = list(self._split(markup))

    def _split(self, markup: Sequence[Markup]) -> Iterator[_Piece]:
        inside = [(max(item.start, self._start), min(item.end, self._end), item) for item in markup]
        edges = sorted({self._start, self._end, *(edge for start, end, _ in inside for edge in (start, end))})
        for start, end in pairwise(edges):
            over = {item.kind: item for first, last, item in inside if first <= start and end <= last}
            yield _Piece(start, end, tuple(over.get(kind) for kind in _INLINE))

    def written(self) -> str:
        """Return the line in Markdown."""
        return self._write(self._pieces, 0)

    def _write(self, pieces: Sequence[_Piece], depth: int) -> str:
        """Return neighbouring pieces, set as the kinds from `depth` on say."""
        if depth == len(_INLINE):
            return self._plain(pieces)
        written = ""
        for markup, group in groupby(pieces, key=lambda piece: piece.set_as[depth]):
            inner = list(group)
            if markup is None:
                written += self._write(inner, depth + 1)
                continue
            marked = self._marked(inner, markup, depth)
            # Two marks side by side would be read as one of another kind.
            clash = written.endswith(("*", "`")) and marked.startswith(written[-1])
            if marked.startswith("[") and written.endswith("!"):
                written = f"{written[:-1]}\\!"  # or it would be a picture
            written += self._plain(inner) if clash else marked
        return written

    def _plain(self, pieces: Sequence[_Piece]) -> str:
        start, end = pieces[0].start, pieces[-1].end
        characters = enumerate(self._text[start:end], start)
        return "".join(f"\\{char}" if at in self._escaped else char for at, char in characters)

    def _marked(self, pieces: Sequence[_Piece], markup: Markup, depth: int) -> str:
        """Return pieces between marks, which must touch the words: the white space goes outside."""
        words = self._trimmed(pieces)
        if not words:
            return self._plain(pieces)
        start, end = words[0].start, words[-1].end
        before, after = self._text[pieces[0].start : start], self._text[end : pieces[-1].end]
        if markup.kind is MarkupKind.CODE:
            inner = _code(self._text[start:end])
        elif markup.kind is MarkupKind.LINK:
            address = _address(markup.value, self._base)
            inner = self._write(words, depth + 1)
            inner = f"[{inner}]({address})" if address else inner
        elif self._can_be_marked(start, end):
            mark = _MARKS[markup.kind]
            inner = f"{mark}{self._write(words, depth + 1)}{mark}"
        else:
            inner = self._plain(words)
        return f"{before}{inner}{after}"

    def _trimmed(self, pieces: Sequence[_Piece]) -> list[_Piece]:
        """Return the pieces without the white space at both ends."""
        text = self._text[pieces[0].start : pieces[-1].end]
        start = pieces[0].start + len(text) - len(text.lstrip())
        end = pieces[0].start + len(text.rstrip())
        inside = [piece for piece in pieces if piece.start < end and piece.end > start]
        return [replace(piece, start=max(piece.start, start), end=min(piece.end, end)) for piece in inside]

    def _can_be_marked(self, start: int, end: int) -> bool:
        """Say whether asterisks around these words are read as marks: not between a letter and a sign inside."""
        before = self._text[start - 1] if start > self._start else " "
        after = self._text[end] if end < self._end else " "
        return (self._text[start].isalnum() or not before.isalnum()) and (
            self._text[end - 1].isalnum() or not after.isalnum()
        )


def _code(code: str) -> str:
    longest = max((len(found) for found in _BACKTICKS.findall(code)), default=0)
    fence = "`" * (longest + 1)
    space = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{fence}{space}{code}{space}{fence}"


def _address(address: str, base: str) -> str:
    """Return where a link leads, complete if the page's own address is known; empty if it leads nowhere."""
    address = address.strip()
    if address.startswith("#"):
        return ""
    try:
        whole = urljoin(base, address)
        scheme = urlsplit(whole).scheme
    except ValueError:
        return ""
    if scheme not in _SCHEMES:
        return ""
    return _NOT_IN_ADDRESS.sub(lambda match: quote(match[0], safe=""), whole)


# From paragraphs to a document


def _with_tables(paragraphs: Iterable[_Paragraph]) -> Iterator[_Paragraph]:
    """Yield the paragraphs, with the rows of a table made one: the first is its head, for Markdown wants one."""
    for (kind, _, _), group in groupby(
        paragraphs, key=lambda paragraph: (paragraph.kind, paragraph.items, paragraph.quote)
    ):
        if kind is not MarkupKind.ROW:
            yield from group
            continue
        rows = list(group)
        lines = [line for row in rows for line in row.lines]
        separators = [len(_SEPARATOR.findall(line)) for line in lines]
        columns = max(separators) + 1
        # Readers leave out the cells of a row that is longer than the head.
        lines[0] += CELL_SEPARATOR * (columns - 1 - separators[0])
        lines = [f"| {line} |" for line in lines]
        lines.insert(1, f"|{' --- |' * columns}")
        yield replace(rows[0], lines=lines)


def _joined(paragraphs: Iterable[_Paragraph]) -> str:
    lists = _Lists()
    written: list[str] = []
    last: _Paragraph | None = None
    for paragraph in paragraphs:
        first, others, is_tight = lists.signs(paragraph.items)
        if last and not (is_tight and last.quote == paragraph.quote):
            written.append(">" if last.quote and last.quote == paragraph.quote else "")
        quote_sign = "> " if paragraph.quote else ""
        signs = [first, *[others] * (len(paragraph.lines) - 1)]
        written += [f"{quote_sign}{sign}{line}".rstrip() for sign, line in zip(signs, paragraph.lines, strict=True)]
        last = paragraph
    return "\n".join(written)


@dataclass(slots=True)
class _List:
    """A list that is being written: its item, the item's number, and how far the item's text is indented."""

    markup: Markup
    item: Markup
    number: int
    indent: int


class _Lists:
    """The lists around the place that is being written, from the outermost."""

    def __init__(self) -> None:
        self._open: list[_List] = []

    def signs(self, items: Sequence[tuple[Markup, Markup]]) -> tuple[str, str, bool]:
        """Return what stands before a paragraph's first line and its others, and whether it follows without a gap.

        Args:
            items: the lists and items that the paragraph is in, from the outermost.
        """
        is_in_list = bool(self._open) and bool(items) and self._open[0].markup == items[0][0]
        same = 0
        for one, (markup, item) in zip(self._open, items, strict=False):
            if one.markup != markup or one.item != item:
                break
            same += 1
        ended = self._open[same:]
        indent = self._open[same - 1].indent if same else 0
        first = others = " " * indent
        del self._open[same:]
        for place, (markup, item) in enumerate(items[same:]):
            goes_on = place == 0 and ended and ended[0].markup == markup
            number = ended[0].number + 1 if goes_on else 1
            sign = f"{number}. " if markup.kind is MarkupKind.NUMBERED_LIST else "- "
            first += sign
            others += " " * len(sign)
            self._open.append(_List(markup, item, number, len(others)))
        return first, others, is_in_list and len(items) > same
