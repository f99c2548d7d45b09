"""Every chart there is, drawn from data with hostile names."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.binary import precision_recall, roc, score_histogram, threshold
from mtcore.charts.calibration import calibration
from mtcore.charts.classes import confusion, per_class
from mtcore.charts.columns import column_distribution
from mtcore.charts.comparison import Comparison, loss_shares, metric_comparison
from mtcore.charts.counts import count_tenths, rootogram
from mtcore.charts.coverage import Held, interval_coverage
from mtcore.charts.effects import average_curves
from mtcore.charts.front import Axis, Weighed, weight_front
from mtcore.charts.gains import gains
from mtcore.charts.gates import gate_weights
from mtcore.charts.importance import importance_sheet
from mtcore.charts.joint import error_correlations, wrong_at_once
from mtcore.charts.label_coverage import (
    labelled_together,
    parts_of_head,
    targets_related,
)
from mtcore.charts.learning_curves import History, learning_curves
from mtcore.charts.ledger import ledger_areas
from mtcore.charts.model_graph import model_graph
from mtcore.charts.quantiles import fan, level_coverage, range_widths
from mtcore.charts.ranks import off_by
from mtcore.charts.regression import (
    actual_against_predicted,
    residuals,
    residuals_by_input,
    residuals_by_prediction,
)
from mtcore.charts.responses import HeadResponse, response_curves
from mtcore.charts.sharing import gradient_cosines, gradient_shares
from mtcore.charts.tenths import error_tenths
from mtcore.charts.twins import Dumbbell, sharing_dumbbells
from mtcore.data.profile.profile import ColumnProfile
from mtcore.data.splits.coverage import Coverage, HeadCoverage
from mtcore.evaluation.conformal import Measured
from mtcore.evaluation.importance import ImportanceSheet, Shuffled
from mtcore.evaluation.joint import JointJudge, JointReport
from mtcore.evaluation.metrics import metrics_of
from mtcore.evaluation.reports import (
    HeadReport,
    build_report,
)
from tests.charts.networks import HOSTILE, gate_report, head_names, network, wired
from tests.evaluation.heads import (
    Case,
    binary_case,
    count_case,
    multiclass_case,
    multilabel_case,
    ordinal_case,
    quantile_case,
    regression_case,
)

CLASSES = (HOSTILE, f"{HOSTILE} 2", "plain")


def hostile(case: Case) -> Case:
    """Return a case whose head, columns and classes have hostile names."""
    head, encoding = case.head, case.encoding
    names = tuple(f"{HOSTILE} {place}" for place in range(len(encoding.classes)))
    columns = head.columns
    if head.target_kind == "number":
        columns = tuple(f"{HOSTILE} {place}" for place in range(len(head.columns)))
    return Case(
        head.model_copy(update={"name": HOSTILE, "columns": columns}),
        encoding.model_copy(update={"classes": names}),
        case.targets,
        case.outputs,
    )


def report_of(case: Case) -> HeadReport:
    """Return the report on all rows of a case."""
    rows = np.arange(len(case.targets), dtype=np.int64)
    return build_report(case.head, case.encoding, case.targets, case.outputs, rows)


def column(**changes: object) -> ColumnProfile:
    """Return the profile of a number, with changes."""
    usual: dict[str, object] = {
        "name": HOSTILE, "kind": "number", "reason": "", "rows": 1_000, "missing": 40,
        "distinct": 700, "minimum": 0.0, "maximum": 20.0, "mean": 9.0,
        "deviation": 2.0, "quantiles": (), "examples": (), "top": (),
        "histogram": tuple((float(i), i + 1.0, 10 * i) for i in range(20)),
    }  # fmt: skip
    return ColumnProfile(**(usual | changes))


def history(heads: int, epochs: int) -> History:
    """Return falling losses of heads, the validation rows above the others."""
    steps = np.arange(1, epochs + 1)
    falling = np.exp(-steps / 20.0)
    return {
        f"{part}/h{head}/loss": (steps, falling + above + 0.01 * head)
        for head in range(heads)
        for part, above in (("train", 0.0), ("validation", 0.05))
    }


def pulls(heads: int, epochs: int) -> History:
    """Return measured gradients and a ledger that adds up."""
    steps = np.arange(1, epochs + 1)
    falling = np.exp(-steps / 20.0)
    kept = {
        "ledger/total": (steps, falling * heads + 0.1),
        "ledger/regularisation": (steps, np.full(epochs, 0.1)),
    }
    for first in range(heads):
        kept[f"gradient_share/h{first}"] = (steps, np.full(epochs, 1.0 / heads))
        kept[f"ledger/h{first}/loss"] = (steps, falling / 2.0)
        kept[f"ledger/h{first}/weight"] = (steps, np.full(epochs, 2.0))
        for second in range(first + 1, heads):
            kept[f"cosine/h{first}/h{second}"] = (steps, 0.5 - falling)
            kept[f"conflict/h{first}/h{second}"] = (steps, falling)
    return kept


def responses(values: int) -> list[HeadResponse]:
    """Return one head of each look over so many values."""
    line = np.linspace(0.1, 0.6, values)
    classes = {f"{HOSTILE} {place}": line / (1 + place) for place in range(6)}
    return [
        HeadResponse(HOSTILE, 0, {HOSTILE: 10.0 * line}, chances=False),
        HeadResponse("two classes", 1, {"yes": line}, chances=True),
        HeadResponse("many", 2, classes, chances=True),
    ]


def comparisons() -> list[Comparison]:
    """Return heads above, below and beside their constant answer."""
    numbers, classes = metrics_of("regression"), metrics_of("binary")
    return [
        Comparison(HOSTILE, 0, numbers["rmse"], 1.0, 4.0, 0.5),
        Comparison("worse", 1, classes["accuracy"], 0.2, 0.8, None),
        Comparison("unknown", 2, classes["auc"], None, 0.5, 0.7),
    ]


def joint() -> JointReport:
    """Return how the mistakes of three heads go together."""
    judge = JointJudge()
    for case in (binary_case(), multiclass_case(), count_case()):
        named = case.head.model_copy(update={"name": f"{HOSTILE} {case.head.name}"})
        rows = np.arange(len(case.targets), dtype=np.int64)
        judge.add(named, case.encoding, (case.targets, case.outputs), rows)
    return judge.report()


def sheet(inputs: int) -> ImportanceSheet:
    """Return a sheet of two heads, the second of which no row was labelled for."""
    lines = tuple(
        Shuffled(
            columns=(f"{HOSTILE} {place}", "its like")[: 1 + place % 2],
            shares={HOSTILE: 1.2 - place, "b": None},
            errors={HOSTILE: 0.01, "b": None},
        )
        for place in range(inputs)
    )
    return ImportanceSheet(rows=500, repeats=2, groups=lines, members=lines[:1])


def held() -> list[Held]:
    """Return how often ranges held, of two heads alone and of both together."""
    measured = Measured(share=0.91, low=0.87, high=0.94, rows=200)
    return [
        Held(HOSTILE, 0, measured),
        Held("b", 1, measured),
        Held("", None, measured),
    ]


def dumbbells() -> list[Dumbbell]:
    """Return heads that gain, that lose much, and of one seed."""
    return [
        Dumbbell(HOSTILE, 0, "RMSE", (3.0, 3.2), (4.0, 4.4), (-0.4, -0.1)),
        Dumbbell("loses", 1, "log loss", (0.9, 0.8), (0.2, 0.3), (1.0, 4.0)),
        Dumbbell("one seed", 2, "1 - accuracy", (0.1,), (0.1,), None),
    ]


def weighed() -> list[Weighed]:
    """Return weightings on and off the front, the run's own and the chosen one."""
    shares = {HOSTILE: 0.4, "b": 0.6}
    return [
        Weighed(2.0, 2.0, shares, on_front=False, own=True),
        Weighed(1.0, 3.0, shares, on_front=True, chosen=True),
        Weighed(3.0, 1.0, shares, on_front=True),
        Weighed(3.0, 3.0, shares, on_front=False),
    ]


