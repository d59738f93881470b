"""The public face: raw text or bytes in, an Article out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import cache, partial
from typing import Literal

from cleannews.document import REMOVED_BY_DEFAULT, Article, Label, Level, Metadata, UnknownLabelError
from cleannews.extract import Extractor, decode, extract_page, is_html
from cleannews.rules import load_rules
from cleannews.strip import Judge, load_scorer, spliced, strip


class Cleaner:
    """Cleans articles under one set of options. Compiled once, reusable, and safe to share between threads."""

    def __init__(
        self,
        *,
        keep: Iterable[str | Label] = (),
        remove: Iterable[str | Label] = (),
        rules: Iterable[str | os.PathLike[str]] = (),
        extractor: str | Extractor = Extractor.AUTO,
        level: str | Level = Level.STANDARD,
    ) -> None:
        """Load the rules and the model.

        Args:
            keep: labels that stay although they are removed by default.
            remove: labels that go although they are kept by default; `keep` wins.
            rules: paths of rule packs to use besides the built-in ones.
            extractor: how a page's text is found: `auto`, `rules`, `trafilatura` or `soup`. Plain text needs none.
            level: how much of an article may be risked for boilerplate found: `careful`, `standard` or `thorough`.

        Raises:
            UnknownLabelError: `keep` or `remove` names a label that does not exist.
            RulePackError: a rule pack cannot be used.
            OSError: a rule pack cannot be read.
            ValueError: there is no such extractor or level.
        """
        keep, remove, rules = tuple(keep), tuple(remove), tuple(rules)
        self._made_by = partial(
            type(self), keep=keep, remove=remove, rules=rules, extractor=str(extractor), level=str(level)
        )
        self._removed = (REMOVED_BY_DEFAULT | _labels(remove)) - _labels(keep)
        self._extractor = Extractor(extractor)
        self._rules = load_rules(rules)
        self._judge = Judge(load_scorer(), self._removed, Level(level))

    def clean(self, raw: str | bytes) -> Article:
        """Return the clean article of `raw`, a text or a page, decoded if it is bytes.

        Raises:
            UnreadableInputError: the bytes are not text.
            NoArticleError: it is a page without an article.
        """
        text = decode(raw) if isinstance(raw, bytes) else raw
        metadata, page = Metadata(), None
        if is_html(text):
            page = extract_page(text, self._extractor)
            text, metadata = page.text, page.metadata
        stripped = strip(text, self._rules, self._removed, self._judge)
        removals = stripped.removals
        if page is not None:
            removals = tuple(
                replace(removal, element=page.element_of(removal)) for removal in removals if not page.spares(removal)
            )
        return Article(
            text=spliced(text, ((removal.start, removal.end) for removal in removals)),
            source=text,
            removals=removals,
            metadata=metadata if metadata != Metadata() else stripped.metadata,
            markup=page.markup() if page is not None else None,
        )

    def pipe(
        self,
        texts: Iterable[str | bytes],
        *,
        n_process: int = 1,
        batch_size: int = 64,
        on_error: Literal["fail", "keep", "skip"] = "fail",
        timeout: float = 0.0,
    ) -> Iterator[Article]:
        """Yield the clean article of each text, in order, reading only a little ahead.

        Args:
            texts: texts or pages, as for `clean`; any iterable, of any length.
            n_process: how many processes clean; 1 is this one alone, -1 is one for each core. They are started
                afresh, so it can be used inside other frameworks, and needs no guard in the main module.
            batch_size: how many texts a process gets at once.
            on_error: what becomes of a text that cannot be cleaned, or over which a process dies: `fail` raises,
                `keep` yields it as it is, `skip` leaves it out.
            timeout: seconds that a text, or each million characters of a longer one, may take in a process of its
                own; 0 is no limit.

        Raises:
            UnreadableInputError: the bytes are not text.
            NoArticleError: it is a page without an article.
            WorkerDiedError: a process died over it, twice.
            TimeLimitError: it took too long.
            WorkersUnusableError: no process can be started, whatever `on_error` says.
        """
        from cleannews import workers  # noqa: PLC0415

        if n_process == 1:
            done = workers.here(self.clean, texts)
        else:
            limits = workers.Limits(batch_items=batch_size, seconds=timeout)
            make = partial(_cleaning_of, self)
            processes = workers.available_cores() if n_process < 1 else n_process
            done = workers.ordered(make, texts, processes, work_of=_itself, limits=limits)
        for text, outcome in done:
            if not isinstance(outcome, workers.Failed):
                yield outcome
            elif on_error == "fail":
                raise outcome.error
            elif on_error == "keep":
                yield _unchanged(text)

    def __reduce__(self) -> tuple[partial[Cleaner], tuple[()]]:
        """Be made again from the same options where a pickle is read."""
        return self._made_by, ()


def _cleaning_of(cleaner: Cleaner) -> Callable[[str | bytes], Article]:
    return cleaner.clean


def _itself(text: str | bytes) -> str | bytes:
    return text


def _unchanged(raw: str | bytes) -> Article:
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return Article(text=text, source=text)


def clean(raw: str | bytes) -> Article:
    """Return the clean article of `raw`, a text or a page, under the default options.

    Raises:
        UnreadableInputError: the bytes are not text.
        NoArticleError: it is a page without an article.
    """
    return _default_cleaner().clean(raw)


@cache
def _default_cleaner() -> Cleaner:
    return Cleaner()


def _labels(names: Iterable[str | Label]) -> frozenset[Label]:
    return frozenset(_label(name) for name in names)


def _label(name: str | Label) -> Label:
    try:
        return Label(name)
    except ValueError:
        near = get_close_matches(name, list(Label), n=1)
        hint = f"; did you mean {near[0]}?" if near else "."
        raise UnknownLabelError(f"no label is called {name!r}{hint} The labels are {', '.join(Label)}.") from None
