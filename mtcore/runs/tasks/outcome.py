"""A trained model judged: outputs, reports and the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.splits import PARTS, RowSplit
from mtcore.data.table import Table
from mtcore.data.targets import head_targets
from mtcore.evaluation.baselines import constant_outputs
from mtcore.evaluation.metrics import Scores, score
from mtcore.evaluation.reports import HeadReport, build_report
from mtcore.runs.run import Run
from mtcore.runs.summary import HeadSummary, PartRows, RunSummary, Seconds
from mtcore.spec import Experiment, TargetEncoding, dump_yaml
from mtcore.spec.gates import GateReport

if TYPE_CHECKING:
    from mtcore.engine.trainer import Trained


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model says about every row, and how good that is.

    Args:
        targets: `(rows, k)` by the head's name, NaN where there is no label.
        outputs: `(rows, width)` by the head's name.
        reports: By part of the split and head's name.
        constant: Test metrics of the best constant prediction, by the head's name.
        gates: What the gates of an expert trunk weigh on validation rows.
    """

    targets: dict[str, FloatArray]
    outputs: dict[str, FloatArray]
    reports: dict[str, dict[str, HeadReport]]
    constant: dict[str, Scores]
    gates: GateReport | None


def judge(
    experiment: Experiment, table: Table, split: RowSplit, trained: Trained
) -> Judged:
    """Return what a trained model says about every row of its table."""
    from mtcore.engine.gate_reading import read_gates

    encodings = trained.encoding.heads
    targets = head_targets(experiment, encodings, table)
    outputs = trained.predict(table)
    reports = {
        part: {
            head.name: build_report(
                head,
                encodings[head.name],
                targets[head.name][split.rows(part)],
                outputs[head.name][split.rows(part)],
                split.rows(part),
            )
            for head in experiment.heads
        }
        for part in PARTS
    }
    constant = constant_scores(experiment, encodings, targets, split.test)
    gates = read_gates(experiment, trained, table.take(split.validation))
    return Judged(targets, outputs, reports, constant, gates)


def constant_scores(
    experiment: Experiment,
    encodings: Mapping[str, TargetEncoding],
    targets: Mapping[str, FloatArray],
    rows: RowArray,
) -> dict[str, Scores]:
    """Return the metrics of each head's best constant prediction on some rows."""
    return {
        head.name: score(
            head,
            encodings[head.name],
            targets[head.name][rows],
            constant_outputs(head, encodings[head.name], len(rows)),
        )
        for head in experiment.heads
    }


def summarise(
    run: Run,
    split: RowSplit,
    trained: Trained,
    judged: Judged,
    seconds: Seconds,
) -> RunSummary:
    """Return a finished run in a few numbers."""
    heads = {}
    for head in run.experiment.heads:
        reports = {part: judged.reports[part][head.name] for part in PARTS}
        heads[head.name] = HeadSummary(
            kind=head.kind,
            loss=head.loss,
            weight=head.weight,
            labelled=PartRows(**{part: reports[part].labelled for part in PARTS}),
            validation=reports["validation"].metrics,
            test=reports["test"].metrics,
            baseline=judged.constant[head.name],
        )
    return RunSummary(
        run=run.id,
        status="FINISHED",
        epochs=trained.epochs,
        best_epoch=trained.best_epoch,
        seconds=seconds,
        parameters=trained.parameters,
        rows=PartRows(**{part: len(split.rows(part)) for part in PARTS}),
        heads=heads,
    )


def shown_metrics(experiment: Experiment, judged: Judged) -> dict[str, float]:
    """Return the metrics that heads ask for, by the key that the store keeps."""
    return {
        f"{part}/{head_id}/{name}": value
        for head, head_id in zip(
            experiment.heads, experiment.head_ids().values(), strict=True
        )
        for part in PARTS
        for name in head.metrics
        if (value := judged.reports[part][head.name].metrics.get(name)) is not None
    }


def write_files(
    folder: Path,
    experiment: Experiment,
    split: RowSplit,
    trained: Trained,
    judged: Judged,
) -> None:
    """Write everything about a run but its summary into a folder.

    `model/` (the Keras file and its encoding), `encoding.json`, `experiment.yaml`,
    `reports.json`, `predictions/<part>.parquet`, and `gates.json` of experts.
    """
    from mtcore.engine.predictor import save_model

    save_model(trained, folder / "model")
    encoding = trained.encoding.model_dump_json()
    (folder / "encoding.json").write_text(encoding, encoding="utf-8")
    (folder / "experiment.yaml").write_text(dump_yaml(experiment), encoding="utf-8")
    reports = {
        part: {name: report.model_dump(mode="json") for name, report in heads.items()}
        for part, heads in judged.reports.items()
    }
    (folder / "reports.json").write_bytes(orjson.dumps(reports))
    if judged.gates is not None:
        gates = judged.gates.model_dump_json()
        (folder / "gates.json").write_text(gates, encoding="utf-8")
    (folder / "predictions").mkdir()
    for part in PARTS:
        table = _predictions(experiment, judged, split.rows(part))
        path = folder / "predictions" / f"{part}.parquet"
        pq.write_table(table, path, compression="zstd")


def _predictions(experiment: Experiment, judged: Judged, rows: RowArray) -> pa.Table:
    """Return targets and outputs of some rows, a column each."""
    columns: dict[str, pa.Array] = {"row": pa.array(rows)}
    for name, head_id in experiment.head_ids().items():
        for what, values, kind in (
            ("target", judged.targets[name], np.float64),
            # The network answers in single precision, so nothing is lost.
            ("output", judged.outputs[name], np.float32),
        ):
            for place in range(values.shape[1]):
                column = values[rows, place].astype(kind)
                columns[f"{head_id}/{what}/{place}"] = pa.array(column)
    return pa.table(columns)
