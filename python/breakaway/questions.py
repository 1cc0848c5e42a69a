"""Questions of scenarios and of history."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from os import PathLike, fspath
from typing import Any

from ._ask import Progress, ask
from .run import Run
from .scenario import Parameters, Scenario, recorded_as, source
from .tables import Finding

Path = str | PathLike[str]


def design(
    members: int | None, draws: int | None, replicates: int | None, seed: int, kind: str | None = None
) -> dict[str, Any]:
    """The request's design: what is not given has the library's default."""
    given = {"members": members, "draws": draws, "replicates": replicates, "seed": seed, "kind": kind}
    return {key: value for key, value in given.items() if value is not None}


def run(
    scenario: Scenario,
    *,
    members: int | None = None,
    draws: int | None = None,
    replicates: int | None = None,
    seed: int = 1,
    kind: str = "latin-hypercube",
    overlays: Sequence[Path | Mapping[str, Any]] = (),
    parameters: Parameters | None = None,
    posterior: Path | None = None,
    rare: Sequence[str] = (),
    folder: Path | None = None,
    executor: Any = None,
    shards: int | None = None,
    on_claims: Any = None,
    threads: int | None = None,
    progress: bool | Progress | None = None,
) -> Run:
    """Simulates a scenario and gives each of its claims a probability.

    scenario: a folder, or a dict of files (see `breakaway.Scenario`).
    members: simulations in all (default 2,000: 200 parameter sets (`draws`) of 10 repeats (`replicates`)).
    overlays: files or dicts that change the scenario, in order.
    parameters: values or ranges by name, as in `{"combat.attrition": 0.002, "home.amnesty": "0.1..0.5"}`.
    rare: claims that are likely to be rare, or `["all"]`: simulations that come near them are split. By itself a run
        does so for conditions that fewer than 200 of its simulations meet; `["none"]` keeps it from that.
    folder: where the run is kept; an interrupted run is resumed there. Without it the run is temporary.
    executor: anything with `submit` (concurrent.futures, a Dask client, mpi4py.futures): the run is simulated there
        in `shards` and is the same, byte for byte, as that of one machine. `on_claims` hears of each share.

    Raises `ScenarioError`, `RequestError`, `OSError`. Ctrl-C stops it within a second.
    """
    temporary = tempfile.TemporaryDirectory(prefix="breakaway-run-") if folder is None else None
    place = fspath(folder) if folder is not None else f"{temporary.name}/run"  # type: ignore[union-attr]
    with source(scenario, overlays, parameters, posterior) as read:
        request = {
            "scenario": read,
            "recorded_as": recorded_as(scenario, overlays, read),
            "design": design(members, draws, replicates, seed, kind),
            "rare": list(rare),
            "folder": place,
        }
        if executor is not None:
            from .clusters import run_on

            run_on(executor, request, shards=shards, on_claims=on_claims, threads=threads, progress=progress)
        else:
            try:
                ask("run", request, threads=threads, progress=progress)
            except KeyboardInterrupt:
                if temporary is None:
                    raise
                raise KeyboardInterrupt("stopped. Nothing of it is kept: the run has no folder.") from None
    return Run(place, temporary)


def compare(
    before: Scenario,
    after: Scenario | None = None,
    *,
    overlays: Sequence[Path | Mapping[str, Any]] = (),
    parameters: Parameters | None = None,
    posterior: Path | None = None,
    members: int | None = None,
    draws: int | None = None,
    replicates: int | None = None,
    seed: int = 1,
    threads: int | None = None,
    progress: bool | Progress | None = None,
) -> Finding:
    """A scenario and itself changed (or another, `after`) on common random numbers: what the change changes."""
    with ExitStack() as stack:
        first = stack.enter_context(source(before))
        second = stack.enter_context(source(before if after is None else after, overlays, parameters, posterior))
        if after is None and isinstance(before, Mapping):
            second["folder"] = first["folder"]
        request = {"before": first, "after": second, "design": design(members, draws, replicates, seed)}
        return Finding(ask("compare", request, threads=threads, progress=progress).findings[0])


def sweep(
    scenario: Scenario,
    claim: str,
    over: Mapping[str, Any],
    *,
    steps: int | None = None,
    overlays: Sequence[Path | Mapping[str, Any]] = (),
    parameters: Parameters | None = None,
    members: int | None = None,
    draws: int | None = None,
    replicates: int | None = None,
    seed: int = 1,
    threads: int | None = None,
    progress: bool | Progress | None = None,
) -> Finding:
    """How a claim's probability depends on one or two parameters or dates of levers.

    over: by name the ends, as in `{"combat.attrition": (0.001, 0.004)}` or
        `{"lever.congress": ("2022-10-01", "2023-06-01")}`.
    """
    with source(scenario, overlays, parameters) as read:
        varied = [{"what": name, "from": str(low), "to": str(high)} for name, (low, high) in over.items()]
        request = {
            "scenario": read,
            "claim": claim,
            "over": varied,
            "steps": steps,
            "design": design(members, draws, replicates, seed),
        }
        return Finding(ask("sweep", request, threads=threads, progress=progress).findings[0])


def calibrate(
    cases: Sequence[Path],
    folder: Path,
    *,
    threads: int | None = None,
    progress: bool | Progress | None = None,
    **settings: Any,
) -> Finding:
    """Looks for parameters with which the model reproduces cases of history; the posterior is in `folder`, and
    `run(..., posterior=folder)` takes it. `settings` are those of the request's schema."""
    request = {"cases": [fspath(case) for case in cases], "folder": fspath(folder), "settings": settings}
    return Finding(ask("calibrate", request, threads=threads, progress=progress).findings[0])


def hindcast(
    folder: Path,
    cases: Sequence[Path] = (),
    *,
    executor: Any = None,
    shares: int = 8,
    threads: int | None = None,
    progress: bool | Progress | None = None,
    **settings: Any,
) -> Finding:
    """Forecasts each case of history from the others and scores it beside simple rules.

    folder: for the posteriors and for what is kept of an unfinished hindcast; the same call goes on there.
    cases: folders of cases (default: all in `cases` and `scenarios` that have an outcomes.csv).
    executor: anything with `submit`: the prior's simulations are made there in `shares`, then the calibrations, one
        for each case. The files are the same, byte for byte, as those of one machine.
    settings: those of the request's schema: `draws`, `replicates`, `particles`, `rounds`, `seed`.
    """
    request = {"cases": [fspath(case) for case in cases], "folder": fspath(folder), "settings": settings}
    if executor is not None:
        from .clusters import hindcast_on

        hindcast_on(executor, request, shares=shares, threads=threads, progress=progress)
    return Finding(ask("hindcast", request, threads=threads, progress=progress).findings[0])


def validate(*, quick: bool = False, threads: int | None = None) -> Finding:
    """Published results by the mechanisms' own code."""
    return Finding(ask("validate", {"quick": quick}, threads=threads).findings[0])


def check(scenario: Scenario, overlays: Sequence[Path | Mapping[str, Any]] = ()) -> list[str]:
    """Checks a scenario and says in a few lines what was read. Raises `ScenarioError` with every fault."""
    with source(scenario, overlays) as read:
        return list(ask("check", {"scenario": read}).answer["lines"])


def parameters(scenario: Scenario | None = None) -> Finding:
    """The parameters: value, prior, unit, meaning, source."""
    if scenario is None:
        return Finding(ask("parameters", {}).findings[0])
    with source(scenario) as read:
        return Finding(ask("parameters", {"scenario": read}).findings[0])
