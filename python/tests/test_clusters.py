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
    known = {row["claim"]: (row["held"], row["counted"]) for row in run.claims.arrow().to_pylist()}
    assert heard[-1][0] == known


class Losing:
    """An executor that loses the first try of every share."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def submit(self, function: Any, *arguments: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        number = arguments[2]
        if number not in self.seen:
            self.seen.add(number)
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
    assert second.seen == {3, 4}
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
