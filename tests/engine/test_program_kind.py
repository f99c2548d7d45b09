"""How epochs run: which kind is chosen, when it is timed, and that all kinds agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate, cycle
from typing import get_args

import numpy as np
import pytest

from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.program import program_kind
from mtcore.engine.program.program_cache import key_of, likely_kinds, programs_built
from mtcore.engine.program.program_key import ProgramKey, ProgramKind
from mtcore.engine.program.program_kind import record_of, settle_kind
from mtcore.engine.progress import Progress
from mtcore.engine.rows.labels import read_labels
from mtcore.engine.rows.rows import ColumnEncoder, EncodedRows
from mtcore.engine.training.trainer import train
from tests.engine.reviews import halves, reading, reviews
from tests.engine.workshop import experiment, parts, workshop

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def rows() -> EncodedRows:
    changed = reading("conv")
    encoding = fit_encoding(changed, reviews(), halves())
    labels = read_labels(changed, encoding, reviews(), np.ones(200))
    return ColumnEncoder(encoding).encode(reviews(), labels)


@pytest.fixture
def key(rows: EncodedRows, monkeypatch: pytest.MonkeyPatch) -> ProgramKey:
    monkeypatch.setattr(program_kind, "_timed", {})
    changed = reading("conv")
    plan = plan_network(changed, fit_encoding(changed, reviews(), halves()))
    return key_of(plan, changed.training, rows, rows)


def ticking(*seconds: float) -> Callable[[], float]:
    """Return a clock that moves on by these many seconds at each look, over again."""
    ticks = accumulate(cycle(seconds))
    return lambda: next(ticks)


def test_very_many_heads_are_left_to_the_graph(key: ProgramKey) -> None:
    plan = replace(key.plan, texts=())
    [head, *_] = plan.heads
    many = tuple(replace(head, id=f"h{place}") for place in range(33))
    assert likely_kinds(replace(plan, heads=many), "CPU") == ("graph_epoch",)
    assert likely_kinds(replace(plan, heads=many[:32]), "CPU") == ("xla_epoch",)


def test_dense_networks_are_compiled_whole_and_sequences_may_run_in_two_ways() -> None:
    encoding = fit_encoding(experiment(), workshop(), parts())
    assert likely_kinds(plan_network(experiment(), encoding), "CPU") == ("xla_epoch",)
    encoding = fit_encoding(reading("lstm"), reviews(), halves())
    kinds = likely_kinds(plan_network(reading("lstm"), encoding), "CPU")
    assert set(kinds) == {"graph_epoch", "graph_step"}


def test_a_gpu_runs_recurrent_layers_as_a_graph_and_dense_ones_whole(
    key: ProgramKey,
) -> None:
    [text] = key.plan.texts
    recurrent = replace(key.plan, texts=(replace(text, encoder="lstm"),))
    assert likely_kinds(recurrent, "GPU") == ("graph_epoch",)
    assert likely_kinds(key.plan, "GPU") == ("graph_epoch", "xla_epoch")
    assert likely_kinds(replace(key.plan, texts=()), "GPU") == ("xla_epoch",)


def test_a_training_that_is_soon_over_compiles_one_program(
    key: ProgramKey, rows: EncodedRows
) -> None:
    changed = replace(key, batch_size=31)
    built = programs_built()
    kind = settle_kind(changed, rows, steps=10, clock=ticking(0.0, 0.0, 5.9)).kind
    assert kind == "graph_epoch"
    assert programs_built() == built + 1


def test_the_clearly_faster_kind_is_taken_and_not_timed_again(
    key: ProgramKey, rows: EncodedRows
) -> None:
    # Each timing looks three times: before a first step, then around the timed ones.
    clock = ticking(0.0, 0.0, 8.0, 0.0, 0.0, 4.0)
    assert settle_kind(key, rows, 1_000, clock=clock).kind == "graph_step"
    built = programs_built()
    assert settle_kind(key, rows, 1_000).kind == "graph_step"
    assert programs_built() == built


def test_a_kind_that_is_hardly_faster_is_not_taken(
    key: ProgramKey, rows: EncodedRows
) -> None:
    clock = ticking(0.0, 0.0, 8.0, 0.0, 0.0, 7.5)
    assert settle_kind(key, rows, 1_000, clock=clock).kind == "graph_epoch"


def test_a_recorded_kind_is_taken_again_for_the_same_network_only(
    key: ProgramKey, rows: EncodedRows
) -> None:
    recorded = record_of(replace(key, kind="graph_step"))
    assert settle_kind(key, rows, 1, recorded).kind == "graph_step"
    other = replace(key, optimizer="sgd")
    assert settle_kind(other, rows, 1, recorded).kind == "graph_epoch"
    assert settle_kind(key, rows, 1, "something else").kind == "graph_epoch"


def test_all_kinds_give_the_same_model_and_say_how_they_ran() -> None:
    answers = {}
    told: list[Progress] = []
    usual = train(reading("conv"), reviews(), halves(), report=told.append).program
    assert usual in {progress.program for progress in told}
    for kind in get_args(ProgramKind):
        recorded = f"{kind}@{usual.partition('@')[2]}"
        result = train(reading("conv"), reviews(), halves(), program=recorded)
        assert result.program == recorded
        answers[kind] = result.predict(reviews())["topic"]
    for other in ("graph_epoch", "graph_step"):
        np.testing.assert_allclose(answers[other], answers["xla_epoch"], atol=1e-3)
