"""Runs and hindcasts on executors: shares of them, joined to what one machine would have made.

An executor is anything with `submit(function, *arguments)` that returns a future: `concurrent.futures`, a Dask
client, `mpi4py.futures.MPIPoolExecutor`. A share travels as bytes, so the workers need no common disk.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ._ask import Progress, ask, shown
from ._gather import files_of, gather, packed, put, unpack

CLAIMS = "claims.json"
"""What became of each claim in a share, beside its parts."""

Claims = Callable[[dict[str, tuple[int, int]], int, int], None]
"""Hears of claims as shares arrive: by claim (held, counted), shares so far, shares in all."""


def shard(
    request: dict[str, Any], files: dict[str, bytes], number: int, of: int, threads: int | None, _attempt: int
) -> tuple[bytes, list[dict[str, Any]]]:
    """Simulates share `number` of `of` in a worker; returns its folder as a zip archive, and its claims."""
    with tempfile.TemporaryDirectory(prefix="breakaway-share-") as room:
        put(files, Path(room) / "input")
        read = dict(request["scenario"])
        read["folder"] = str(Path(room) / "input" / "scenario")
        read["overlays"] = [str(Path(room) / "input" / name) for name in request["overlay_names"]]
        if request["has_posterior"]:
            read["posterior"] = str(Path(room) / "input" / "posterior")
        folder = Path(room) / f"share-{number}"
        asked = {
            "scenario": read,
            "recorded_as": request["recorded_as"],
            "design": request["design"],
            "rare": request["rare"],
            "folder": str(folder),
        }
        asked["shard"] = {"number": number, "of": of}
        done = ask("run", asked, threads=threads, progress=False)
        return packed(folder), done.answer["claims"]


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
    tally: dict[str, tuple[int, int]] = {}
    folders: list[str] = []
    begun = time.monotonic()

    def count(folder: Path) -> None:
        folders.append(str(folder))
        for claim in json.loads((folder / CLAIMS).read_text(encoding="utf-8")):
            held, counted = tally.get(claim["id"], (0, 0))
            tally[claim["id"]] = (held + claim["held"], counted + claim["counted"])
        if on_claims is not None:
            on_claims(dict(tally), len(folders), of)

    left: dict[int, tuple[Any, ...]] = {}
    for number in range(1, of + 1):
        known = room / f"share-{number}"
        if known.is_dir():
            count(known)
        else:
            left[number] = (portable, files, number, of, threads)
    with shown(progress) as show:

        def take(number: int, done: tuple[bytes, list[dict[str, Any]]]) -> None:
            count(_arrived(*done, room, f"share-{number}"))
            seconds = (time.monotonic() - begun) / len(folders) * (of - len(folders))
            show("shares", len(folders), of, seconds)

        gather(executor, shard, left, take)
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
    files = files_of(Path(read.pop("folder")), "scenario")
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
        "rare": request["rare"],
        "overlay_names": names,
        "has_posterior": posterior is not None,
    }
    json.dumps(portable)  # fails here, not in a worker
    return portable, files


def _arrived(content: bytes, claims: list[dict[str, Any]], room: Path, name: str) -> Path:
    """Puts a share into its folder, which is there whole or not at all."""
    draft = room / f"{name}.draft"
    unpack(content, draft)
    (draft / name / CLAIMS).write_text(json.dumps(claims), encoding="utf-8")
    share = (draft / name).rename(room / name)
    draft.rmdir()
    return share


def _key(portable: dict[str, Any], files: dict[str, bytes], of: int) -> str:
    digest = hashlib.sha256(json.dumps([portable, of], sort_keys=True).encode())
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()[:12]


def part(
    request: dict[str, Any],
    files: dict[str, bytes],
    wanted: dict[str, Any],
    threads: int | None,
    _attempt: int,
) -> bytes:
    """Makes a part of a hindcast in a worker; returns the file or folder that it is as a zip archive."""
    with tempfile.TemporaryDirectory(prefix="breakaway-part-") as room:
        put(files, Path(room))
        hindcast = dict(request)
        hindcast["cases"] = [str(Path(room) / case) for case in request["cases"]]
        hindcast["folder"] = str(Path(room) / "hindcast")
        ask("hindcast-part", {"hindcast": hindcast, "part": wanted["part"]}, threads=threads, progress=False)
        return packed(Path(room) / "hindcast" / wanted["makes"])


def hindcast_on(
    executor: Any,
    request: dict[str, Any],
    *,
    shares: int,
    threads: int | None = None,
    progress: bool | Progress | None = None,
) -> None:
    """Makes the parts of a hindcast on an executor, and brings them into the request's folder.

    First come the simulations of the prior in so many shares, then a calibration for each case left out. What has
    arrived stays: the same call takes it up. The hindcast itself has little to do afterwards.
    """
    folder = Path(request["folder"])
    with shown(progress) as show:
        while True:
            left = ask("hindcast-parts", {"hindcast": request, "shares": shares}, progress=False).answer
            parts: list[dict[str, Any]] = left["parts"]
            if not parts:
                return
            cases = {f"cases/{Path(case).name}": Path(case) for case in left["cases"]}
            portable = {**request, "cases": list(cases)}
            files: dict[str, bytes] = {}
            for name, case in cases.items():
                files.update(files_of(case, name))
            calls = {}
            for wanted in parts:
                needed = {f"hindcast/{name}": (folder / name).read_bytes() for name in wanted["needs"]}
                calls[wanted["makes"]] = (portable, files | needed, wanted, threads)
            arrived: list[str] = []

            def take(makes: str, content: bytes, arrived: list[str] = arrived, of: int = len(calls)) -> None:
                _bring(content, makes, folder)
                arrived.append(makes)
                show("parts", len(arrived), of, None)

            gather(executor, part, calls, take)


def _bring(content: bytes, name: str, folder: Path) -> None:
    """Puts a part of a hindcast into the hindcast's folder, in place of what was begun there."""
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}-", dir=folder.resolve().parent) as draft:
        unpack(content, Path(draft))
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        (Path(draft) / name).rename(folder / name)
