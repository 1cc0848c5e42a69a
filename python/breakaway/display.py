"""What a notebook shows: claims with bars, fans, maps. Plain HTML and SVG, without a script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from ._native import percent as native_percent

if TYPE_CHECKING:
    from .run import Run

INK, SOFT, BLUE = "currentColor", "#9ecae1", "#08519c"
WIDTH, HEIGHT = 560, 220


def percent(share: float | None) -> str:
    """A share as the library says it; a dash for none."""
    return "-" if share is None else native_percent(share)


def claims(run: Run) -> str:
    """The claims of a run as an HTML table: probability, its range as a bar, median date."""
    rows = []
    for claim in run.claims.rows():
        p, low, high = claim["probability"], claim["low"], claim["high"]
        bar = "" if p is None else _bar(p, low if low is not None else p, high if high is not None else p)
        given = f" of {claim['counted']:,}" if claim["conditional"] and p is not None else ""
        said = f"too few ({claim['counted']:,})" if p is None else percent(p)
        unsure = "not determined" if p is not None else "-"
        happened = {None: "", True: "yes", False: "no"}[claim["happened"]]
        cells = [
            f"<td style='text-align:left'>{escape(claim['sentence'])}</td>",
            f"<td>{escape(said)}{given}</td><td>{bar}</td>",
            f"<td style='white-space:nowrap'>{escape(unsure if low is None else f'{percent(low)} to {percent(high)}')}</td>",
            f"<td>{claim['median_date'] or '-'}</td><td>{happened}</td>",
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = "".join(
        f"<th>{name}</th>" for name in ("claim", "probability", "0 to 100 %", "5-95 %", "median date", "happened")
    )
    made = run.manifest
    design = made["design"]
    said = (
        f"{made['scenario']}: {design['draws'] * design['replicates']:,} simulations, {made['days']} days from "
        f"{made['start']}. Fingerprint {made['fingerprint']}."
    )
    return f"<p>{escape(said)}</p><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _bar(p: float, low: float, high: float) -> str:
    return (
        "<svg width='120' height='14' role='img'><line x1='0' x2='120' y1='7' y2='7' stroke='#ccc'/>"
        f"<rect x='{120 * low:.1f}' y='3' width='{max(120 * (high - low), 1):.1f}' height='8' fill='{SOFT}'/>"
        f"<rect x='{min(120 * p, 117):.1f}' y='0' width='3' height='14' fill='{BLUE}'/></svg>"
    )


class Fan:
    """The spread of an observable of an entity over time."""

    def __init__(self, observable: str, name: str, rows: list[dict[str, Any]]) -> None:
        self.observable, self.name = observable, name
        self._rows = rows

    @property
    def table(self) -> Any:
        """The numbers: day, mean, and the 5, 25, 50, 75 and 95 % quantiles."""
        from .tables import Table

        names = ["day", "mean", "p05", "p25", "p50", "p75", "p95"]
        return Table.of_columns({name: [row[name] for row in self._rows] for name in names})

    def df(self) -> Any:
        """The numbers as a pandas frame."""
        return self.table.df()

    def pl(self) -> Any:
        """The numbers as a polars frame."""
        return self.table.pl()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        last = self._rows[-1]
        return (
            f"<{self.observable} of {self.name}: {last['p50']:.3g} (5-95 %: {last['p05']:.3g} to {last['p95']:.3g}) "
            f"on {last['date']}>"
        )

    def _repr_html_(self) -> str:
        rows = self._rows
        values = [row[key] for row in rows for key in ("p05", "p95", "mean")]
        low, high = min(0.0, *values), max(values)
        high = high if high > low else low + 1.0
        first, last = rows[0]["day"], max(rows[-1]["day"], rows[0]["day"] + 1)

        def x(day: int) -> float:
            return 60 + (WIDTH - 70) * float(day - first) / float(last - first)

        def y(value: float) -> float:
            return float(10 + (HEIGHT - 40) * (high - value) / (high - low))

        def line(key: str) -> list[str]:
            return [f"{x(row['day']):.1f},{y(row[key]):.1f}" for row in rows]

        def area(lower: str, upper: str, opacity: float) -> str:
            points = " ".join(line(lower) + line(upper)[::-1])
            return f"<polygon points='{points}' fill='{BLUE}' opacity='{opacity}'/>"

        marks = "".join(
            f"<text x='55' y='{y(value) + 4:.1f}' text-anchor='end' font-size='11' fill='{INK}'>{value:.3g}</text>"
            for value in (low, (low + high) / 2, high)
        )
        dates = "".join(
            f"<text x='{x(row['day']):.1f}' y='{HEIGHT - 10}' text-anchor='{anchor}' font-size='11' fill='{INK}'>"
            f"{row['date']}</text>"
            for row, anchor in ((rows[0], "start"), (rows[len(rows) // 2], "middle"), (rows[-1], "end"))
        )
        said = escape(f"{self.observable} of {self.name}: median, half of the simulations, 90 %")
        return (
            f"<figure><figcaption>{said}</figcaption>"
            f"<svg width='{WIDTH}' height='{HEIGHT}' role='img' aria-label='{said}'>"
            f"{area('p05', 'p95', 0.2)}{area('p25', 'p75', 0.35)}"
            f"<polyline points='{' '.join(line('p50'))}' fill='none' stroke='{BLUE}' stroke-width='2'/>"
            f"{marks}{dates}</svg></figure>"
        )


LEAST = 0.01
"""A scale of shares ends here at the least: what happens in a few of thousands of simulations is no pattern."""


class Map:
    """The mean of an observable in every region on a day, on the scenario's tiles."""

    def __init__(
        self, observable: str, unit: str, day: int, places: list[dict[str, Any]], means: dict[str, float]
    ) -> None:
        self.observable, self.unit, self.day, self.means = observable, unit, day, means
        self._places = [place for place in places if place["entity"] in means]

    def __repr__(self) -> str:
        most = sorted(self.means.items(), key=lambda item: -item[1])[:5]
        return f"<{self.observable} on day {self.day}: {', '.join(f'{name} {mean:.3g}' for name, mean in most)}, ...>"

    def _repr_html_(self) -> str:
        placed = [place for place in self._places if place["row"] is not None]
        bottom = max((place["row"] for place in placed), default=0)
        # Regions without a place follow below, ten to a row.
        spots = [(place, place["row"], place["col"]) for place in placed]
        for number, place in enumerate(p for p in self._places if p["row"] is None):
            spots.append((place, bottom + 2 + number // 10, number % 10))
        top, left = min((row for _, row, _ in spots), default=0), min((col for *_, col in spots), default=0)
        most = max(LEAST if self.unit == "share" else 0.0, *self.means.values()) or 1.0
        size = 26
        tiles = "".join(
            f"<rect x='{size * (col - left)}' y='{size * (row - top)}' width='{size - 2}' height='{size - 2}' "
            f"fill='{BLUE}' fill-opacity='{0.06 + 0.94 * self.means[place['entity']] / most:.3f}'>"
            f"<title>{escape(place['name'])}: {self.means[place['entity']]:.3g}</title></rect>"
            for place, row, col in spots
        )
        wide = size * (max((col for *_, col in spots), default=0) - left + 1)
        high = size * (max((row for _, row, _ in spots), default=0) - top + 1)
        said = escape(f"{self.observable} ({self.unit}) on day {self.day}, mean; the darkest blue is {most:.3g}")
        return (
            f"<figure><figcaption>{said}</figcaption>"
            f"<svg width='{wide}' height='{high}' role='img' aria-label='{said}'>{tiles}</svg></figure>"
        )
