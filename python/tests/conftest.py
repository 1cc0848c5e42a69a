from pathlib import Path

import pytest

import breakaway as bk

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def small() -> Path:
    return ROOT / "scenarios" / "three-regions"


@pytest.fixture(scope="session")
def run(small: Path) -> bk.Run:
    return bk.run(small, members=400)
