"""A trained model judged: outputs, reports and the summary of a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson

from mtcore.arrays import FloatArray
from mtcore.data.splits.splits import PARTS, RowSplit
from mtcore.data.tables.stored import Rows
from mtcore.evaluation.baselines import constant_outputs
from mtcore.evaluation.bootstrap import metric_intervals
from mtcore.evaluation.conformal import Calibration, Intervals
from mtcore.evaluation.joint import JointJudge, JointReport
from mtcore.evaluation.metrics import Scores, Weights, score
from mtcore.evaluation.modalities import ModalityReport, judge_modalities
from mtcore.evaluation.reports import HeadReport, build_report
from mtcore.evaluation.reports.weighted import weigh_metrics
from mtcore.evaluation.temperature import Tempered, tempered
from mtcore.runs.store.file_names import INTERVALS_FILE, JOINT_FILE, TEMPERATURES_FILE
from mtcore.runs.store.run import Run
from mtcore.runs.store.summary import HeadSummary, PartRows, RunSummary, Seconds
from mtcore.runs.tasks.judging.answers import (
    MOST_JUDGED,
    Answers,
    Respondent,
    read_answers,
    write_answers,
)
from mtcore.spec import (
    BinaryHead,
    Experiment,
    Head,
    MulticlassHead,
    TargetEncoding,
    dump_yaml,
)
from mtcore.spec.gates import GateReport

if TYPE_CHECKING:
    from mtcore.engine.training.trainer import Trained


@dataclass(frozen=True, slots=True)
class Judged:
    """How good what a model says is.

    Args:
        split: The rows judged: those of the run's split, but for validation rows that
            nothing can be honestly said of.
        reports: By part of the split and head's name.
        labelled: Rows with a label, by part of the split and head's name.
        constant: Test metrics of the best constant prediction, by the head's name.
        gates: What the gates of an expert trunk weigh on validation rows.
        intervals: Ranges and sets around the answers, calibrated on half of the test
            rows.
        modalities: What tables, texts and pictures bring, where there are several.
        joint: How the mistakes of all heads go together on the test rows.
        temperatures: What a temperature, fitted on validation rows, does to the test
            rows' probabilities, by the head's name; where a head has classes.
    """

    split: RowSplit
    reports: dict[str, dict[str, HeadReport]]
    labelled: dict[str, dict[str, int]]
    constant: dict[str, Scores]
    gates: GateReport | None
    intervals: Intervals
    joint: JointReport
    temperatures: dict[str, Tempered]
    modalities: ModalityReport | None = None


def judge(
    experiment: Experiment,
    table: Rows,
    split: RowSplit,
    trained: Trained,
    folder: Path,
) -> Judged:
    """Return how good a trained model is, and keep what it says about every row.

    Where it learned from validation rows too, its own answers for them would look
    better than it is: those of models that held them out are judged and kept.

    Args:
        experiment: What was trained.
        table: Every row.
        split: Which of them belong to which part.
        trained: The model.
        folder: Gets `predictions/<part>.parquet`.
    """
    from mtcore.engine.served.gate_reading import MOST_ROWS, read_gates

    encodings = trained.encoding.heads
    if trained.held_out is not None:
        split = replace(split, validation=trained.held_out.rows)
    kept = folder / "predictions"
    kept.mkdir()
    parts = {part: split.rows(part) for part in PARTS}
    write_answers(kept, experiment, table, parts, Respondent(trained, trained.held_out))
    cells = sum(len(head.columns) for head in experiment.heads)
    calibration = Calibration(min(len(split.test), MOST_JUDGED), cells, experiment.seed)
    looked_at = table.take(split.validation[:MOST_ROWS])
    reports: dict[str, dict[str, HeadReport]] = {part: {} for part in PARTS}
    labelled: dict[str, dict[str, int]] = {part: {} for part in PARTS}
    constant, temperatures = {}, {}
    joint = JointJudge()
    for head in experiment.heads:
        head_id, encoding = experiment.head_ids()[head.name], encodings[head.name]
        answered = {}
        for part in PARTS:
            said = read_answers(kept / f"{part}.parquet", head_id)
            labelled[part][head.name] = said.labelled
            report = _report(head, encoding, said)
            if part == "test":
                report = _with_intervals(report, head, encoding, said, experiment.seed)
                constant[head.name] = constant_score(
                    head, encoding, said.targets, said.weights
                )
                joint.add(head, encoding, (said.targets, said.outputs), said.rows)
            reports[part][head.name] = report
            if part != "train":
                answered[part] = said.targets, said.outputs
        calibration.add(head, encoding, **answered)
        found = _tempered(head, answered["validation"], answered["test"])
        if found is not None:
            temperatures[head.name] = found
    return Judged(
        split=split,
        reports=reports,
        labelled=labelled,
        constant=constant,
        gates=read_gates(experiment, trained, looked_at),
        intervals=calibration.finish(),
        modalities=judge_modalities(
            experiment, encodings, trained.predict, table, split.test
        ),
        joint=joint.report(),
        temperatures=temperatures,
    )


def _tempered(
    head: Head,
    validation: tuple[FloatArray, FloatArray],
    test: tuple[FloatArray, FloatArray],
) -> Tempered | None:
    """Return what a temperature does; None for heads that do not answer one class."""
    match head:
        case BinaryHead():
            both = [(t[:, 0], np.concatenate([1.0 - o, o], 1))
                    for t, o in (validation, test)]  # fmt: skip
        case MulticlassHead():
            both = [(t[:, 0], o) for t, o in (validation, test)]
        case _:
            return None
    return tempered(both[0], both[1])


def _report(head: Head, encoding: TargetEncoding, said: Answers) -> HeadReport:
    report = build_report(head, encoding, said.targets, said.outputs, said.rows)
    answers = said.targets, said.outputs
    return weigh_metrics(report, head, encoding, answers, said.weights)


def _with_intervals(
    report: HeadReport, head: Head, encoding: TargetEncoding, said: Answers, seed: int
) -> HeadReport:
    answered = said.targets, said.outputs, said.weights
    sure = metric_intervals(head, encoding, answered, report.metrics, seed)
    return report.model_copy(update={"intervals": sure})


def constant_score(
    head: Head, encoding: TargetEncoding, targets: FloatArray, weights: Weights = None
) -> Scores:
    """Return the metrics of a head's best constant prediction on targets."""
    constant = constant_outputs(head, encoding, len(targets))
    return score(head, encoding, targets, constant, weights)


