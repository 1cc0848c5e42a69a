"""Breakaway: claims about fronts, administrations and states, simulated thousands of times.

>>> import breakaway as bk
>>> run = bk.run("scenarios/three-regions", members=400)
>>> run.claims.df()
"""

from ._native import RequestError, ScenarioError
from .functions import model, problem
from .questions import calibrate, check, compare, hindcast, parameters, run, sweep, validate
from .run import Replay, Run, open_run, score
from .scenario import Scenario, write
from .tables import Finding, Table

open = open_run

__version__ = "0.1.0"

__all__ = [
    "Finding",
    "Replay",
    "RequestError",
    "Run",
    "Scenario",
    "ScenarioError",
    "Table",
    "calibrate",
    "check",
    "compare",
    "hindcast",
    "model",
    "open",
    "open_run",
    "parameters",
    "problem",
    "run",
    "score",
    "sweep",
    "validate",
    "write",
]
