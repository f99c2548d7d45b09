"""How a run is written into MLflow's tags, and read back.

Everything that a list of runs shows is in tags, so that one question to the store
answers it. A tag holds 5,000 characters in older servers, so longer texts are spread
over several.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal, cast, get_args

import orjson
from mlflow.entities import Run as StoredRun
from pydantic import TypeAdapter

from mtcore.runs.store.run import INTERRUPTED_AFTER_S, EndedBy, Run, RunProgress, Status
from mtcore.runs.store.study import Point, Study
from mtcore.runs.store.summary import RunSummary
from mtcore.spec import Experiment

DATASET = "branchboard.dataset"
DATASET_NAME = "branchboard.dataset_name"
PARENT = "branchboard.parent"
EXPERIMENT = "branchboard.experiment"
PROGRESS = "branchboard.progress"
HEARTBEAT = "branchboard.heartbeat"
STOP = "branchboard.stop"
FAILURE = "branchboard.failure"
SUMMARY = "branchboard.summary"
ATTEMPTS = "branchboard.attempts"
DELETED = "branchboard.deleted"
STUDY = "branchboard.study"
POINT = "branchboard.point"
# Where MLflow's own page shows and edits it.
NOTE = "mlflow.note.content"
LABELS = "branchboard.labels"
ARCHIVED = "branchboard.archived"
LONGEST_NOTE, LONGEST_LABEL, MOST_LABELS = 2_000, 40, 20
ENDED_BY = "ended_by"

PIECE = 4_000
Tags = Mapping[str, str]
_STUDIES: TypeAdapter[Study] = TypeAdapter(Study)
StoredStatus = Literal["SCHEDULED", "RUNNING", "FINISHED", "FAILED", "KILLED"]


def in_pieces(name: str, text: str) -> dict[str, str]:
    """Return a text of any length as tags.

    Examples:
        >>> list(in_pieces("summary", "x" * 5_000))
        ['summary.0', 'summary.1']
    """
    starts = range(0, max(len(text), 1), PIECE)
    pieces = [text[start : start + PIECE] for start in starts]
    return {f"{name}.{index}": piece for index, piece in enumerate(pieces)}


def from_pieces(name: str, tags: Tags) -> str:
    """Return the text that `in_pieces` took apart; empty where there is none."""
    pieces: list[str] = []
    while (key := f"{name}.{len(pieces)}") in tags:
        pieces.append(tags[key])
    return "".join(pieces)


def creation_tags(
    experiment: Experiment,
    dataset_id: str,
    dataset_name: str,
    parent: str | None,
    study: Study | None = None,
) -> dict[str, str]:
    """Return the tags of a new run."""
    return {
        **({} if study is None else {STUDY: study.model_dump_json()}),
        DATASET: dataset_id,
        DATASET_NAME: dataset_name[:PIECE],
        PARENT: parent or "",
        PROGRESS: RunProgress(stage="waiting").model_dump_json(),
        **in_pieces(EXPERIMENT, experiment.model_dump_json()),
    }


def progress_tags(progress: RunProgress, now: datetime) -> dict[str, str]:
    """Return the tags of a sign of life."""
    return {PROGRESS: progress.model_dump_json(), HEARTBEAT: now.isoformat()}


def read_run(stored: StoredRun, now: datetime) -> Run:
    """Return a run as people see it.

    Args:
        stored: MLflow's `Run` entity.
        now: To tell whether a running one still gives signs of life.

    Raises:
        ValueError: The store holds something else than a run of ours.
    """
    tags: Tags = stored.data.tags
    if DATASET not in tags:
        msg = f"Run {stored.info.run_id} was not made by Branchboard."
        raise ValueError(msg)
    created = _moment(stored.info.start_time)
    heartbeat = _heartbeat(tags)
    status = shown_status(stored.info.status, heartbeat or created, now)
    progress, summary = tags.get(PROGRESS), from_pieces(SUMMARY, tags)
    study = tags.get(STUDY)
    ended_by = tags.get(ENDED_BY)
    ended = stored.info.end_time if status in ("FINISHED", "FAILED", "KILLED") else None
    return Run(
        id=stored.info.run_id,
        name=stored.info.run_name or "Untitled",
        status=status,
        ended_by=cast(EndedBy, ended_by) if ended_by in get_args(EndedBy) else None,
        created=created,
        ended=None if ended is None else _moment(ended),
        dataset_id=tags[DATASET],
        dataset_name=tags.get(DATASET_NAME, ""),
        parent=tags.get(PARENT) or None,
        experiment=Experiment.model_validate_json(from_pieces(EXPERIMENT, tags)),
        progress=RunProgress.model_validate_json(progress) if progress else None,
        failure=tags.get(FAILURE) or None,
        summary=RunSummary.model_validate_json(summary) if summary else None,
        heartbeat=heartbeat,
        stopping=bool(tags.get(STOP)),
        deleted_at=_deleted_at(stored, heartbeat or created),
        study=_STUDIES.validate_json(study) if study else None,
        note=tags.get(NOTE, ""),
        labels=_labels(tags.get(LABELS)),
        archived=bool(tags.get(ARCHIVED)),
    )


def about_tags(note: str, labels: Iterable[str]) -> dict[str, str]:
    """Return the tags of what people write about a run, cut to what a tag holds."""
    words = (" ".join(label.split())[:LONGEST_LABEL] for label in labels)
    kept = [word for word in dict.fromkeys(words) if word][:MOST_LABELS]
    return {
        NOTE: note.strip()[:LONGEST_NOTE],
        LABELS: orjson.dumps(kept).decode(),
    }


def point_tags(point: Point) -> dict[str, str]:
    """Return the tags of one training of a study."""
    return in_pieces(f"{POINT}.{point.trial.place}", point.model_dump_json())


def read_points(tags: Tags) -> tuple[Point, ...]:
    """Return the trainings of a study that are done, in their order."""
    places = {
        int(key.removeprefix(f"{POINT}.").partition(".")[0])
        for key in tags
        if key.startswith(f"{POINT}.")
    }
    return tuple(
        Point.model_validate_json(from_pieces(f"{POINT}.{place}", tags))
        for place in sorted(places)
    )


def shown_status(stored: StoredStatus, last_sign: datetime, now: datetime) -> Status:
    """Return a status as people see it.

    Examples:
        >>> moment = datetime(2026, 1, 1, tzinfo=UTC)
        >>> shown_status("RUNNING", moment, moment)
        'RUNNING'
        >>> shown_status("RUNNING", moment, moment.replace(minute=1))
        'INTERRUPTED'
    """
    silent_s = (now - last_sign).total_seconds()
    if stored == "RUNNING" and silent_s > INTERRUPTED_AFTER_S:
        return "INTERRUPTED"
    return stored


def _deleted_at(stored: StoredRun, last_sign: datetime) -> datetime | None:
    if stored.info.lifecycle_stage != "deleted":
        return None
    # Where MLflow's own page deleted it, nobody wrote down when.
    text = stored.data.tags.get(DELETED)
    return datetime.fromisoformat(text) if text else last_sign


def _labels(text: str | None) -> tuple[str, ...]:
    # Another program may have written something else there.
    try:
        found = orjson.loads(text) if text else []
    except orjson.JSONDecodeError:
        return ()
    return tuple(str(word) for word in found) if isinstance(found, list) else ()


def _heartbeat(tags: Tags) -> datetime | None:
    text = tags.get(HEARTBEAT)
    return datetime.fromisoformat(text) if text else None


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def facts_of(experiment: Experiment) -> dict[str, str]:
    """Return what people who look with MLflow's own page would search for."""
    training = experiment.training
    heads = {
        f"{head_id}.{field}": str(value)[:500]
        for head, head_id in zip(
            experiment.heads, experiment.head_ids().values(), strict=True
        )
        for field, value in (
            ("name", head.name),
            ("loss", head.loss),
            ("weight", head.weight),
        )
    }
    return {
        "trunk.kind": experiment.trunk.kind,
        "trunk.layers": str(list(experiment.trunk.layers)),
        "epochs": str(training.epochs),
        "batch_size": str(training.batch_size),
        "optimizer": training.optimizer,
        "learning_rate": str(training.learning_rate),
        "seed": str(experiment.seed),
        **dict(list(heads.items())[:90]),
    }
