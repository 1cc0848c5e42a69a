"""A run: its tables, and what can be asked of it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from . import display, exports
from ._ask import Progress, ask
from ._native import RequestError, is_run, run_table
from .scenario import csv_text
from .tables import Finding, Table


class Run:
    """A simulated scenario.

    Without a `folder` of its own it lives in a temporary one, which goes with it; `save` keeps it.
    """

    def __init__(self, folder: str | PathLike[str], temporary: tempfile.TemporaryDirectory[str] | None = None):
        self._temporary = temporary
        self.folder = Path(folder)
        """The run's folder: a manifest and Parquet tables."""
        self.manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        """What the run was made from: request, parameters, claims, entities, observables, tables."""

    # Tables.

    def table(self, name: str) -> Table:
        """A table by its name, checked against its checksum; `run.manifest["tables"]` lists the names."""
        return Table(run_table(self.folder, name))

    @property
    def claims(self) -> Table:
        """One row for each claim: probability (share of the simulations that count), range over what is not
        known (`low`, `high`: 5-95 % of parameter sets, each with the 95 % interval of its estimate in `..._from` and
        `..._to`; none where not determined), 95 % interval by chance (`probability_from`, `probability_to`), median
        date, and how it was made (`method`: members, or splitting). No probability where fewer than 20 simulations
        meet a claim's condition."""
        return self.table("claims")

    @property
    def verdicts(self) -> Table:
        """One row for each simulation and claim: whether it counts, whether it held, on which day and date."""
        return self.table("verdicts")

    @property
    def simulations(self) -> Table:
        """One row for each simulation: its parameter set (`draw`), its repeat, whether it failed."""
        return self.table("simulations")

    @property
    def draws(self) -> Table:
        """One row for each parameter set: the value of each parameter."""
        return self.table("draws")

    @property
    def events(self) -> Table:
        """One row for each event: date, kind, entity, largest cause with its share (`weight`), and `because`:
        the event that moved its cause, as far as the model knows it."""
        return self.table("events")

    @property
    def last_day(self) -> Table:
        """One row for each simulation and polity: the observables on the last day."""
        return self.table("last_day")

    @property
    def entities(self) -> Table:
        """Polities, regions, sides of sectors: identifier, name, people, place on the map."""
        return self.table("entities")

    @property
    def observables(self) -> Table:
        """What is observed: name, of what, unit, meaning."""
        return self.table("observables")

    @property
    def quantiles(self) -> Table:
        """One row for each observable, entity and recorded day: mean and quantiles over simulations."""
        return self.table("quantiles")

    @property
    def sample(self) -> Table:
        """Whole trajectories of 200 simulations (all, where there are fewer)."""
        return self.table("sample")

    def fan(self, observable: str, of: str) -> display.Fan:
        """The spread of an observable of an entity over time; a chart in a notebook.

        Raises `RequestError` where the run has no such series.
        """
        known = {(o["name"], o["of"]) for o in self.manifest["observables"]}
        if observable not in {name for name, _ in known}:
            raise RequestError(f"there is no observable `{observable}`\n  help: run.observables lists them")
        rows = self.quantiles.rows(observable=observable, entity=of)
        if not rows:
            raise RequestError(f"`{observable}` is not recorded of `{of}`\n  help: run.entities lists what there is")
        return display.Fan(observable, self._name(of), rows)

    def map(self, observable: str = "has-declared", day: int | None = None) -> display.Map:
        """The mean of an observable in every region on a day (default: the last recorded one)."""
        rows = self.quantiles.rows(["entity", "day", "mean"], observable=observable)
        places = self.entities.rows(entity_kind="region")
        last = max((row["day"] for row in rows if day is None or row["day"] <= day), default=0)
        means = {row["entity"]: row["mean"] for row in rows if row["day"] == last}
        units = {o["name"]: o["unit"] for o in self.manifest["observables"] if o["of"] == "region"}
        if observable not in units:
            raise RequestError(f"`{observable}` is not an observable of regions\n  help: run.observables lists them")
        return display.Map(observable, units[observable], last, places, means)

    def _name(self, entity: str) -> str:
        rows = self.entities.rows(["name"], entity=entity)
        return str(rows[0]["name"]) if rows else entity

    # Questions.

    def explain(
        self,
        claim: str | None = None,
        *,
        members: int = 500,
        threads: int | None = None,
        progress: bool | Progress | None = None,
    ) -> Finding | list[Finding]:
        """Why a claim has its probability: chance or what is not known, which parameters matter, in which box of
        parameters it holds, early signs, the part of each mechanism. One finding, or one for each claim."""
        request = {"run": str(self.folder), "claim": claim, "members": members}
        found = [Finding(one) for one in ask("explain", request, threads=threads, progress=progress).findings]
        return found[0] if claim is not None else found

    def replay(self, member: int, *, threads: int | None = None) -> Replay:
        """One simulation again: its story and every day of every series. `member` counts from 0."""
        reply = ask("replay", {"run": str(self.folder), "member": member}, threads=threads)
        return Replay(reply.answer, reply.findings[0]["sentences"], self.manifest["start"])

    def branch(
        self,
        member: int,
        day: int | str,
        *,
        futures: int = 1000,
        threads: int | None = None,
        progress: bool | Progress | None = None,
    ) -> Finding:
        """The past of one simulation up to a day (number or ISO date) and many futures from there."""
        request = {"run": str(self.folder), "member": member, "day": day, "futures": futures}
        return Finding(ask("branch", request, threads=threads, progress=progress).findings[0])

    def condition(self, observed: Any, *, threads: int | None = None) -> Finding:
        """New probabilities of the claims, given what has been seen since.

        `observed` has the columns date, observable, of, value, error, source: a CSV file, a data frame, or a list
        of dicts.
        """
        with tempfile.TemporaryDirectory(prefix="breakaway-") as room:
            if isinstance(observed, (str, PathLike)):
                path = fspath(observed)
            else:
                path = str(Path(room) / "observed.csv")
                Path(path).write_text(csv_text(observed), encoding="utf-8")
            request = {"run": str(self.folder), "observed": path}
            return Finding(ask("condition", request, threads=threads).findings[0])

    def score(self) -> Finding:
        """How the claims did against what happened, where that is known."""
        return score(self)

    def report(self, file: str | PathLike[str] | None = None) -> Path:
        """Writes the page of charts (default: report.html in the run's folder) and returns its path."""
        request = {"run": str(self.folder), "file": None if file is None else fspath(file)}
        return Path(ask("report", request).answer)

    def to_views(self, observable: str, units: Mapping[str, int] | None = None) -> Any:
        """An observable of regions as a `views_frames.PredictionFrame`; see `breakaway.exports.to_views`."""
        return exports.to_views(self, observable, units)

    def to_metaculus(self) -> list[dict[str, Any]]:
        """The claims as binary, conditional and date forecasts; see `breakaway.exports.to_metaculus`."""
        return exports.to_metaculus(self)

    def to_hubverse(self, observables: Mapping[str, list[str]] | None = None, horizon: int | None = None) -> Table:
        """The model-output table of a hub; see `breakaway.exports.to_hubverse`."""
        return exports.to_hubverse(self, observables, horizon)

    def save(self, folder: str | PathLike[str]) -> Run:
        """Copies the run into a new folder, where it stays, and returns it."""
        target = Path(folder)
        if target.exists() and (is_run(target) or any(target.iterdir())):
            raise RequestError(f"{target} is not empty\n  help: name a new folder")
        shutil.copytree(self.folder, target, dirs_exist_ok=True)
        return Run(target)

    def __repr__(self) -> str:
        made = self.manifest
        design = made["design"]
        members = design["draws"] * design["replicates"]
        return (
            f"<Run of {made['scenario']}: {members:,} simulations, {made['days']} days from {made['start']}, "
            f"fingerprint {made['fingerprint']}>"
        )

    def _repr_html_(self) -> str:
        return display.claims(self)


