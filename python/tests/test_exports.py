"""What other tools take."""

import pytest

import breakaway as bk


def test_views_frames_accepts_a_frame(run: bk.Run) -> None:
    conformance = pytest.importorskip("views_frames.conformance")
    frame = run.to_views("participation", units={"core": 365, "highland": 366})
    conformance.assert_frame_contract(frame)
    assert frame.sample_count == 200
    # Twelve months from March 2030, two regions.
    assert frame.n_rows == 12 * 2 and frame.index.time.min() == (2030 - 1980) * 12 + 3
    with pytest.raises(bk.RequestError, match="not an observable of regions"):
        run.to_views("strength")


def test_questions_of_a_platform(run: bk.Run) -> None:
    forecasts = run.to_metaculus()
    kinds = [forecast["type"] for forecast in forecasts]
    assert kinds.count("binary") == 3 and kinds.count("conditional") == 1 and "date" in kinds
    assert all(0.001 <= f["probability"] <= 0.999 for f in forecasts if f["type"] != "date")
    for forecast in forecasts:
        if forecast["type"] == "date":
            days = list(forecast["percentiles"].values())
            assert days == sorted(days)


def test_a_hub_takes_the_model_output(run: bk.Run) -> None:
    table = run.to_hubverse({"strength": ["A", "B"]}, horizon=100).df()
    assert list(table.columns)[-3:] == ["output_type", "output_type_id", "value"]
    categories = table[table["output_type"] == "pmf"].groupby("target")["value"].sum()
    assert len(categories) == 4 and categories.round(9).eq(1).all()
    quantiles = table[table["output_type"] == "quantile"]
    assert len(quantiles) == 2 * 5 and quantiles["target_end_date"].nunique() == 1