def coverage() -> Coverage:
    """Return the labels of two heads, one without any in a part."""
    rows = {"train": 7, "validation": 2, "test": 1}
    counts = {part: (count, 0, 0) for part, count in rows.items()}
    heads = tuple(
        HeadCoverage(name, rows, dict.fromkeys(rows, CLASSES[1:]), CLASSES, counts, n)
        for name, n in zip(head_names(2), (True, False), strict=True)
    )
    return Coverage(
        rows, heads, ((10, 4), (4, 10)), ((1.0, -0.5), (-0.5, float("nan")))
    )


def gallery() -> dict[str, go.Figure]:
    """Return every chart, by a name to tell it by."""
    regression = report_of(hostile(regression_case(columns=2)))
    binary = report_of(hostile(binary_case()))
    classes = report_of(hostile(multiclass_case()))
    labels = report_of(hostile(multilabel_case()))
    counts = report_of(hostile(count_case()))
    ranges = report_of(hostile(quantile_case(levels=(0.05, 0.25, 0.5, 0.75, 0.95))))
    ranks = report_of(hostile(ordinal_case()))
    bars = column(histogram=(), top=tuple((name, 9) for name in CLASSES), distinct=40)
    days = column(
        kind="datetime", histogram=tuple((i * 1e6, i * 1e6 + 1e6, i) for i in range(20))
    )
    names = head_names(2)
    return {
        "learning curves": learning_curves(history(2, 30), names, best_epoch=12),
        "learning curves in panels": learning_curves(history(9, 30), head_names(9)),
        "actual against predicted": actual_against_predicted(regression, 0, 1),
        "residuals": residuals(regression, 1),
        "residuals by input": residuals_by_input(
            regression, 1, 0, (HOSTILE, np.asarray(CLASSES * 100, dtype=object)[:270])
        ),
        "residuals by prediction": residuals_by_prediction(regression, 2),
        "roc": roc(binary, 3),
        "precision and recall": precision_recall(binary, 4),
        "threshold": threshold(binary, 5, 0.3),
        "score histogram": score_histogram(binary, 6),
        "calibration of two": calibration(binary, 7),
        "calibration of many": calibration(classes, 8),
        "confusion of two": confusion(binary, 0, 0.3),
        "confusion of many": confusion(classes, 1),
        "per class": per_class(classes, 2),
        "per label": per_class(labels, 3),
        "counts": actual_against_predicted(counts, 4),
        "rootogram": rootogram(counts, 5),
        "error by tenths": error_tenths(regression.columns[0], 1),
        "tenths": count_tenths(counts, 6),
        "fan": fan(ranges, 0),
        "levels": level_coverage(HOSTILE, ranges.levels, 1),
        "widths": range_widths(ranges, 2),
        "confusion of ranks": confusion(ranks, 3),
        "per rank": per_class(ranks, 4),
        "off by": off_by(ranks, 5),
        "calibration of ranks": calibration(ranks, 6),
        "numbers": column_distribution(column()),
        "values": column_distribution(bars),
        "days": column_distribution(days),
        "comparison": metric_comparison(comparisons()),
        "loss shares": loss_shares(dict.fromkeys(names, 1), dict.fromkeys(names, 0.5)),
        "error correlations": error_correlations(joint()),
        "wrong at once": wrong_at_once(joint()),
        "gains": gains(binary, 2),
        "importance": importance_sheet(sheet(4), [HOSTILE, "b"]),
        "average curves": average_curves(
            HOSTILE, (0.0, 1.0, 2.0), responses(3), [responses(3)] * 2
        ),
        "average curves of classes": average_curves(
            HOSTILE, CLASSES, responses(2), [responses(2)]
        ),
        "interval coverage": interval_coverage(held(), 0.9),
        "responses": response_curves(HOSTILE, (0.0, 1.0, 2.0), responses(3), 1.0),
        "responses of classes": response_curves(
            HOSTILE, CLASSES, responses(3), "plain"
        ),
        "responses of days": response_curves(
            HOSTILE, ("2024-01-01", "2024-01-02"), responses(2), moments=True
        ),
        "gates": gate_weights(gate_report(3, 2), 2),
        "gates of many": gate_weights(gate_report(100, 1), 1),
        "gates of several networks": gate_weights(gate_report(3, 2, 2), 1, network=2),
        "labelled together": labelled_together(coverage()),
        "targets related": targets_related(coverage()),
        "parts of a head": parts_of_head(coverage().heads[0]),
        "gradient cosines": gradient_cosines(pulls(3, 30), head_names(3)),
        "gradient shares": gradient_shares(pulls(3, 30), head_names(3)),
        "ledger": ledger_areas(pulls(3, 30), head_names(3)),
        "twins": sharing_dumbbells(dumbbells()),
        "front": weight_front(Axis(HOSTILE, "RMSE"), Axis("b", "loss"), weighed()),
        "model": model_graph(network(5, 2, 2, 1), names),
        "model of experts": model_graph(wired(2, 4), head_names(4)),
        "large model": model_graph(network(200, 7, 14, 4), head_names(14)),
    }  # fmt: skip
