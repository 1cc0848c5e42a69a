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


def test_salib_screens_parameters(small: object) -> None:
    pytest.importorskip("SALib")
    from SALib.analyze import morris
    from SALib.sample.morris import sample

    problem = bk.problem(str(small), ["combat.attrition", "cohesion.rout_rate", "home.amnesty"])
    function = bk.model(str(small), members=100)
    points = sample(problem, 4, seed=1)
    answers = [function(**dict(zip(problem["names"], point, strict=True)))["rout"] for point in points]
    import numpy

    effects = morris.analyze(problem, points, numpy.array(answers), seed=1)
    found = dict(zip(effects["names"], effects["mu_star"], strict=True))
    assert found["home_amnesty"] < max(found["combat_attrition"], found["cohesion_rout_rate"])


def test_ema_workbench_explores(small: object) -> None:
    pytest.importorskip("ema_workbench")
    from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments

    problem = bk.problem(str(small), ["combat.attrition", "cohesion.rout_rate"])
    model = Model("threeregions", function=bk.model(str(small), members=50))
    model.uncertainties = [
        RealParameter(name, *bounds) for name, bounds in zip(problem["names"], problem["bounds"], strict=True)
    ]
    model.outcomes = [ScalarOutcome("rout"), ScalarOutcome("regime_falls")]
    experiments, outcomes = perform_experiments(model, scenarios=8)
    assert len(experiments) == 8 and outcomes["rout"].shape == (8,)
    assert 0 <= outcomes["rout"].min() <= outcomes["rout"].max() <= 1
