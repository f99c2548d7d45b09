"""Reports hold what charts need: counted right, small, and whole in JSON."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy.stats import poisson
from sklearn import metrics as reference

from mtcore.evaluation.metrics import score
from mtcore.evaluation.reports import (
    BinaryReport,
    CountReport,
    HeadReport,
    MulticlassReport,
    MultilabelReport,
    OrdinalReport,
    QuantileReport,
    RegressionReport,
    build_report,
)
from mtcore.evaluation.reports.parts import reliability
from mtcore.spec import MultilabelHead
from mtcore.spec.heads.ordinal import likely_ranks
from tests.evaluation.heads import (
    Case,
    binary_case,
    count_case,
    every_kind,
    multiclass_case,
    multilabel_case,
    ordinal_case,
    quantile_case,
    regression_case,
)

ADAPTER: TypeAdapter[HeadReport] = TypeAdapter(HeadReport)


def report_of(case: Case, first_row: int = 0) -> HeadReport:
    rows = np.arange(len(case.targets), dtype=np.int64) + first_row
    return build_report(case.head, case.encoding, case.targets, case.outputs, rows)


def test_every_report_survives_json() -> None:
    for case in every_kind().values():
        report = report_of(case)
        assert ADAPTER.validate_json(ADAPTER.dump_json(report)) == report


def test_every_report_counts_rows_and_carries_the_metrics() -> None:
    for case in every_kind().values():
        report = report_of(case)
        assert report.head == case.head.name
        assert report.rows == len(case.targets)
        assert report.labelled == case.known.sum()
        assert report.unanswered == 0
        assert report.metrics == score(
            case.head, case.encoding, case.targets, case.outputs
        )


def test_a_part_without_labels_has_an_empty_report() -> None:
    for case in every_kind().values():
        nothing = Case(
            case.head, case.encoding, np.full_like(case.targets, np.nan), case.outputs
        )
        report = report_of(nothing)
        assert report.labelled == 0
        assert set(report.metrics.values()) == {None}
        assert ADAPTER.validate_json(ADAPTER.dump_json(report)) == report


def test_rows_that_were_not_answered_are_counted_and_drawn_nowhere() -> None:
    for case in every_kind().values():
        broken = case.outputs.copy()
        places = np.flatnonzero(case.known)[:3]
        broken[places] = np.nan
        report = report_of(Case(case.head, case.encoding, case.targets, broken))
        assert report.unanswered == 3
        assert ADAPTER.validate_json(ADAPTER.dump_json(report)) == report


def test_a_large_report_stays_small() -> None:
    case = regression_case(rows=50_000)
    report = report_of(case)
    assert isinstance(report, RegressionReport)
    assert len(report.columns[0].rows) == 1_000
    assert len(report.model_dump_json()) < 80_000
    large = report_of(binary_case(rows=50_000))
    assert isinstance(large, BinaryReport)
    assert len(large.roc.x) <= 400
    assert len(large.model_dump_json()) < 60_000


def test_the_sample_is_the_same_every_time() -> None:
    case = regression_case(rows=5_000)
    assert report_of(case) == report_of(case)


def test_a_regression_report_names_rows_by_their_number_in_the_table() -> None:
    case = regression_case(rows=50)
    report = report_of(case, first_row=1_000)
    assert isinstance(report, RegressionReport)
    column = report.columns[0]
    for row, actual, predicted in zip(
        column.rows, column.actual, column.predicted, strict=True
    ):
        assert actual == case.targets[row - 1_000, 0]
        assert predicted == case.outputs[row - 1_000, 0]


def test_the_worst_rows_are_those_furthest_off() -> None:
    case = regression_case()
    report = report_of(case)
    assert isinstance(report, RegressionReport)
    distance = np.abs(case.targets - case.outputs)[:, 0]
    expected = np.argsort(-np.nan_to_num(distance, nan=-1.0))[:10]
    assert [entry.row for entry in report.columns[0].worst] == expected.tolist()


def test_residuals_are_counted_once_each() -> None:
    case = regression_case(rows=1_000)
    report = report_of(case)
    assert isinstance(report, RegressionReport)
    column = report.columns[0]
    counted = sum(column.residuals.counts) + column.residuals.outside
    assert counted == column.labelled
    assert column.residuals.outside <= 0.01 * column.labelled + 1
    assert 0.0 in np.round(column.residuals.edges, 12)
    off = (case.outputs - case.targets)[case.known, 0]
    assert column.bias == pytest.approx(off.mean())
    assert column.ninety_within == pytest.approx(np.quantile(np.abs(off), 0.9))


def test_exact_predictions_have_a_report_too() -> None:
    case = regression_case()
    exact = np.nan_to_num(case.targets)
    report = report_of(Case(case.head, case.encoding, case.targets, exact))
    assert isinstance(report, RegressionReport)
    assert sum(report.columns[0].residuals.counts) == report.labelled


def test_thresholds_agree_with_counting() -> None:
    case = binary_case()
    report = report_of(case)
    assert isinstance(report, BinaryReport)
    actual = case.targets[case.known, 0] > 0.5
    table = report.thresholds
    assert len(table.threshold) == 101
    for place in (0, 30, 50, 100):
        called = case.outputs[case.known, 0] >= table.threshold[place]
        counted = reference.confusion_matrix(actual, called, labels=[False, True])
        assert counted.ravel().tolist() == [
            table.true_negative[place],
            table.false_positive[place],
            table.false_negative[place],
            table.true_positive[place],
        ]


def test_roc_encloses_the_area_that_is_reported() -> None:
    report = report_of(binary_case(rows=300))
    assert isinstance(report, BinaryReport)
    area = np.trapezoid(report.roc.y, report.roc.x)
    assert area == pytest.approx(report.metrics["auc"], abs=0.002)
    assert (report.roc.x[0], report.roc.y[0], report.roc.thresholds[0]) == (0, 0, None)
    assert (report.roc.x[-1], report.roc.y[-1]) == (1, 1)


def test_precision_and_recall_start_with_no_row_called_positive() -> None:
    report = report_of(binary_case())
    assert isinstance(report, BinaryReport)
    curve = report.precision_recall
    assert (curve.x[0], curve.y[0], curve.thresholds[0]) == (0.0, 1.0, None)
    assert curve.x[-1] == 1.0


def test_one_class_alone_has_no_curve_but_counts() -> None:
    case = binary_case(rows=5)
    report = report_of(
        Case(case.head, case.encoding, np.zeros((5, 1)), np.full((5, 1), 0.2))
    )
    assert isinstance(report, BinaryReport)
    assert report.roc.x == ()
    assert report.precision_recall.x == ()
    assert report.thresholds.true_negative[50] == 5


def test_the_score_histogram_counts_every_labelled_row() -> None:
    case = binary_case()
    report = report_of(case)
    assert isinstance(report, BinaryReport)
    assert sum(report.histogram.positive) == report.positives
    assert sum(report.histogram.negative) == report.labelled - report.positives


def test_mistakes_are_wrong_and_the_most_confident_come_first() -> None:
    case = binary_case()
    report = report_of(case)
    assert isinstance(report, BinaryReport)
    assert len(report.worst) == 10
    chances = [mistake.chance for mistake in report.worst]
    assert chances == sorted(chances)
    for mistake in report.worst:
        assert mistake.actual != mistake.predicted
        assert mistake.chance < 0.5
        positive = case.targets[mistake.row, 0] == 1.0
        assert mistake.actual == ("yes" if positive else "no")


def test_reliability_bins_hold_equally_many_rows_and_all_of_them() -> None:
    random = np.random.default_rng(0)
    chance = random.random(1_000)
    bins = reliability(chance, random.random(1_000) < chance)
    assert [entry.rows for entry in bins] == [100] * 10
    for entry in bins:
        assert entry.low <= entry.observed <= entry.high
        assert entry.low <= entry.predicted <= entry.high or entry.rows < 1_000


def test_rows_of_one_probability_stay_in_one_bin() -> None:
    chance = np.array([0.2] * 50 + [0.7] * 50)
    bins = reliability(chance, chance > 0.5)
    assert [(entry.rows, round(entry.predicted, 6)) for entry in bins] == [
        (50, 0.2),
        (50, 0.7),
    ]
    assert reliability(np.empty(0), np.empty(0, dtype=np.bool_)) == []


def test_confusion_and_classes_are_scikit_learns() -> None:
    case = multiclass_case()
    report = report_of(case)
    assert isinstance(report, MulticlassReport)
    actual = case.targets[case.known, 0].astype(int)
    called = case.outputs[case.known].argmax(axis=1)
    expected = reference.confusion_matrix(actual, called, labels=range(5))
    assert np.asarray(report.confusion.counts).tolist() == expected.tolist()
    assert report.confusion.together == 0
    precision, recall, f1, support = reference.precision_recall_fscore_support(
        actual, called, labels=range(5)
    )
    for code, entry in enumerate(report.per_class):
        assert entry.name == f"class {code}"
        assert entry.precision == pytest.approx(precision[code])
        assert entry.recall == pytest.approx(recall[code])
        assert entry.f1 == pytest.approx(f1[code])
        assert entry.support == support[code]


def test_rare_classes_are_put_together_without_losing_a_row() -> None:
    case = multiclass_case(rows=3_000, classes=80)
    report = report_of(case)
    assert isinstance(report, MulticlassReport)
    assert len(report.confusion.classes) == 30
    assert report.confusion.together == 51
    assert np.sum(report.confusion.counts) == report.labelled
    assert len(report.per_class) == 80


def test_a_class_that_neither_occurs_nor_is_predicted_has_no_scores() -> None:
    case = multiclass_case(rows=2)
    outputs = np.zeros((2, 5))
    outputs[:, 1] = 1.0
    report = report_of(
        Case(case.head, case.encoding, np.array([[1.0], [2.0]]), outputs)
    )
    assert isinstance(report, MulticlassReport)
    assert report.per_class[4].f1 is None
    assert report.per_class[2].recall == 0.0
    assert report.per_class[2].precision is None


def test_observed_and_expected_counts_are_of_all_rows() -> None:
    case = count_case(rows=2_000)
    report = report_of(case)
    assert isinstance(report, CountReport)
    actual, means = case.targets[case.known, 0], case.outputs[case.known, 0]
    assert sum(b.observed for b in report.bins) == report.labelled
    assert sum(b.expected for b in report.bins) == pytest.approx(report.labelled)
    assert report.bins[0].observed == (actual == 0).sum()
    assert report.bins[2].expected == pytest.approx(poisson.pmf(2, means).sum())
    last = report.bins[-1]
    assert (last.high, last.observed) == (None, (actual >= last.low).sum())


def test_tenths_hold_all_rows_from_the_lowest_prediction_on() -> None:
    case = count_case(rows=1_000)
    report = report_of(case)
    assert isinstance(report, CountReport)
    assert len(report.tenths) == 10
    assert sum(tenth.rows for tenth in report.tenths) == report.labelled
    means = [tenth.predicted for tenth in report.tenths]
    assert means == sorted(means)
    assert all(tenth.low <= tenth.actual <= tenth.high for tenth in report.tenths)
    whole = sum(tenth.rows * (tenth.deviance or 0.0) for tenth in report.tenths)
    deviance = report.metrics["poisson_deviance"]
    assert whole / report.labelled == pytest.approx(deviance)


def test_large_counts_share_bins() -> None:
    case = count_case()
    many = Case(case.head, case.encoding, case.targets * 1e6, case.outputs * 1e6)
    report = report_of(many)
    assert isinstance(report, CountReport)
    assert len(report.bins) <= 30
    assert sum(b.observed for b in report.bins) == report.labelled


def test_levels_are_counted_and_ranges_shown_from_low_to_high() -> None:
    case = quantile_case(rows=3_000)
    report = report_of(case)
    assert isinstance(report, QuantileReport)
    actual = case.targets[case.known, 0]
    for place, entry in enumerate(report.levels):
        share = (actual <= case.outputs[case.known, place]).mean()
        assert entry.share == pytest.approx(share)
        assert entry.low <= entry.level <= entry.high
    assert np.mean([entry.pinball for entry in report.levels]) == pytest.approx(
        report.metrics["pinball"]
    )
    assert len(report.rows_shown) == 1_000
    assert list(report.quantiles[1]) == sorted(report.quantiles[1])
    for row, value in zip(report.rows_shown, report.actual, strict=True):
        assert case.targets[row, 0] == value


def test_the_rows_furthest_outside_their_range_come_first() -> None:
    case = quantile_case()
    report = report_of(case)
    assert isinstance(report, QuantileReport)
    off = [max(e.low - e.actual, e.actual - e.high) for e in report.worst]
    assert off == sorted(off, reverse=True)
    assert off[-1] > 0.0
    assert sum(report.widths.counts) + report.widths.outside == report.labelled


def test_ranks_are_counted_by_how_far_they_are_off() -> None:
    case = ordinal_case()
    report = report_of(case)
    assert isinstance(report, OrdinalReport)
    actual = case.targets[case.known, 0].astype(int)
    off = likely_ranks(case.outputs[case.known]) - actual
    assert report.off_by == tuple(int((off == k).sum()) for k in range(-3, 4))
    assert report.within(0) == pytest.approx(report.metrics["accuracy"])
    assert report.within(1) == pytest.approx(np.mean(np.abs(off) <= 1))
    assert report.within(3) == 1.0
    assert report.confusion.classes == ("bad", "poor", "fair", "good")
    assert [e.ranks for e in report.worst] == sorted(
        (e.ranks for e in report.worst), reverse=True
    )


def test_labels_are_scored_over_the_rows_that_know_them() -> None:
    case = multilabel_case()
    report = report_of(case)
    assert isinstance(report, MultilabelReport)
    for place, entry in enumerate(report.labels):
        known = ~np.isnan(case.targets[:, place])
        actual = case.targets[known, place]
        chance = case.outputs[known, place]
        assert entry.labelled == known.sum()
        assert entry.support == actual.sum()
        assert entry.f1 == pytest.approx(reference.f1_score(actual, chance >= 0.5))
        assert entry.auc == pytest.approx(reference.roc_auc_score(actual, chance))


def test_each_label_is_looked_at_as_a_head_of_its_own() -> None:
    case = multilabel_case()
    report = report_of(case, first_row=500)
    assert isinstance(report, MultilabelReport)
    for place, entry in enumerate(report.labels):
        closer = entry.closer
        assert closer is not None
        assert (closer.head, closer.classes) == (entry.name, ("no", "yes"))
        assert (closer.labelled, closer.positives) == (entry.labelled, entry.support)
        assert closer.metrics["auc"] == pytest.approx(entry.auc)
        assert closer.thresholds.true_positive[50] == entry.true_positive
        assert (closer.roc.x[0], closer.roc.y[-1]) == (0.0, 1.0)
        assert len(closer.roc.x) <= 100
        worst = closer.worst[0]
        known = ~np.isnan(case.targets[:, place])
        gap = np.abs(case.targets[:, place] - case.outputs[:, place])
        assert worst.row == 500 + np.flatnonzero(known)[gap[known].argmax()]
        assert worst.chance == pytest.approx(1.0 - gap[known].max())


def test_of_very_many_labels_the_first_ones_are_looked_at() -> None:
    case = multilabel_case()
    names = tuple(f"label {place}" for place in range(33))
    encoding = case.encoding.model_copy(
        update={"classes": names, "constant": (0.5,) * 33, "prior": (0.5,) * 33}
    )
    head = MultilabelHead(name="many", columns=names)
    targets, outputs = (np.tile(a, 11) for a in (case.targets, case.outputs))
    report = build_report(head, encoding, targets, outputs, np.arange(len(targets)))
    assert isinstance(report, MultilabelReport)
    looked_at = [entry.closer is not None for entry in report.labels]
    assert looked_at == [True] * 30 + [False] * 3


def test_errors_are_told_by_tenths_of_the_value() -> None:
    case = regression_case(rows=1_000)
    report = report_of(case)
    assert isinstance(report, RegressionReport)
    tenths = report.columns[0].tenths
    assert len(tenths) == 10
    assert sum(tenth.rows for tenth in tenths) == int(case.known.sum())
    actual = case.targets[case.known][:, 0]
    lowest = np.argsort(actual)[: tenths[0].rows]
    off = (case.outputs - case.targets)[case.known][lowest, 0]
    assert tenths[0].error == pytest.approx(np.abs(off).mean())
    assert tenths[0].bias == pytest.approx(off.mean())
    assert tenths[0].high <= tenths[1].low


def test_the_most_frequent_confusions_come_with_rows() -> None:
    case = multiclass_case()
    report = report_of(case, first_row=500)
    assert isinstance(report, MulticlassReport)
    first = report.confused[0]
    counts = np.asarray(report.confusion.counts)
    off = counts - np.diag(np.diag(counts))
    assert first.rows == off.max()
    actual = report.confusion.classes.index(first.actual)
    assert first.share == pytest.approx(first.rows / counts[actual].sum())
    for row in first.examples:
        place = row - 500
        assert case.targets[place, 0] == actual
        said = case.outputs[place].argmax()
        assert report.confusion.classes[said] == first.predicted
