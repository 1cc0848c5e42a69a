"""Asking a question: with a progress bar, and an ear for Ctrl-C."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from ._native import Job

Progress = Callable[[str, int, int, float | None], None]
"""Hears of progress: task, steps done, steps in all, seconds left (None where not known)."""

SHOW_AFTER = 0.3
"""Seconds after which a bar appears: what is quicker needs none."""


@dataclass(frozen=True)
class Reply:
    """An answer field by field, and the same in sentences and tables."""

    answer: Any
    findings: list[dict[str, Any]]


def ask(
    name: str,
    request: dict[str, Any],
    *,
    threads: int | None = None,
    progress: bool | Progress | None = None,
) -> Reply:
    """Asks a question of the library and waits for its answer.

    Ctrl-C stops it within a second; what is finished is kept where the question keeps anything.
    """
    job = Job(name, json.dumps({key: value for key, value in request.items() if value is not None}), threads)
    try:
        if not job.wait(SHOW_AFTER):
            with shown(progress) as show:
                while not job.wait(0.1):
                    if (now := job.progress()) is not None:
                        show(*now)
        reply = json.loads(job.result())
    except KeyboardInterrupt:
        job.cancel()
        job.result()  # raises, and says what is kept
        raise
    except BaseException:
        job.cancel()
        while not job.wait(1.0):
            pass
        raise
    return Reply(reply["answer"], reply["findings"])


@contextmanager
def shown(progress: bool | Progress | None) -> Iterator[Progress]:
    """What hears of progress: the caller's function, a bar, or nobody."""
    if callable(progress):
        yield progress
        return
    if progress is False or (progress is None and not (_in_notebook() or sys.stderr.isatty())):
        yield lambda *_: None
        return
    bars: list[Any] = []

    def show(task: str, done: int, total: int, _left: float | None) -> None:
        if not bars or bars[-1].desc != f"{task}: ":
            _close(bars)
            bars.append(_bar()(desc=task, total=total, leave=False))
        bars[-1].total = total
        bars[-1].update(done - bars[-1].n)

    try:
        yield show
    finally:
        _close(bars)


def _bar() -> Any:
    """tqdm's bar: drawn by the notebook where it can, else as text."""
    if _in_notebook() and find_spec("ipywidgets") is not None:
        from tqdm.notebook import tqdm as drawn

        return drawn
    from tqdm import tqdm

    return tqdm


def _close(bars: list[Any]) -> None:
    while bars:
        bars.pop().close()


def _in_notebook() -> bool:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and "IPKernelApp" in shell.config
