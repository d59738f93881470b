"""Worker processes: order, bounded reading, and what the death of a process costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from cleannews import Cleaner, NoArticleError, UnreadableInputError
from cleannews.workers import Failed, Limits, TimeLimitError, WorkerDiedError, WorkersUnusableError, ordered
from worker_functions import dead_on_arrival, dying_once, shouting, unusable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

STORY = "The river rose again on Tuesday night. Forty families left their homes, the mayor said.\n"
SHARE = "Share this article\n"
SMALL = Limits(batch_items=3)


def itself(item: str) -> str:
    return item


def run(
    make: Callable[[], Callable[[str], str]],
    items: Iterator[str] | list[str],
    processes: int = 2,
    limits: Limits = SMALL,
) -> list[str | Failed]:
    return [value for _, value in ordered(make, items, processes, work_of=itself, limits=limits)]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_values_come_in_order(processes: int) -> None:
    items = [f"{'slow' if number % 7 == 0 else 'item'} {number}" for number in range(30)]
    assert run(shouting, items, processes) == [item.upper() for item in items]


def test_nothing_in_nothing_out() -> None:
    assert run(shouting, []) == []


def test_an_exception_takes_the_place_of_its_item_alone() -> None:
    values = run(shouting, ["a", "raise", "b"])
    assert values[0::2] == ["A", "B"]
    failed = values[1]
    assert isinstance(failed, Failed)
    assert (type(failed.error), str(failed.error)) == (ValueError, "on purpose")


@pytest.mark.parametrize(("item", "cause"), [("die", "SIGKILL"), ("exit", "exit status 7")])
def test_a_death_costs_one_item(item: str, cause: str) -> None:
    items = [str(number) for number in range(20)]
    items[8] = item
    values = run(shouting, items)
    failed = values.pop(8)
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, WorkerDiedError)
    assert cause in str(failed.error)
    assert values == [value for value in items if value != item]


def test_several_deaths() -> None:
    items = ["die", "a", "exit", "b", "die", "die"]
    values = run(shouting, items)
    assert [isinstance(value, Failed) for value in values] == [True, False, True, False, True, True]


def test_a_process_that_somebody_kills_costs_nothing(tmp_path: Path) -> None:
    items = [str(number) for number in range(20)]
    items[5] = "die once"
    assert run(partial(dying_once, tmp_path / "marker"), items) == [item.upper() for item in items]


def test_the_time_limit_costs_one_item() -> None:
    began = time.monotonic()
    values = run(shouting, ["a", "hang", "b"], limits=Limits(batch_items=3, seconds=0.5))
    assert time.monotonic() - began < 60
    assert values[0::2] == ["A", "B"]
    assert isinstance(values[1], Failed)
    assert isinstance(values[1].error, TimeLimitError)


def test_long_items_get_more_time() -> None:
    limits = Limits(seconds=2.0, unit=100)
    assert [limits.seconds_for(size) for size in (0, 100, 250)] == [2.0, 2.0, 5.0]


def test_it_reads_only_a_little_ahead() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "item"

    values = ordered(shouting, endless(), 2, work_of=itself, limits=SMALL)
    for _ in range(10):
        next(values)
    assert taken < 100
    values.close()  # type: ignore[attr-defined]


def test_large_items_are_read_less_far_ahead() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "x" * 1_000

    values = ordered(shouting, endless(), 2, work_of=itself, limits=Limits(batch_items=1, batch_size=100))
    next(values)
    assert taken <= 6
    values.close()  # type: ignore[attr-defined]


def test_items_that_weigh_more_than_their_work_are_read_less_far_ahead() -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "x"

    limits = Limits(batch_items=8, batch_size=100)
    values = ordered(shouting, endless(), 2, work_of=itself, weight_of=lambda _: 1_000, limits=limits)
    next(values)
    assert taken <= 6
    values.close()  # type: ignore[attr-defined]


def test_what_has_no_work_keeps_its_place() -> None:
    work = {"a": "a", "nothing": None, "b": "b"}
    pairs = list(ordered(shouting, ["a", "nothing", "b"], 2, work_of=work.get, limits=SMALL))
    assert pairs == [("a", "A"), ("nothing", None), ("b", "B")]


@pytest.mark.parametrize(("make", "reason"), [(unusable, "no such model"), (dead_on_arrival, "exit status 3")])
def test_processes_that_cannot_begin(make: Callable[[], Callable[[str], str]], reason: str) -> None:
    with pytest.raises(WorkersUnusableError, match=reason):
        run(make, ["a"])


def test_no_process_is_left() -> None:
    values = ordered(shouting, ["slow"] * 20, 2, work_of=itself, limits=Limits(batch_items=1))
    next(values)
    values.close()  # type: ignore[attr-defined]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


# The same for articles


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner()


@pytest.mark.parametrize("n_process", [1, 2])
def test_pipe_is_clean_over_a_stream(cleaner: Cleaner, n_process: int) -> None:
    texts: list[str | bytes] = [f"{STORY}\n{SHARE}" if number % 3 else f"{number}. {STORY}" for number in range(40)]
    texts += [STORY.encode(), ""]
    piped = list(cleaner.pipe(iter(texts), n_process=n_process, batch_size=5))
    assert piped == [cleaner.clean(text) for text in texts]


def test_pipe_takes_the_options_along() -> None:
    keeping = Cleaner(keep={"social"})
    text = f"{STORY}\n{SHARE}"
    assert [article.text for article in keeping.pipe([text], n_process=2)] == [text]


@pytest.mark.parametrize("n_process", [1, 2])
def test_pipe_and_errors(cleaner: Cleaner, n_process: int) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(200)
    texts: list[str | bytes] = [STORY, picture, STORY]
    with pytest.raises(UnreadableInputError):
        list(cleaner.pipe(texts, n_process=n_process))
    assert len(list(cleaner.pipe(texts, n_process=n_process, on_error="skip"))) == 2
    kept = list(cleaner.pipe(texts, n_process=n_process, on_error="keep"))
    assert kept[1].text == kept[1].source == picture.decode("utf-8", "replace")
    assert issubclass(NoArticleError, Exception)


def test_pipe_needs_no_guard_in_the_main_module(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import cleannews\n"
        f"for article in cleannews.Cleaner().pipe([{STORY!r}] * 3, n_process=2):\n"
        "    print(article.text, end='')\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, timeout=120, check=True)
    assert done.stdout.decode() == STORY * 3