class Replay:
    """One simulation: what happened, and every day of every series."""

    def __init__(self, answer: dict[str, Any], story: list[str], start: str) -> None:
        self.number: int = answer["simulation"]
        """Number of the simulation."""
        self.story = story
        """What happened, a sentence an event."""
        self.claims: dict[str, dict[str, Any]] = answer["claims"]
        """By claim: whether it counts, and the day on which it came true (None: never)."""
        self.parameters: dict[str, float] = answer["parameters"]
        """Values of the parameters."""
        self._events: list[dict[str, Any]] = answer["events"]
        self._series: dict[str, list[float]] = answer["series"]
        self._start = start

    @property
    def events(self) -> Table:
        """Events: day, date, event, entity, name, cause, weight."""
        columns = ["day", "date", "event", "entity", "name", "cause", "weight"]
        return Table.of_columns({name: [event[name] for event in self._events] for name in columns})

    @property
    def days(self) -> Table:
        """One row for each day from 0: `day`, and a column `ENTITY:OBSERVABLE` for each series."""
        length = len(next(iter(self._series.values()), []))
        return Table.of_columns({"day": list(range(length)), **self._series})

    def __repr__(self) -> str:
        return "\n".join([f"simulation {self.number}", *self.story])


def score(*runs: Run) -> Finding:
    """How the claims of runs did against what happened: proper scores and calibration."""
    return Finding(ask("score", {"runs": [str(run.folder) for run in runs]}).findings[0])


def open_run(folder: str | PathLike[str]) -> Run:
    """A stored run, also one of the command line.

    Raises `RequestError` where the folder is not that of a complete run.
    """
    ask("show", {"run": fspath(folder)})
    return Run(folder)
