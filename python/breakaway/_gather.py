"""Calls on executors: what is lost is called again. Files as bytes, so that workers need no common disk."""

from __future__ import annotations

import io
import queue
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

TRIES = 5
"""How often a call is submitted before its fault is raised."""


def gather(
    executor: Any,
    function: Callable[..., Any],
    calls: Mapping[Any, tuple[Any, ...]],
    take: Callable[[Any, Any], None],
) -> None:
    """Submits `function(*arguments, attempt)` for the arguments of each call; `take(key, result)` hears of results
    in the order in which they arrive.

    `attempt` makes a call that is repeated another one: a Dask client answers the same call with the same future.
    What fails because its worker is lost is submitted again; a wrong request is raised at once.
    """
    arrived: queue.SimpleQueue[tuple[Any, Any]] = queue.SimpleQueue()
    tries = dict.fromkeys(calls, 0)
    pending: dict[Any, Any] = {}

    def submit(key: Any) -> None:
        tries[key] += 1
        future = executor.submit(function, *calls[key], tries[key])
        pending[key] = future
        future.add_done_callback(lambda done: arrived.put((key, done)))

    try:
        for key in calls:
            submit(key)
        while pending:
            key, done = arrived.get()
            del pending[key]
            try:
                result = done.result()
            except (ValueError, KeyboardInterrupt):
                raise  # a wrong request is wrong everywhere
            except Exception:  # the worker is gone: its call is lost, not the whole
                if tries[key] >= TRIES:
                    raise
                submit(key)
                continue
            take(key, result)
    except BaseException:
        for future in pending.values():
            future.cancel()
        raise


def files_of(folder: Path, under: str) -> dict[str, bytes]:
    """The files that lie in a folder itself, by their names below `under`."""
    return {f"{under}/{path.name}": path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def put(files: Mapping[str, bytes], room: Path) -> None:
    """Writes files into a room."""
    for name, content in files.items():
        path = room / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def packed(folder: Path) -> bytes:
    """A folder, or a file, as a zip archive. Its contents are compressed already where that pays."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, str(path.relative_to(folder.parent)))
    return content.getvalue()


def unpack(content: bytes, room: Path) -> None:
    """Puts the contents of an archive into a room."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(room)
