"""What single charts draw, point by point."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mtcore.charts.binary import roc, threshold
from mtcore.charts.classes import confusion, per_class
from mtcore.charts.columns import column_distribution
from mtcore.charts.comparison import loss_shares, metric_comparison
from mtcore.charts.counts import rootogram
from mtcore.charts.gains import gain_points
from mtcore.charts.learning_curves import learning_curves
from mtcore.charts.quantiles import fan, level_coverage
from mtcore.charts.ranks import off_by
from mtcore.charts.regression import actual_against_predicted, residuals
from mtcore.charts.responses import head_responses, response_curves
from mtcore.charts.run_curves import RunCurve, run_curves
from mtcore.charts.sharing import gradient_cosines
from mtcore.charts.style import head_colour, head_symbol
from mtcore.charts.tenths import error_tenths
from mtcore.evaluation.reports import (
    BinaryReport,
    CountReport,
    MulticlassReport,
    MultilabelReport,
    OrdinalReport,
    QuantileReport,
    RegressionReport,
)
from mtcore.evaluation.wording import number_text
from mtcore.spec import Experiment
from tests.charts.gallery import column, comparisons, history, report_of, responses
from tests.charts.networks import head_names
from tests.evaluation.heads import (
    Case,
    binary_case,
    count_case,
    every_kind,
    multiclass_case,
    ordinal_case,
    quantile_case,
    regression_case,
)


def test_training_is_solid_and_validation_dashed_in_the_heads_colour() -> None:
    figure = learning_curves(history(2, 9), ["heating", "cooling"])
    lines = [(t.line.color, t.line.dash, t.marker.symbol) for t in figure.data]
    assert lines == [
        (head_colour(place), dash, head_symbol(place))
        for place in (0, 1)
        for dash in ("solid", "dash")
    ]
    assert [trace.showlegend for trace in figure.data] == [True, False, True, False]


def test_a_head_without_losses_yet_leaves_the_others_drawn() -> None:
    logged = {key: v for key, v in history(2, 9).items() if "/h1/" in key}
    figure = learning_curves(logged, ["heating", "cooling"])
    assert {trace.line.color for trace in figure.data} == {head_colour(1)}


def test_losses_of_zero_or_no_number_do_not_break_the_logarithmic_scale() -> None:
    steps, losses = np.arange(1, 5), np.array([0.5, np.nan, 0.0, 0.25])
    figure = learning_curves({"train/h0/loss": (steps, losses)}, ["y"])
    assert figure.data[0].x.tolist() == [1, 4]
    assert np.isfinite(figure.layout.yaxis.range).all()


def test_many_heads_get_a_panel_each() -> None:
    figure = learning_curves(history(14, 9), head_names(14), best_epoch=4)
    assert len({trace.xaxis for trace in figure.data}) == 14
    assert len(figure.data) == 28


def test_before_the_first_epoch_the_chart_says_what_will_come() -> None:
    figure = learning_curves({}, ["y"])
    assert "will appear here" in figure.layout.annotations[0].text


def test_the_line_of_exact_predictions_spans_the_data() -> None:
    report = report_of(regression_case())
    assert isinstance(report, RegressionReport)
    figure = actual_against_predicted(report, 0)
    line, dots = figure.layout.shapes[0], figure.data[0]
    assert line.x0 == line.y0 == min(dots.x.min(), dots.y.min())
    assert line.x1 == line.y1 == max(dots.x.max(), dots.y.max())


def test_residual_bars_are_the_counted_rows() -> None:
    report = report_of(regression_case())
    assert isinstance(report, RegressionReport)
    figure = residuals(report, 0)
    assert figure.data[0].y.tolist() == list(report.columns[0].residuals.counts)


def test_roc_marks_the_threshold_of_one_half() -> None:
    report = report_of(binary_case())
    assert isinstance(report, BinaryReport)
    marker = roc(report, 0).data[1]
    table = report.thresholds
    found = table.true_positive[50] / report.positives
    assert marker.y[0] == pytest.approx(found, abs=0.03)


def test_a_rootogram_draws_the_roots_of_observed_and_expected_rows() -> None:
    report = report_of(count_case())
    assert isinstance(report, CountReport)
    bars, marks = rootogram(report, 0).data
    np.testing.assert_allclose(bars.y**2, [b.observed for b in report.bins])
    np.testing.assert_allclose(marks.y**2, [b.expected for b in report.bins])


def test_a_fan_draws_bands_around_the_middle_and_every_actual_value() -> None:
    report = report_of(quantile_case())
    assert isinstance(report, QuantileReport)
    low, high, middle, dots = fan(report, 0).data
    assert (low.y <= middle.y).all()
    assert (middle.y <= high.y).all()
    assert dots.y.tolist() == list(report.actual)
    assert high.name == "10 % to 90 % of rows"


def test_levels_are_drawn_as_asked_for_and_as_measured() -> None:
    report = report_of(quantile_case())
    assert isinstance(report, QuantileReport)
    marks = level_coverage(report.head, report.levels, 0).data[0]
    assert marks.x.tolist() == [0.1, 0.5, 0.9]
    assert marks.y.tolist() == [entry.share for entry in report.levels]


def test_shares_of_ranks_off_add_up_with_the_right_ones_in_the_middle() -> None:
    report = report_of(ordinal_case())
    assert isinstance(report, OrdinalReport)
    bars = off_by(report, 0).data[0]
    assert bars.y.sum() == pytest.approx(1.0)
    assert bars.y[bars.x == 0] == pytest.approx([report.within(0)])


def test_precision_ends_where_nothing_is_called_positive() -> None:
    case = binary_case()
    modest = Case(case.head, case.encoding, case.targets, case.outputs * 0.5)
    report = report_of(modest)
    assert isinstance(report, BinaryReport)
    lines = {trace.name: trace.y for trace in threshold(report, 0).data}
    assert np.isnan(lines["Precision"][-1])
    assert lines["Recall"][-1] == 0.0
    assert lines["Recall"][0] == 1.0


def test_each_row_of_the_confusion_adds_up() -> None:
    report = report_of(multiclass_case())
    assert isinstance(report, MulticlassReport)
    figure = confusion(report, 0)
    np.testing.assert_allclose(figure.data[0].z.sum(axis=1), 1.0)
    written = [
        int(re.sub(r"<[^>]*>|,", "", note.text)) for note in figure.layout.annotations
    ]
    assert sum(written) == report.labelled


def test_the_confusion_of_two_classes_follows_the_threshold() -> None:
    report = report_of(binary_case())
    assert isinstance(report, BinaryReport)
    low, high = confusion(report, 0, 0.0), confusion(report, 0, 1.0)
    assert low.data[0].z[:, 1].tolist() == [1.0, 1.0]
    assert high.data[0].z[:, 0].tolist() == [1.0, 1.0]


def test_the_worst_class_is_on_top() -> None:
    report = report_of(multiclass_case())
    assert isinstance(report, MulticlassReport)
    figure = per_class(report, 0)
    f1 = next(trace for trace in figure.data if trace.name == "F1")
    assert f1.x.tolist() == sorted(f1.x)
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_parts_without_labels_say_so_instead_of_drawing() -> None:
    for case in every_kind().values():
        nothing = np.full_like(case.targets, np.nan)
        report = report_of(Case(case.head, case.encoding, nothing, case.outputs))
        match report:
            case RegressionReport():
                figure = residuals(report, 0)
            case BinaryReport():
                figure = roc(report, 0)
            case CountReport():
                figure = rootogram(report, 0)
            case QuantileReport():
                figure = fan(report, 0)
            case OrdinalReport():
                figure = off_by(report, 0)
            case MulticlassReport() | MultilabelReport():
                figure = per_class(report, 0)
        assert (
            "No row of this part carries a label" in figure.layout.annotations[0].text
        )


def test_a_column_of_two_numbers_is_drawn_as_values() -> None:
    figure = column_distribution(column(distinct=2, top=(("0", 7), ("1", 3))))
    assert figure.data[0].orientation == "h"


def test_a_column_without_a_value_says_so() -> None:
    empty = column(histogram=(), top=(), distinct=0, missing=1_000)
    figure = column_distribution(empty)
    assert figure.layout.annotations[0].text == "This column holds no value."
    assert "100\N{NO-BREAK SPACE}% without" in figure.layout.title.subtitle.text


def test_heads_stand_where_their_skill_is() -> None:
    figure = metric_comparison(comparisons())
    points = [trace.x[0] for trace in figure.data]
    # RMSE from 4 to 1 removes 75 %, of trees from 4 to 0.5; accuracy .2 beside .8 is
    # drawn at the edge; what can't be computed is not drawn.
    assert points == pytest.approx([0.75, 0.875, -0.5])


def test_shares_of_the_loss_add_up() -> None:
    figure = loss_shares({"a": 1.0, "b": 3.0}, {"a": 0.6, "b": 0.2})
    bars = np.array([trace.x for trace in figure.data], dtype=np.float64)
    np.testing.assert_allclose(bars, [[0.25, 0.5], [0.75, 0.5]])


def test_weights_of_nothing_are_said() -> None:
    assert "No head has a weight" in loss_shares({"a": 0.0}).layout.annotations[0].text


def test_every_kind_of_head_answers_with_named_lines() -> None:
    cases = every_kind()
    experiment = Experiment(heads=tuple(case.head for case in cases.values()))
    encodings = {case.head.name: case.encoding for case in cases.values()}
    outputs = {case.head.name: case.outputs[:7] for case in cases.values()}
    found = head_responses(experiment, encodings, outputs)
    assert [list(entry.lines) for entry in found] == [
        ["y0", "y1"],
        ["yes"],
        [f"class {code}" for code in range(5)],
        ["cat", "dog", "bird"],
        ["visits"],
        ["10 % level", "50 % level", "90 % level"],
        ["bad", "poor", "fair", "good"],
    ]
    assert [entry.chances for entry in found] == [
        False, True, True, True, False, False, True,
    ]  # fmt: skip
    for entry, case in zip(found, cases.values(), strict=True):
        drawn = np.stack(list(entry.lines.values()), axis=1)
        np.testing.assert_array_equal(drawn, case.outputs[:7, : drawn.shape[1]])


def test_of_many_classes_those_that_move_most_are_drawn() -> None:
    figure = response_curves("x", (0.0, 1.0), responses(2))
    lines = [trace for trace in figure.data if trace.xaxis == "x3"]
    assert len(lines) == 4


def test_names_beside_lines_lie_over_no_panel_to_their_right() -> None:
    figure = response_curves("x", (0.0, 1.0), [*responses(2)[::-1], *responses(2)])
    named = {entry.yref.split()[0] for entry in figure.layout.annotations
             if entry.xref.endswith("domain")}  # fmt: skip
    assert len(named) == 2
    for axis in named:
        along = figure.layout[axis.replace("y", "xaxis")]
        assert along.domain == (0.0, 1.0)
    # Four heads of one line stand two and two; no room is left empty.
    domains = [axis.domain for axis in figure.select_xaxes()]
    assert sum(domain != (0.0, 1.0) for domain in domains) == 4


def test_the_last_of_an_odd_number_of_panels_is_as_wide_as_all() -> None:
    one_line = [entry for entry in responses(2) if len(entry.lines) == 1]
    figure = response_curves("x", (0.0, 1.0), [*one_line, one_line[0]])
    domains = [axis.domain for axis in figure.select_xaxes()]
    assert [domain == (0.0, 1.0) for domain in domains] == [False, False, True]
    titles = [axis.title.text for axis in figure.select_xaxes()]
    assert titles == [None, None, "x"]


@pytest.mark.parametrize(
    ("low", "high"), [(0.95, 1.0), (0.9999, 1.0), (0.4, 0.9), (1e-4, 2.0)]
)
def test_losses_in_runs_have_ticks_however_close_they_lie(
    low: float, high: float
) -> None:
    losses = np.linspace(high, low, 9)
    figure = run_curves("a", 0, [RunCurve("first", np.arange(9), losses)])
    axis = figure.layout.yaxis
    bottom, top = (10.0**end for end in axis.range)
    assert bottom < low < high < top
    assert bottom < 1.0 < top
    inside = [tick for tick in axis.tickvals if bottom <= tick <= top]
    assert len(inside) == len(axis.tickvals) == len(set(axis.ticktext))
    assert 3 <= len(inside) <= 8


def test_errors_by_tenths_stand_from_the_smallest_values_to_the_largest() -> None:
    report = report_of(regression_case(rows=1_000))
    assert isinstance(report, RegressionReport)
    tenths = report.columns[0].tenths
    bars, marks = error_tenths(report.columns[0], 0).data
    assert list(bars.y) == [tenth.error for tenth in tenths]
    assert list(marks.y) == [tenth.bias for tenth in tenths]
    assert bars.x[0].startswith(number_text(tenths[0].low))
    assert bars.x[-1].endswith(number_text(tenths[-1].high))
    side = "high" if tenths[0].bias > 0 else "low"
    assert bars.hovertext[0].endswith(f"{number_text(abs(tenths[0].bias))} too {side}.")


def test_rows_very_far_off_do_not_flatten_the_ranges() -> None:
    report = report_of(quantile_case())
    assert isinstance(report, QuantileReport)
    whole = fan(report, 0)
    assert whole.layout.yaxis.range is None
    assert "beyond the edges" not in whole.layout.title.subtitle.text
    ends = np.asarray([min(report.actual), max(report.actual)])
    far = float(ends[1] + 50.0 * np.ptp(ends))
    off = report.model_copy(update={"actual": (far, *report.actual[1:])})
    figure = fan(off, 0)
    assert "1 row beyond the edges" in figure.layout.title.subtitle.text.replace(
        "<br>", " "
    )
    low, high = figure.layout.yaxis.range
    assert low < np.min(report.quantiles)
    assert np.max(report.quantiles) < high < far / 5


def test_what_is_found_among_the_first_has_no_point_twice() -> None:
    report = report_of(binary_case())
    assert isinstance(report, BinaryReport)
    looked_at, found = gain_points(report)
    assert (np.diff(looked_at) > 0).all()
    assert (looked_at[0], looked_at[-1], found[0], found[-1]) == (0.0, 1.0, 0.0, 1.0)
    place = report.thresholds.threshold.index(0.5)
    called = (
        report.thresholds.true_positive[place]
        + (report.thresholds.false_positive[place])
    )
    assert called / report.labelled in looked_at


def test_a_cosine_of_nearly_nothing_has_no_sign() -> None:
    history = {"cosine/h0/h1": (np.asarray([1]), np.asarray([-0.001]))}
    figure = gradient_cosines(history, ["a", "b"])
    assert {">0.00<" in note.text for note in figure.layout.annotations} == {True}


def test_the_row_itself_is_circled_on_every_line() -> None:
    figure = response_curves("x", (0.0, 1.0, 2.0), responses(3), 1.0)
    circles = [t for t in figure.data if t.marker.symbol == "circle-open"]
    assert [len(circle.x) for circle in circles] == [1, 1, 4]
    assert {x for circle in circles for x in circle.x} == {1.0}


def test_classes_are_drawn_as_points_and_moments_as_dates() -> None:
    classes = response_curves("x", ("2020-01-01", "b"), responses(2))
    assert classes.data[0].mode == "markers"
    assert classes.layout.xaxis.type == "category"
    days = response_curves(
        "x", ("2020-01-01", "2020-01-02"), responses(2), moments=True
    )
    assert days.data[0].mode == "lines"
