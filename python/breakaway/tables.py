"""Tables: Arrow streams that pandas, polars, pyarrow and DuckDB take without a copy."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from . import _native

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

SHOWN = 10
"""Rows that a notebook shows of a table."""


class Table:
    """A table with plain column names.

    Anything that knows the Arrow PyCapsule interface takes it: `polars.DataFrame(table)`,
    `pyarrow.table(table)`, `duckdb.sql("from table")` after `table = run.claims.arrow()`.
    """

    def __init__(self, native: _native.Table) -> None:
        self._native = native

    @classmethod
    def of_columns(cls, columns: dict[str, list[Any]]) -> Table:
        """A table of columns: lists of equal length with texts, numbers, truth values or None."""
        return cls(_native.Table(list(columns.items())))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._native.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._native)

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self._native.columns

    @property
    def metadata(self) -> dict[str, str]:
        """What the table says of itself: fingerprint, scenario, start date."""
        return {key: value for key, value in self._native.metadata.items() if key.startswith("breakaway.")}

    def rows(self, columns: list[str] | None = None, **equal: str) -> list[dict[str, Any]]:
        """As a list of dicts: of some columns (default: all), and of the rows that are equal to these texts, as in
        `run.quantiles.rows(observable="strength", entity="RU")`. Needs no other library.
        """
        names = self.columns if columns is None else columns
        lists = self._native.lists(names, list(equal.items()))
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]

    def df(self) -> pandas.DataFrame:
        """As a pandas frame (needs pandas and pyarrow)."""
        frame: pandas.DataFrame = self.arrow().to_pandas()
        return frame

    def pl(self) -> polars.DataFrame:
        """As a polars frame (needs polars)."""
        import polars

        return polars.DataFrame(self)

    def arrow(self) -> pyarrow.Table:
        """As a pyarrow table (needs pyarrow)."""
        import pyarrow

        return pyarrow.table(self)

    def __repr__(self) -> str:
        return f"<Table of {len(self)} rows: {', '.join(self.columns[:8])}{', ...' if len(self.columns) > 8 else ''}>"

    def _repr_html_(self) -> str:
        columns = self._native.lists(self.columns, [], SHOWN)
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        rows = "".join(f"<tr>{''.join(map(_shown, row))}</tr>" for row in zip(*columns, strict=True))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><p>{len(self):,} rows</p>"


def _shown(cell: Any) -> str:
    text = "" if cell is None else f"{cell:.4g}" if isinstance(cell, float) else str(cell)
    return f"<td>{escape(text)}</td>"


CELLS_WITH_ENDS = {"between", "pointsbetween", "numberbetween"}


def of_finding(table: dict[str, Any]) -> Table:
    """The Arrow table of a finding's table; an interval takes two columns, `NAME, low` and `NAME, high`."""
    columns: dict[str, list[Any]] = {}
    for k, name in enumerate(table["columns"]):
        cells = [_cell(row[k]) for row in table["rows"]]
        if any(isinstance(cell, tuple) for cell in cells):
            ends = [cell if isinstance(cell, tuple) else (cell, None) for cell in cells]
            columns[f"{name}, low"] = [low for low, _ in ends]
            columns[f"{name}, high"] = [high for _, high in ends]
        else:
            mixed = len({type(cell) for cell in cells if cell is not None} - {int, float}) > 0
            texts = mixed and not all(isinstance(cell, (str, type(None))) for cell in cells)
            columns[name] = [None if cell is None else str(cell) for cell in cells] if texts else cells
    return Table.of_columns(columns)


def _cell(cell: Any) -> Any:
    if cell == "nothing":
        return None
    ((kind, value),) = cell.items()
    return tuple(value) if kind in CELLS_WITH_ENDS else value


class Finding:
    """An answer in sentences and tables."""

    def __init__(self, finding: dict[str, Any]) -> None:
        self.id: str = finding["id"]
        self.title: str = finding["title"]
        self.sentences: list[str] = finding["sentences"]
        self.tables: dict[str, Table] = {table["id"]: of_finding(table) for table in finding["tables"]}
        self._captions = {table["id"]: table["caption"] for table in finding["tables"]}

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    def __repr__(self) -> str:
        return "\n".join([self.title, *(f"- {one}" for one in self.sentences), f"tables: {', '.join(self.tables)}"])

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{escape(one)}</li>" for one in self.sentences)
        tables = "".join(
            f"<details><summary>{escape(self._captions[name])}</summary>{table._repr_html_()}</details>"
            for name, table in self.tables.items()
        )
        return f"<h4>{escape(self.title)}</h4><ul>{said}</ul>{tables}"
