"""Scenarios from a folder, or from a dict."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import Any

Scenario = str | PathLike[str] | Mapping[str, Any]
"""A folder, or a dict of its files: `scenario`, `claims`, `base-rates` (dicts or TOML texts), `regions`, `links`,
`communities`, `outcomes` (lists of dicts, data frames, or CSV texts). Keys may carry `.toml` or `.csv`."""

Parameters = Mapping[str, float | str]
"""Values of parameters by name: a number, or a range such as `"0.001..0.004"`."""

TABLES = {"regions", "links", "communities", "outcomes"}


@contextmanager
def source(
    scenario: Scenario,
    overlays: Sequence[str | PathLike[str] | Mapping[str, Any]] = (),
    parameters: Parameters | None = None,
    posterior: str | PathLike[str] | None = None,
) -> Iterator[dict[str, Any]]:
    """The request's scenario. Files of a dict are in a temporary folder while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="breakaway-") as temporary:
        room = Path(temporary)
        if isinstance(scenario, Mapping):
            folder = room / "scenario"
            write(scenario, folder)
        else:
            folder = Path(scenario)
        files = []
        for number, overlay in enumerate(overlays):
            if isinstance(overlay, Mapping):
                path = room / f"overlay-{number + 1}.toml"
                path.write_text(_toml(overlay), encoding="utf-8")
                files.append(str(path))
            else:
                files.append(fspath(overlay))
        request: dict[str, Any] = {"folder": str(folder), "overlays": files}
        if parameters:
            request["parameters"] = dict(parameters)
        if posterior is not None:
            request["posterior"] = fspath(posterior)
        yield request


def recorded_as(scenario: Scenario, overlays: Sequence[Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """How a run's manifest records its scenario: files of dicts by their names alone."""
    folder = "scenario" if isinstance(scenario, Mapping) else read["folder"]
    files = zip(overlays, read["overlays"], strict=True)
    names = [Path(file).name if isinstance(overlay, Mapping) else file for overlay, file in files]
    return {**read, "folder": folder, "overlays": names}


def write(scenario: Mapping[str, Any], folder: str | PathLike[str]) -> Path:
    """Writes a scenario's dict as a folder of files, and returns it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for key, value in scenario.items():
        name = key.removesuffix(".toml").removesuffix(".csv")
        if name in TABLES:
            (folder / f"{name}.csv").write_text(csv_text(value), encoding="utf-8")
        else:
            (folder / f"{name}.toml").write_text(_toml(value), encoding="utf-8")
    return folder


def _toml(value: str | Mapping[str, Any]) -> str:
    if isinstance(value, str):
        return value
    import tomli_w

    return tomli_w.dumps(value)


def csv_text(value: Any) -> str:
    """A table as CSV: a text as it is, a data frame, or a list of dicts."""
    if isinstance(value, str):
        return value
    if hasattr(value, "to_csv"):
        return str(value.to_csv(index=False))
    if hasattr(value, "write_csv"):
        return str(value.write_csv())
    rows = [dict(row) for row in value]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _said(item) for key, item in row.items()} for row in rows)
    return text.getvalue()


def _said(item: Any) -> Any:
    if isinstance(item, bool):
        return "true" if item else "false"
    return item
