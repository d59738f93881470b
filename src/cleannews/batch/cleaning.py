"""From records to results, in this process or in several, always in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Literal, Protocol

from cleannews.batch.reading import ReadEvent
from cleannews.batch.records import Event, Failure, FirstFailureError, Record, Result
from cleannews.batch.wording import internal, reason_of
from cleannews.document import Article, CleannewsError

OnError = Literal["keep", "skip", "fail"]
"""What becomes of a record that cannot be cleaned: it stays as it is, goes, or ends the run."""

Render = Callable[[Article], str]
"""Writes the clean text of an article in another form."""

SMALL_RUN = 500_000
"""Characters or bytes that are cleaned faster than processes are started."""

SMALL_COUNT = 5_000
"""Records, however short, that are no small run."""

DEFAULT_SECONDS = 60.0
"""Time limit for a document, and for each million characters of a longer one: some fifty times what it takes."""

_REPLACEMENT = "\ufffd"
"""What an undecodable byte becomes."""


class Cleans(Protocol):
    """What this module needs of a `Cleaner`. It must be fit for pickle where processes are used."""

    def clean(self, raw: str | bytes) -> Article:
        """Return the clean article of `raw`."""
        ...


@dataclass(frozen=True, slots=True)
class Effort:
    """How the work is done.

    Attributes:
        jobs: how many processes; None for all cores, unless there is so little to do that this one will be faster.
        seconds: time limit for a document, and for each million characters of a longer one; 0 is no limit. It needs
            processes: None is `DEFAULT_SECONDS` where there are some, and asks for none where there is little to do.
        on_error: what becomes of a record that cannot be cleaned; None keeps records and leaves out files.
        render: how a clean text is written, where that is not as it is. It must be fit for pickle.

    """

    jobs: int | None = None
    seconds: float | None = None
    on_error: OnError | None = None
    render: Render | None = None


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """What comes back from a process; without the source where the other side has it."""

    article: Article
    is_page: bool
    is_damaged: bool
    rendered: str | None


def clean(events: Iterable[ReadEvent], cleaner: Cleans, effort: Effort) -> Iterator[Event]:
    """Yield what came of each record, and everything else as it is.

    Raises:
        FirstFailureError: a record could not be cleaned, and `on_error` is `fail`.
        WorkersUnusableError: no process can be started.
    """
    for item, value in _values(events, cleaner, effort):
        if not isinstance(item, Record):
            yield item
            if isinstance(item, Failure) and effort.on_error == "fail":
                raise FirstFailureError("stopped at the first failure")
        elif item.trouble is not None:
            yield from _unclean(item, Failure(item.name, item.trouble, input=item.input), effort)
        elif value is None:
            yield Result(item, None)
        elif isinstance(value, _Cleaned):
            yield _result(item, value)
        else:
            yield from _unclean(item, _failure(item, value), effort)


def _result(record: Record, cleaned: _Cleaned) -> Result:
    article = cleaned.article
    if not article.source and isinstance(record.raw, str) and record.raw:
        article = replace(article, source=record.raw)
    return Result(record, article, cleaned.is_page, cleaned.is_damaged, cleaned.rendered)


def _unclean(record: Record, failure: Failure, effort: Effort) -> Iterator[Failure | Result]:
    yield failure
    if effort.on_error == "fail":
        raise FirstFailureError("stopped at the first failure")
    if (effort.on_error or ("keep" if record.input.format.is_data_set else "skip")) == "keep":
        yield Result(record, None)


def _failure(record: Record, error: Exception) -> Failure:
    if isinstance(error, CleannewsError):
        return Failure(record.name, str(error), input=record.input)
    if isinstance(error, OSError):
        return Failure(record.name, reason_of(error), input=record.input)
    return Failure(record.name, internal(error), error, record.input)


# Where it is done


def _values(
    events: Iterable[ReadEvent], cleaner: Cleans, effort: Effort
) -> Iterator[tuple[ReadEvent, _Cleaned | Exception | None]]:
    """Yield each event with what came of it: nothing, where there was nothing to clean."""
    if effort.jobs is None and not effort.seconds:
        first, rest = _beginning(iter(events))
        if rest is None:
            yield from _here(first, partial(_cleaned, cleaner, effort.render))
            return
        events = chain(first, rest)
    from cleannews import workers  # noqa: PLC0415

    limits = workers.Limits(seconds=DEFAULT_SECONDS if effort.seconds is None else effort.seconds)
    make = partial(_maker, cleaner, effort.render)
    processes = effort.jobs or workers.available_cores()
    for item, value in workers.ordered(make, events, processes, work_of=_work_of, weight_of=_weight_of, limits=limits):
        yield item, value.error if isinstance(value, workers.Failed) else value


def _beginning(events: Iterator[ReadEvent]) -> tuple[list[ReadEvent], Iterator[ReadEvent] | None]:
    """Return enough events to see that there is much to do, and the rest; None as the rest if there is not."""
    first: list[ReadEvent] = []
    size = documents = 0
    for event in events:
        first.append(event)
        work = _work_of(event)
        if work is not None:
            documents += 1
            size += max(len(work), _weight_of(event))
        if (size > SMALL_RUN and documents > 1) or len(first) > SMALL_COUNT:
            return first, events
    return first, None


def _here(
    events: Iterable[ReadEvent], cleaned: Callable[[str | bytes], _Cleaned]
) -> Iterator[tuple[ReadEvent, _Cleaned | Exception | None]]:
    for event in events:
        work = _work_of(event)
        try:
            value: _Cleaned | Exception | None = None if work is None else cleaned(work)
        except Exception as error:  # one document's trouble must not stop the others
            value = error
        yield event, value


def _work_of(event: ReadEvent) -> str | bytes | None:
    return event.raw if isinstance(event, Record) and event.trouble is None else None


def _weight_of(event: ReadEvent) -> int:
    return event.weight if isinstance(event, Record) else 0


def _maker(cleaner: Cleans, render: Render | None) -> Callable[[str | bytes], _Cleaned]:
    return partial(_cleaned_for_sending, cleaner, render)


def _cleaned_for_sending(cleaner: Cleans, render: Render | None, raw: str | bytes) -> _Cleaned:
    cleaned = _cleaned(cleaner, render, raw)
    # How the page set it is not asked for on the other side.
    article = replace(cleaned.article, markup=None)
    if article.source == raw:
        article = replace(article, source="")
    return replace(cleaned, article=article)


def _cleaned(cleaner: Cleans, render: Render | None, raw: str | bytes) -> _Cleaned:
    from cleannews.extract import decode, is_html  # noqa: PLC0415

    text = decode(raw) if isinstance(raw, bytes) else raw
    article = cleaner.clean(text)
    is_damaged = isinstance(raw, bytes) and _REPLACEMENT in text and _REPLACEMENT.encode() not in raw
    return _Cleaned(article, is_html(text), is_damaged, render(article) if render else None)
