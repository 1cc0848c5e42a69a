"""What forecasting platforms take: VIEWS, Metaculus, hubs of the hubverse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ._native import RequestError
from .tables import Table

if TYPE_CHECKING:
    from .run import Run

CERTAIN = 0.001
"""A platform takes no probability nearer to 0 or 1 than this."""

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


def month_id(day: date) -> int:
    """The number of a month as VIEWS counts: January 1980 is 1."""
    return (day.year - 1980) * 12 + day.month


def to_views(run: Run, observable: str, units: Mapping[str, int] | None = None) -> Any:
    """An observable of regions as a `views_frames.PredictionFrame`: a row for each month and region, a column for
    each simulation of the run's sample, values the means of the recorded days of the month.

    units: VIEWS' number of each region to export, by identifier. Without it regions are numbered from 1 in the order
        of `run.entities`: VIEWS knows countries and cells, not the regions of a scenario.

    Needs numpy and views-frames. Raises `RequestError` for an observable that is not one of regions.
    """
    import numpy
    from views_frames import FrameMetadata, PredictionFrame, SpatialLevel, SpatioTemporalIndex

    if observable not in {row["name"] for row in run.manifest["observables"] if row["of"] == "region"}:
        raise RequestError(f"`{observable}` is not an observable of regions\n  help: run.observables lists them")
    if units is None:
        regions = run.entities.rows(["entity"], entity_kind="region")
        units = {row["entity"]: number for number, row in enumerate(regions, 1)}
    sums: dict[tuple[int, int], dict[int, list[float]]] = {}
    for row in run.sample.rows(["simulation", "date", "entity", observable], entity_kind="region"):
        if row["entity"] in units:
            cell = sums.setdefault((month_id(row["date"]), units[row["entity"]]), {})
            cell.setdefault(row["simulation"], []).append(row[observable])
    keys = sorted(sums)
    simulations = sorted({simulation for cell in sums.values() for simulation in cell})
    values = numpy.array(
        [[sum(sums[key][one]) / len(sums[key][one]) for one in simulations] for key in keys], dtype=numpy.float32
    )
    index = SpatioTemporalIndex(
        time=numpy.array([month for month, _ in keys], dtype=numpy.int64),
        unit=numpy.array([unit for _, unit in keys], dtype=numpy.int64),
        level=SpatialLevel.CM,
    )
    made = run.manifest
    metadata = FrameMetadata(
        model=f"breakaway {made['version']}", run_id=made["fingerprint"], seed=made["design"]["seed"]
    )
    return PredictionFrame(values, index, metadata)


def to_metaculus(run: Run) -> list[dict[str, Any]]:
    """The claims as forecasts of questions: `binary` and `conditional` ones with their probability (kept between
    0.001 and 0.999), and for each claim that comes true at all a `date` one with the day's distribution, given that
    it does. A list of dicts with the keys question, type, probability or percentiles, resolution, source.
    """
    verdicts: dict[str, list[date]] = {}
    for row in run.verdicts.rows():
        if row["held"] and row["date"] is not None:
            verdicts.setdefault(row["claim"], []).append(row["date"])
    forecasts: list[dict[str, Any]] = []
    for claim in run.claims.rows():
        if claim["probability"] is None:
            continue
        source = f"breakaway {run.manifest['version']}, fingerprint {run.manifest['fingerprint']}"
        common = {"claim": claim["claim"], "question": claim["sentence"], "source": source}
        kind = "conditional" if claim["conditional"] else "binary"
        probability = min(max(claim["probability"], CERTAIN), 1 - CERTAIN)
        forecasts.append({**common, "type": kind, "probability": probability, "resolution": claim["happened"]})
        days = sorted(verdicts.get(claim["claim"], []))
        if days:
            at = {share: days[round(share * (len(days) - 1))].isoformat() for share in QUANTILES.values()}
            resolved = claim["happened_date"]
            resolution = None if resolved is None else resolved.isoformat()
            forecasts.append({**common, "type": "date", "percentiles": at, "resolution": resolution})
    return forecasts


def to_hubverse(run: Run, observables: Mapping[str, list[str]] | None = None, horizon: int | None = None) -> Table:
    """The model-output table of a hub: origin_date, target, target_end_date, location, output_type, output_type_id,
    value.

    Claims are targets with the output type `pmf` and the categories yes and no, for the whole run. `observables`
    adds quantiles: by observable the identifiers of entities, on day `horizon` (default: the last recorded one).
    """
    start = date.fromisoformat(run.manifest["start"])
    rows: list[tuple[str, str, str, str, str, str, float]] = []
    last = (start + timedelta(days=run.manifest["days"])).isoformat()
    for claim in run.claims.rows():
        if claim["probability"] is not None:
            for category, value in (("yes", claim["probability"]), ("no", 1 - claim["probability"])):
                rows.append((start.isoformat(), claim["claim"], last, "all", "pmf", category, value))
    wanted = {(observable, entity) for observable, all_of in (observables or {}).items() for entity in all_of}
    for observable, entity in sorted(wanted):
        days = run.quantiles.rows(observable=observable, entity=entity)
        days = [row for row in days if horizon is None or row["day"] <= horizon]
        if not days:
            raise RequestError(f"`{observable}` of `{entity}` is not recorded\n  help: see run.quantiles")
        at = days[-1]
        for name, share in QUANTILES.items():
            end = at["date"].isoformat()
            rows.append((start.isoformat(), observable, end, entity, "quantile", str(share), at[name]))
    names = ["origin_date", "target", "target_end_date", "location", "output_type", "output_type_id", "value"]
    return Table.of_columns({name: [row[k] for row in rows] for k, name in enumerate(names)})
