"""Results as people read them on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mtcore.cli.text import as_table, metrics_text, number_text, safe


def show_summary(summary: Mapping[str, Any]) -> str:
    """Return a run's summary, its object as `train --json` prints it."""
    seconds, rows = summary["seconds"], summary["rows"]
    lines = [
        f"Run {summary['run']}: {summary['status'].lower()}, best epoch "
        f"{summary['best_epoch']} of {summary['epochs']}, "
        f"{summary['parameters']:,} parameters"
        + (f" in {networks} networks" if (networks := summary["networks"]) > 1 else ""),
        f"Rows: {rows['train']:,} to train, {rows['validation']:,} to validate, "
        f"{rows['test']:,} to test",
        "Seconds: "
        + ", ".join(f"{name} {number_text(value)}" for name, value in seconds.items()),
        *_blended(summary["heads"]),
        "",
    ]
    return "\n".join([*lines, *_heads_table(summary["heads"], "test")])


def show_evaluation(evaluation: Mapping[str, Any]) -> str:
    """Return an evaluation, its object as `evaluate --json` prints it."""
    lines = [f"Run {evaluation['run']} on {evaluation['rows']:,} rows", ""]
    return "\n".join([*lines, *_heads_table(evaluation["heads"], "metrics")])


def show_runs(runs: Sequence[Mapping[str, Any]]) -> str:
    """Return a list of runs, its object as `runs --json` prints it."""
    if not runs:
        return "There is no run yet. Make one with 'train'."
    rows = []
    for run in runs:
        heads = "; ".join(
            f"{safe(name)}: {metrics_text(metrics)}"
            for name, metrics in run["heads"].items()
        )
        rows.append((run["run"], run["name"], run["status"], run["created"], heads))
    return "\n".join(as_table(("run", "name", "status", "created", "test"), rows))


def _blended(heads: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return how much of each head's answers is trees', where they were asked for."""
    shares = {name: head.get("trees") for name, head in heads.items()}
    said = [
        f"{safe(name)} {1.0 - share:.1f} network + {share:.1f} trees"
        for name, share in shares.items()
        if share is not None
    ]
    return [f"Answers: {', '.join(said)}"] if said else []


def _heads_table(heads: Mapping[str, Mapping[str, Any]], part: str) -> list[str]:
    """Return a line a head and metric, the constant prediction beside it."""
    rows = [
        (name, head["kind"], metric, number_text(value),
         number_text(head.get("baseline", {}).get(metric)))
        for name, head in heads.items()
        for metric, value in head[part].items()
    ]  # fmt: skip
    return as_table(("head", "kind", "metric", part, "constant prediction"), rows)
