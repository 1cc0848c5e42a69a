"""The model as a plain function of its parameters, for EMA Workbench, SALib and anything that calls functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .questions import parameters, run
from .scenario import Scenario

Model = Callable[..., dict[str, float]]


def model(scenario: Scenario, *, members: int = 200, seed: int = 1, threads: int | None = None, **given: Any) -> Model:
    """A function whose keywords are parameters and whose answer is the probability of each claim.

    The keywords are the parameters' names with an underscore for the dot (`combat_attrition`); those that are not
    given are drawn from their priors. `members` simulations a call, with the same chance in every call, so that
    differences come from the parameters. A claim that no simulation counts for is NaN.
    """

    def function(**values: float) -> dict[str, float]:
        settings = {name.replace("_", ".", 1) if "." not in name else name: float(x) for name, x in values.items()}
        done = run(scenario, members=members, seed=seed, threads=threads, parameters=settings, progress=False, **given)
        rows = done.claims.rows()
        return {
            row["claim"].replace("-", "_"): float("nan") if row["probability"] is None else row["probability"]
            for row in rows
        }

    return function


def problem(scenario: Scenario, names: list[str]) -> dict[str, Any]:
    """SALib's problem of some parameters: their names and the ranges that their priors span."""
    known = {row["parameter"]: row for row in parameters(scenario)["parameters"].rows()}
    rows = [known[name] for name in names]
    keywords = [name.replace(".", "_", 1) for name in names]
    return {"num_vars": len(names), "names": keywords, "bounds": [[row["low"], row["high"]] for row in rows]}
