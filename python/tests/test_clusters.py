"""Runs on executors: the same bytes as one machine."""

import os
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import breakaway as bk
from conftest import ROOT
from test_run import digests


def test_shares_of_processes_make_the_run_of_one_machine(small: Path, run: bk.Run) -> None:
    heard: list[tuple[dict[str, tuple[int, int]], int, int]] = []
    with ProcessPoolExecutor(2) as executor:
        merged = bk.run(
            small, members=400, executor=executor, shards=4, threads=1, on_claims=lambda *now: heard.append(now)
        )
    assert digests(merged.folder) == digests(run.folder)
    assert merged.manifest["request"] == run.manifest["request"]
    assert [done for _, done, _ in heard] == [1, 2, 3, 4]
    rows = [row for row in run.claims.arrow().to_pylist() if row["method"] == "members"]
    assert len(rows) >= 3
    for row in rows:
        assert heard[-1][0][row["claim"]] == (row["held"], row["counted"])


class Losing:
    """An executor that loses the first try of every share."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def submit(self, function: Any, *arguments: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        what = arguments[2]
        if what not in self.seen:
            self.seen.append(what)
            future.set_exception(ConnectionError("the worker is gone"))
        else:
            future.set_result(function(*arguments))
        return future


def test_lost_shares_are_submitted_again(small: Path, run: bk.Run) -> None:
    assert digests(bk.run(small, members=400, executor=Losing(), shards=3).folder) == digests(run.folder)


def test_shares_that_have_arrived_are_taken_up_again(small: Path, run: bk.Run, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def after_two(_claims: object, done: int, _of: int) -> None:
        if done == 2:
            raise Enough

    place = tmp_path / "r"
    first, second = Losing(), Losing()
    with pytest.raises(Enough):
        bk.run(small, members=400, executor=first, shards=4, folder=place, on_claims=after_two)
    assert not place.exists()
    again = bk.run(small, members=400, executor=second, shards=4, folder=place)
    assert second.seen == [3, 4]
    assert digests(again.folder) == digests(run.folder)
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_overlays_and_posteriors_travel_with_the_shares(small: Path, tmp_path: Path) -> None:
    bk.calibrate(
        [ROOT / "cases" / "austria-hungary-1918"], tmp_path / "p", draws=60, replicates=2, particles=20, rounds=2
    )
    overlay = {"polity": {"A": {"strength": 0.5}}}
    for posterior in (tmp_path / "p", tmp_path / "p" / "posterior.json"):
        how = {"members": 400, "overlays": [overlay], "posterior": posterior}
        alone = bk.run(small, **how)
        assert digests(bk.run(small, executor=Losing(), shards=2, **how).folder) == digests(alone.folder)


def test_a_fault_of_the_scenario_is_told_before_anything_is_submitted(tmp_path: Path) -> None:
    losing = Losing()
    with pytest.raises(bk.ScenarioError):
        bk.run(tmp_path, executor=losing, shards=2)
    assert not losing.seen


def test_a_fault_of_the_request_is_raised_at_once(small: Path) -> None:
    with ProcessPoolExecutor(1) as executor, pytest.raises(bk.RequestError, match="multiple"):
        bk.run(small, members=401, executor=executor, shards=2)


def test_dask_with_a_killed_worker_gives_the_same_bytes(small: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    alone = bk.run(small, members=40_000, seed=3)
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        killed: list[int] = []

        def kill_one(_claims: object, done: int, _of: int) -> None:
            if done == 2 and not killed:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

        merged = bk.run(small, members=40_000, seed=3, executor=client, shards=12, threads=1, on_claims=kill_one)
    assert killed
    assert digests(merged.folder) == digests(alone.folder)


HISTORY: dict[str, Any] = {"draws": 120, "replicates": 2, "particles": 20, "rounds": 2}


def all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_hindcast_on_processes_is_that_of_one_machine(tmp_path: Path) -> None:
    cases = [ROOT / "cases" / "austria-hungary-1918", ROOT / "cases" / "afghanistan-2021"]
    alone = bk.hindcast(tmp_path / "alone", cases, **HISTORY)
    with ProcessPoolExecutor(2) as executor:
        heard: list[tuple[str, int, int]] = []
        shared = bk.hindcast(
            tmp_path / "shared",
            cases,
            executor=executor,
            shares=3,
            threads=1,
            progress=lambda *now: heard.append(now[:3]),
            **HISTORY,
        )
    assert heard[:3] == [("parts", 1, 3), ("parts", 2, 3), ("parts", 3, 3)] and heard[3:5] == [
        ("parts", 1, 2),
        ("parts", 2, 2),
    ]
    assert repr(shared) == repr(alone)
    assert all_files(tmp_path / "shared") == all_files(tmp_path / "alone")


def test_lost_parts_are_made_again_and_finished_ones_are_kept(tmp_path: Path) -> None:
    cases = [ROOT / "cases" / "austria-hungary-1918", ROOT / "cases" / "afghanistan-2021"]

    class Enough(Exception):
        pass

    class Stopping(Losing):
        def submit(self, function: Any, *arguments: Any) -> "Future[Any]":
            if "without" in arguments[2]["part"]:
                raise Enough
            return super().submit(function, *arguments)

    how: dict[str, Any] = {"shares": 2, **HISTORY}
    with pytest.raises(Enough):
        bk.hindcast(tmp_path / "shared", cases, executor=Stopping(), **how)
    second = Losing()
    bk.hindcast(tmp_path / "shared", cases, executor=second, **how)
    assert [list(what["part"]) for what in second.seen] == [["without"], ["without"]]
    bk.hindcast(tmp_path / "alone", cases, **HISTORY)
    assert all_files(tmp_path / "shared") == all_files(tmp_path / "alone")
    third = Losing()
    bk.hindcast(tmp_path / "shared", cases, executor=third, **how)
    assert not third.seen
