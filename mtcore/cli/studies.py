"""`twins` and `sweep`: studies of a run that has been trained."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO

from mtcore.cli.progress import work_watched
from mtcore.cli.run_commands import finished_run
from mtcore.cli.store import open_store, tracking_uri
from mtcore.cli.text import as_json, as_table, number_text, safe
from mtcore.errors import InputError, RunError
from mtcore.home import Home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mtcore.runs.store.run import Run
    from mtcore.runs.store.study import Point, Study

INTERRUPTED = 130


def twins(asked: argparse.Namespace, home: Home, output: TextIO) -> int:
    """Train each head of a run alone and say whether sharing helped it."""
    from mtcore.runs.store.study import Twins

    run = finished_run(asked.run, home)
    if len(run.experiment.heads) < 2:
        msg = f"Run '{run.id}' has a single head, so it shares with none."
        raise InputError(msg, where=run.id)
    points, study_id, code = _done(run, Twins(seeds=asked.seeds), home)
    found = _twins_object(run, study_id, points)
    print(as_json(found) if asked.json else _twins_text(found), file=output)
    return code


def sweep(asked: argparse.Namespace, home: Home, output: TextIO) -> int:
    """Train a run with many weightings of its heads and list what each reaches."""
    from mtcore.runs.store.study import WeightSweep

    run = finished_run(asked.run, home)
    if sum(head.weight > 0.0 for head in run.experiment.heads) < 2:
        msg = f"Run '{run.id}' has no two heads with a weight above 0 to weigh."
        raise InputError(msg, where=run.id)
    study = WeightSweep(points=asked.points, searched=asked.search)
    points, study_id, code = _done(run, study, home)
    found = _sweep_object(run, study_id, points)
    print(as_json(found) if asked.json else _sweep_text(found), file=output)
    return code


def _done(run: Run, study: Study, home: Home) -> tuple[Sequence[Point], str, int]:
    """Do a study in this process and return its points, its id and the exit code."""
    from mtcore.runs.tasks.training.studying import run_study

    store = open_store(home)
    study_id = store.create(
        run.experiment, run.dataset_id, dataset_name=run.dataset_name,
        parent=run.id, study=study,
    )  # fmt: skip

    work = partial(run_study, study_id, str(home.root), tracking_uri())
    stopped = work_watched(store, study_id, work, sys.stderr)
    done = store.get(study_id)
    if done.status != "FINISHED":
        failure = done.failure or "The trainings ended without a result."
        raise RunError(failure, where=study_id)
    return store.points(study_id), study_id, INTERRUPTED if stopped else 0


def _twins_object(run: Run, study_id: str, points: Sequence[Point]) -> dict[str, Any]:
    from mtcore.search.judging import judged_by
    from mtcore.search.sharing import mean_gain, sharing_of

    heads = sharing_of(run.experiment, points)
    overall = mean_gain(heads)
    return {
        "run": run.id,
        "study": study_id,
        "heads": {
            found.head: {
                "metric": judged_by(head).name,
                "together": list(found.together),
                "alone": list(found.alone),
                "gain": found.gain and found.gain.value,
                "low": found.gain and found.gain.low,
                "high": found.gain and found.gain.high,
                "outcome": found.outcome,
                "sentence": found.sentence,
            }
            for head, found in zip(run.experiment.heads, heads, strict=True)
        },
        "mean_gain": overall and overall.value,
        "low": overall and overall.low,
        "high": overall and overall.high,
    }


def _sweep_object(run: Run, study_id: str, points: Sequence[Point]) -> dict[str, Any]:
    from mtcore.search.judging import judged_by
    from mtcore.search.sweep import weightings_of

    return {
        "run": run.id,
        "study": study_id,
        "metrics": {head.name: judged_by(head).name for head in run.experiment.heads},
        "points": [
            {
                "weights": one.point.trial.weights,
                "errors": dict(one.errors),
                "gains": dict(one.gains),
                "mean_gain": one.mean_gain,
                "worst_gain": one.worst_gain,
                "on_front": one.on_front,
                "own": one.own,
            }
            for one in weightings_of(run.experiment, points)
        ],
    }


def _twins_text(found: dict[str, Any]) -> str:
    rows = [
        (
            name, head["metric"], _mean(head["together"]), _mean(head["alone"]),
            _percent(head["gain"]), _percent(head["low"]), _percent(head["high"]),
        )
        for name, head in found["heads"].items()
    ]  # fmt: skip
    header = ("head", "metric", "together", "alone", "gain %", "from", "to")
    lines = [f"Twins of run {found['run']}, on the test rows", ""]
    lines += as_table(header, rows)
    lines.append("")
    lines += [
        f"{safe(name)}: {head['sentence']}" for name, head in found["heads"].items()
    ]
    return "\n".join(lines)


def _sweep_text(found: dict[str, Any]) -> str:
    rows = [
        (
            ", ".join(f"{name} {w:g}" for name, w in point["weights"].items()),
            ", ".join(number_text(error) for error in point["errors"].values()),
            _percent(point["mean_gain"]), _percent(point["worst_gain"]),
            "front" if point["on_front"] else "", "own" if point["own"] else "",
        )
        for point in found["points"]
    ]  # fmt: skip
    header = ("weights", "validation errors", "mean gain %", "worst", "", "")
    metrics = ", ".join(f"{safe(n)} {m}" for n, m in found["metrics"].items())
    lines = [f"Weightings of run {found['run']}: {metrics}", ""]
    return "\n".join([*lines, *as_table(header, rows)])


def _mean(errors: Sequence[float]) -> str:
    return number_text(sum(errors) / len(errors) if errors else None)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100.0 * share:.1f}"
