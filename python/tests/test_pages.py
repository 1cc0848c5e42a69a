"""What pages tell users to type is typed here."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

import breakaway as bk
from conftest import ROOT


def blocks(page: str, *kinds: str) -> list[tuple[str, str]]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        (kind, body)
        for kind, body in re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        if kind in kinds
    ]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    bk.run(ROOT / "scenarios" / "autumn-2022", folder=place / "runs" / "first")
    return place


def test_the_ten_queries(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(first)
    found = blocks("docs/src/data.md", "sql", "python", "r")
    assert [kind for kind, _ in found] == ["sql"] * 5 + ["python"] * 4 + ["sql", "r"]
    for kind, body in found:
        if kind == "sql":
            rows = duckdb.sql(body)
            assert rows is None or len(rows.fetchall()) > 0, body
        elif kind == "python":
            room: dict[str, object] = {}
            exec(body, room)
            answer = room["answer"]
            assert len(answer) > 0, body  # type: ignore[arg-type]
        elif shutil.which("Rscript"):
            (first / "query.R").write_text(body, encoding="utf-8")
            said = subprocess.run(["Rscript", "query.R"], check=True, capture_output=True, text=True).stdout
            assert "supply.repair" in said
        else:
            print("skipped: R is not installed")


def test_the_page_names_every_column(first: Path) -> None:
    page = (ROOT / "docs/src/data.md").read_text(encoding="utf-8")
    for name in ("claims", "verdicts", "simulations", "events", "entities", "observables", "quantiles"):
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
        columns = bk.open(first / "runs" / "first").table(name).columns
        missing = [c for c in columns if f"`{c}`" not in row and not c.startswith("base_rate")]
        assert not missing, (name, missing)


@pytest.mark.parametrize("page", ["README.md", "python/README.md"])
def test_the_first_frame_takes_three_lines(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    body = blocks(page, "python")[0][1].strip()
    lines = body.splitlines()
    assert len(lines) == 3
    room: dict[str, object] = {}
    exec("\n".join(lines[:2]), room)
    frame = eval(lines[2], room)
    assert len(frame) == 19 and frame["probability"].notna().any()


def test_the_page_on_other_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SALib", "ema_workbench", "views_frames"):
        pytest.importorskip(name)
    monkeypatch.chdir(ROOT)
    found = blocks("docs/src/other-tools.md", "python")
    assert len(found) == 3
    rooms: list[dict[str, Any]] = [{} for _ in found]
    for (_, body), room in zip(found, rooms, strict=True):
        exec(body, room)
    screened, explored, exported = rooms
    effects = screened["answer"]["mu_star"]
    assert effects["home_amnesty"] < effects.max(), "an amnesty has no part in a rout"
    assert len(explored["answer"]) == 8 and set(explored["outcomes"]) == {"rout", "regime_falls"}
    assert exported["frame"].n_rows == 24 and len(exported["forecasts"]) > 4 and len(exported["answer"]) == 18
