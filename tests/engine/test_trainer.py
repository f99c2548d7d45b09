"""Training from columns to a model: what is kept, when it ends, what is the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mtcore.data.splits.splits import RowSplit
from mtcore.engine.program import program_cache
from mtcore.engine.progress import Progress
from mtcore.engine.training.checkpoint import CHECKPOINT_FILE
from mtcore.engine.training.trainer import Trained, prepare, train
from mtcore.errors import TrainingError
from mtcore.spec import Experiment
from tests.engine.workshop import HEADS, experiment, parts, weighted, workshop

pytestmark = pytest.mark.engine


def run(changed: Experiment) -> tuple[Trained, list[dict[str, float]]]:
    """Train on the workshop's table and return each epoch's metrics too."""
    told: list[Progress] = []
    result = train(changed, workshop(), parts(), report=told.append)
    return result, [progress.metrics for progress in told if progress.metrics]


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    first, told = run(experiment())
    second, told_again = run(experiment())
    _, told_other = run(experiment(seed=1))
    assert told == told_again
    assert told != told_other
    for name, outputs in first.predict(workshop()).items():
        assert np.array_equal(outputs, second.predict(workshop())[name])


def test_a_network_is_compiled_once_whatever_a_what_if_run_changes() -> None:
    run(experiment())
    built, traces = program_cache.programs_built(), count_traces()
    changes = {"epochs": 2, "learning_rate": 0.002, "patience": 3, "monitor": "fault"}
    heads = weighted({head["name"]: place for place, head in enumerate(HEADS)})
    run(experiment(training=changes, seed=5, heads=heads))
    assert program_cache.programs_built() == built
    assert count_traces() == traces
    run(experiment("fault", trunk={"layers": [7]}))
    assert program_cache.programs_built() == built + 1
    run(experiment("fault", trunk={"layers": [5]}))
    assert program_cache.programs_built() == built + 2


def test_a_prepared_program_is_the_one_that_trains() -> None:
    changed = experiment("fault", trunk={"layers": [4]})
    begun = time.process_time()
    prepare(changed, workshop(), parts())
    prepared_s = time.process_time() - begun
    traces = count_traces()
    # On a busy machine only the processor's own time tells that nothing is compiled.
    result = train(changed, workshop(), parts(), clock=time.process_time)
    assert count_traces() == traces
    assert result.seconds["compile"] < prepared_s / 2


def test_stages_come_in_order_and_epochs_count_up() -> None:
    told: list[Progress] = []
    train(experiment(), workshop(), parts(), report=told.append)
    stages = [progress.stage for progress in told]
    assert list(dict.fromkeys(stages)) == ["encode", "compile", "train", "finish"]
    finished = [progress.epoch for progress in told if progress.metrics]
    assert finished == [1, 2, 3, 4, 5, 6]
    left = [progress.seconds_left for progress in told if progress.metrics]
    assert left[0] is not None
    assert left[-1] == 0.0


def test_losses_start_near_one_and_every_head_learns() -> None:
    _, told = run(experiment(training={"epochs": 40}))
    for place in range(len(HEADS)):
        assert told[0][f"validation/h{place}/loss"] == pytest.approx(1.0, abs=0.3)
        assert told[-1][f"train/h{place}/loss"] < 0.5


def test_the_monitor_is_the_mean_of_the_heads_or_the_named_head() -> None:
    _, told = run(experiment())
    keys = [f"validation/h{place}/loss" for place in range(len(HEADS))]
    for metrics in told:
        mean = np.mean([metrics[key] for key in keys])
        assert metrics["validation/loss"] == pytest.approx(mean)
    _, told = run(experiment(training={"monitor": "fault"}))
    for metrics in told:
        assert metrics["validation/loss"] == metrics["validation/h3/loss"]


def test_the_model_is_of_the_best_epoch_and_patience_ends_training() -> None:
    changes = {"epochs": 200, "patience": 4, "learning_rate": 0.03}
    result, told = run(experiment("fault", training=changes))
    losses = [metrics["validation/loss"] for metrics in told]
    assert result.ended_by == "patience"
    assert result.best_epoch == int(np.argmin(losses)) + 1
    assert result.epochs == result.best_epoch + 4 == len(told)
    assert validation_log_loss(result) == pytest.approx(
        losses[result.best_epoch - 1], rel=1e-4
    )


def test_a_stop_ends_training_and_keeps_the_best_epoch() -> None:
    told: list[Progress] = []
    result = train(
        experiment(training={"epochs": 500}),
        workshop(),
        parts(),
        report=told.append,
        stop=lambda: sum(bool(progress.metrics) for progress in told) == 3,
    )
    assert (result.ended_by, result.epochs) == ("stop", 3)
    assert 1 <= result.best_epoch <= 3


def test_a_stop_before_the_first_epoch_ends_still_gives_a_model() -> None:
    result = train(
        experiment(training={"epochs": 500}), workshop(), parts(), stop=lambda: True
    )
    assert result.ended_by == "stop"
    assert np.isfinite(result.predict(workshop())["cost"]).all()


def test_a_loss_that_is_no_number_names_the_head_and_the_way_out() -> None:
    changes = {"optimizer": "sgd", "learning_rate": 10.0, "epochs": 50}
    with pytest.raises(TrainingError, match=r"loss of head 'both' .* learning rate"):
        run(experiment("both", training=changes))


def test_an_interrupted_training_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    training = {"epochs": 8, "balance": "famo", "measure_every": 4}
    trunk = {"layers": [9], "dropout": 0.2}
    changed = experiment("cost", "fault", training=training, trunk=trunk)
    whole: list[Progress] = []
    uninterrupted = train(changed, workshop(), parts(), report=whole.append)
    for stop_after in (1, 4):
        folder = tmp_path / str(stop_after)
        told: list[Progress] = []
        with pytest.raises(KeyboardInterrupt):
            train(
                changed, workshop(), parts(), checkpoint=folder,
                report=broken_after(stop_after, told), clock=quick_clock(),
            )  # fmt: skip
        assert (folder / CHECKPOINT_FILE).is_file()
        resumed = train(
            changed, workshop(), parts(), checkpoint=folder, report=told.append
        )
        assert by_epoch(told) == by_epoch(whole)
        assert resumed.best_epoch == uninterrupted.best_epoch
        for name, outputs in resumed.predict(workshop()).items():
            assert np.array_equal(outputs, uninterrupted.predict(workshop())[name])


def test_a_checkpoint_of_another_experiment_is_left_aside(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(
            experiment(), workshop(), parts(), checkpoint=tmp_path,
            report=broken_after(3, []), clock=quick_clock(),
        )  # fmt: skip
    told: list[Progress] = []
    train(
        experiment(seed=3), workshop(), parts(), checkpoint=tmp_path, report=told.append
    )
    assert len(by_epoch(told)) == 6


def test_an_unreadable_checkpoint_costs_time_and_not_the_run(tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT_FILE).write_bytes(b"PK\x03\x04 half a file")
    result = train(experiment(), workshop(), parts(), checkpoint=tmp_path)
    assert result.epochs == 6


def test_a_head_without_validation_labels_leaves_the_monitor() -> None:
    table = workshop()
    unlabelled = np.flatnonzero(np.isnan(table.numbers("cost")))
    split = RowSplit(parts().train, unlabelled[unlabelled >= 168], parts().test)
    told: list[Progress] = []
    changed = experiment("cost", "fault")
    result = train(changed, table, split, report=told.append)
    metrics = [progress.metrics for progress in told if progress.metrics][-1]
    assert "validation/h0/loss" not in metrics
    assert metrics["validation/loss"] == metrics["validation/h1/loss"]
    assert result.best_epoch > 0
    alone = train(experiment("cost"), table, split)
    assert (alone.epochs, alone.best_epoch) == (6, 6)


def count_traces() -> int:
    return sum(program.traces for program in program_cache.kept_programs())


def validation_log_loss(result: Trained) -> float:
    """Return the normalised log loss of the head 'fault' on validation rows."""
    rows = parts().validation
    facts = result.encoding.heads["fault"]
    cells = workshop().categories("fault")[rows]
    truth = [facts.classes.index(cell) for cell in cells]
    chances = result.predict(workshop())["fault"][rows]
    shares = np.array(facts.prior)
    entropy = -(shares * np.log(shares)).sum()
    return float(-np.log(chances[np.arange(len(rows)), truth]).mean() / entropy)


def broken_after(epochs: int, told: list[Progress]) -> Callable[[Progress], None]:
    """Return a report that breaks training off after some epochs."""

    def report(progress: Progress) -> None:
        if sum(bool(earlier.metrics) for earlier in told) == epochs:
            raise KeyboardInterrupt
        told.append(progress)

    return report


def quick_clock() -> Callable[[], float]:
    """Return a clock on which every look costs ten seconds."""
    ticks = iter(range(0, 10**9, 10))
    return lambda: float(next(ticks))


def by_epoch(told: list[Progress]) -> dict[int, dict[str, float]]:
    return {progress.epoch: progress.metrics for progress in told if progress.metrics}
