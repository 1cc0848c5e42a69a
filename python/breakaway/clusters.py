"""Runs on executors: shards of the fixed grid, merged to the run that one machine would have made.

An executor is anything with `submit(function, *arguments)` that returns a future: `concurrent.futures`, a Dask
client, `mpi4py.futures.MPIPoolExecutor`. A share travels as bytes, so the workers need no common disk.
"""

from __future__ import annotations

import hashlib
import io
import json
import queue
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ._ask import Progress, ask, shown

TRIES = 5
"""How often a share is submitted before its fault is raised."""

CLAIMS = "claims.json"
"""What became of each claim in a share, beside its parts."""

Claims = Callable[[dict[str, tuple[int, int]], int, int], None]
"""Hears of claims as shares arrive: by claim (held, counted), shares so far, shares in all."""


def shard(
    request: dict[str, Any], files: dict[str, bytes], number: int, of: int, threads: int | None, attempt: int
) -> tuple[bytes, list[dict[str, Any]]]:
    """Simulates share `number` of `of` in a worker; returns its folder as a zip archive, and its claims.

    `attempt` makes a call that is repeated another one: a Dask client answers the same call with the same future.
    """
    with tempfile.TemporaryDirectory(prefix="breakaway-share-") as room:
        for name, content in files.items():
            path = Path(room) / "input" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        read = dict(request["scenario"])
        read["folder"] = str(Path(room) / "input" / "scenario")
        read["overlays"] = [str(Path(room) / "input" / name) for name in request["overlay_names"]]
        if request["has_posterior"]:
            read["posterior"] = str(Path(room) / "input" / "posterior")
        folder = Path(room) / "share"
        asked = {
            "scenario": read,
            "recorded_as": request["recorded_as"],
            "design": request["design"],
            "folder": str(folder),
        }
        asked["shard"] = {"number": number, "of": of}
        done = ask("run", asked, threads=threads, progress=False)
        return _pack(folder), done.answer["claims"]


def run_on(
    executor: Any,
    request: dict[str, Any],
    *,
    shards: int | None = None,
    on_claims: Claims | None = None,
    threads: int | None = None,
    progress: bool | Progress | None = None,
) -> None:
    """Simulates the request of a run on an executor; lost shares are submitted again.

    The run is in the request's folder afterwards, with the bytes that one machine would have written. Shares that
    have arrived lie beside it, in `FOLDER-shares`, until then: the same call takes them up again.
    """
    of = shards if shards is not None else _grain(request)
    ask("parameters", {"scenario": request["scenario"]})  # faults of its files are told here, with their place
    portable, files = _portable(request)
    room = Path(f"{request['folder']}-shares") / _key(portable, files, of)
    arrived: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
    tries = dict.fromkeys(range(1, of + 1), 0)
    pending: dict[int, Any] = {}
    tally: dict[str, tuple[int, int]] = {}
    folders: list[str] = []
    begun = time.monotonic()

    def submit(number: int) -> None:
        tries[number] += 1
        future = executor.submit(shard, portable, files, number, of, threads, tries[number])
        pending[number] = future
        future.add_done_callback(lambda done: arrived.put((number, done)))

    def take(folder: Path) -> None:
        folders.append(str(folder))
        for claim in json.loads((folder / CLAIMS).read_text(encoding="utf-8")):
            held, counted = tally.get(claim["id"], (0, 0))
            tally[claim["id"]] = (held + claim["held"], counted + claim["counted"])
        if on_claims is not None:
            on_claims(dict(tally), len(folders), of)

    try:
        with shown(progress) as show:
            for number in tries:
                known = room / f"share-{number}"
                if known.is_dir():
                    take(known)
                else:
                    submit(number)
            while len(folders) < of:
                number, done = arrived.get()
                del pending[number]
                try:
                    content, claims = done.result()
                except (ValueError, KeyboardInterrupt):
                    raise  # a wrong request is wrong everywhere
                except Exception:  # the worker is gone: its share is lost, not the run
                    if tries[number] >= TRIES:
                        raise
                    submit(number)
                    continue
                take(_unpack(content, claims, room / f"share-{number}"))
                left = (time.monotonic() - begun) / len(folders) * (of - len(folders))
                show("shares", len(folders), of, left)
    except BaseException:
        for future in pending.values():
            future.cancel()
        raise
    ask("merge", {"folders": sorted(folders), "folder": request["folder"]}, progress=False)
    shutil.rmtree(room.parent)


def _grain(request: dict[str, Any]) -> int:
    """As many shares as keep about a thousand simulations each: a share costs its scenario and its transport."""
    design = request["design"]
    members: int = design.get("members") or design.get("draws", 200) * design.get("replicates", 10)
    return max(1, members // 1_000)


def _portable(request: dict[str, Any]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The request without paths, and the files that they name."""
    read = dict(request["scenario"])
    files = {}
    folder = Path(read.pop("folder"))
    for path in sorted(folder.iterdir()):
        if path.is_file():
            files[f"scenario/{path.name}"] = path.read_bytes()
    overlays = [Path(path) for path in read.pop("overlays", [])]
    names = [f"overlays/{number}/{path.name}" for number, path in enumerate(overlays)]
    files.update({name: path.read_bytes() for name, path in zip(names, overlays, strict=True)})
    posterior = read.pop("posterior", None)
    if posterior is not None:
        path = Path(posterior)
        files["posterior"] = (path / "posterior.json" if path.is_dir() else path).read_bytes()
    portable = {
        "scenario": read,
        "recorded_as": request["recorded_as"],
        "design": request["design"],
        "overlay_names": names,
        "has_posterior": posterior is not None,
    }
    json.dumps(portable)  # fails here, not in a worker
    return portable, files


def _pack(folder: Path) -> bytes:
    content = io.BytesIO()
    # Parts are compressed already.
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, str(path.relative_to(folder)))
    return content.getvalue()


def _unpack(content: bytes, claims: list[dict[str, Any]], folder: Path) -> Path:
    """Puts a share into its folder, which is there whole or not at all."""
    draft = folder.with_name(f"{folder.name}.draft")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(draft)
    (draft / CLAIMS).write_text(json.dumps(claims), encoding="utf-8")
    return draft.rename(folder)


def _key(portable: dict[str, Any], files: dict[str, bytes], of: int) -> str:
    digest = hashlib.sha256(json.dumps([portable, of], sort_keys=True).encode())
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()[:12]