def summarise(
    run: Run, trained: Trained, judged: Judged, seconds: Seconds
) -> RunSummary:
    """Return a finished run in a few numbers."""
    heads = {}
    shares = {} if trained.blend is None else trained.blend.shares
    for head in run.experiment.heads:
        reports = {part: judged.reports[part][head.name] for part in PARTS}
        heads[head.name] = HeadSummary(
            kind=head.kind,
            loss=head.loss,
            weight=head.weight,
            labelled=PartRows(
                **{part: judged.labelled[part][head.name] for part in PARTS}
            ),
            validation=reports["validation"].metrics,
            test=reports["test"].metrics,
            baseline=judged.constant[head.name],
            trees=shares.get(head.name),
        )
    return RunSummary(
        run=run.id,
        status="FINISHED",
        epochs=trained.epochs,
        best_epoch=trained.best_epoch,
        seconds=seconds,
        parameters=trained.parameters,
        networks=trained.networks,
        rows=PartRows(**{part: len(judged.split.rows(part)) for part in PARTS}),
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
    folder: Path, experiment: Experiment, trained: Trained, judged: Judged
) -> None:
    """Write all but summary and predictions of a run into a folder.

    `model/` (the Keras file and its encoding), `encoding.json`, `experiment.yaml`,
    `reports.json`, `intervals.json`, `gates.json` of experts,
    and `modalities.json` where tables, texts and pictures come together.
    `reports.json`, `intervals.json`, `joint.json`, `temperatures.json`, and
    `gates.json` of experts.
    """
    from mtcore.engine.served.predictor import save_model

    save_model(trained, folder / "model")
    encoding = trained.encoding.model_dump_json()
    (folder / "encoding.json").write_text(encoding, encoding="utf-8")
    (folder / "experiment.yaml").write_text(dump_yaml(experiment), encoding="utf-8")
    reports = {
        part: {name: report.model_dump(mode="json") for name, report in heads.items()}
        for part, heads in judged.reports.items()
    }
    (folder / "reports.json").write_bytes(orjson.dumps(reports))
    intervals = judged.intervals.model_dump_json()
    (folder / INTERVALS_FILE).write_text(intervals, encoding="utf-8")
    joint = judged.joint.model_dump_json()
    (folder / JOINT_FILE).write_text(joint, encoding="utf-8")
    temperatures = {
        name: found.model_dump(mode="json")
        for name, found in judged.temperatures.items()
    }
    (folder / TEMPERATURES_FILE).write_bytes(orjson.dumps(temperatures))
    if judged.gates is not None:
        gates = judged.gates.model_dump_json()
        (folder / "gates.json").write_text(gates, encoding="utf-8")
    if judged.modalities is not None:
        brought = judged.modalities.model_dump_json()
        (folder / "modalities.json").write_text(brought, encoding="utf-8")
