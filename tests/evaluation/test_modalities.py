"""What each modality brings is what heads lose when its cells say nothing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import read_targets
from mtcore.evaluation.modalities import judge_modalities, modalities_of
from mtcore.spec import Experiment, experiment_from

ROWS = 300
INPUTS = [
    {"column": "lens", "kind": "number"},
    {"column": "caption", "kind": "text"},
    {"column": "site", "kind": "category"},
]


def experiment(*inputs: dict[str, str]) -> Experiment:
    heads = [
        {"name": "width", "kind": "regression", "columns": ["width"]},
        {"name": "red", "kind": "binary", "columns": ["red"]},
    ]
    return experiment_from({"inputs": list(inputs), "heads": heads})


def table() -> Table:
    random = np.random.default_rng(0)
    lens, red = random.normal(50.0, 5.0, ROWS), random.random(ROWS) < 0.5
    columns = {
        "lens": pa.array(lens),
        "caption": pa.array(["a red thing" if held else "a thing" for held in red]),
        "site": pa.array(random.choice(["a", "b"], ROWS).tolist()),
        "width": pa.array(2.0 * lens),
        "red": pa.array(["yes" if held else "no" for held in red]),
    }
    return Table(pa.table(columns))


def knowing(rows: Table) -> dict[str, FloatArray]:
    """Answer without an error from what the inputs say."""
    red = [("red" in text) * 0.98 + 0.01 for text in rows.categories("caption")]
    return {
        "width": 2.0 * rows.numbers("lens")[:, np.newaxis],
        "red": np.array(red)[:, np.newaxis],
    }


def test_a_head_loses_what_it_knows_from_a_modality_and_nothing_else() -> None:
    asked = experiment(*INPUTS)
    encodings = {
        head.name: head.fit_targets(read_targets(head, table()), np.arange(ROWS))
        for head in asked.heads
    }
    test = np.arange(100, ROWS)
    report = judge_modalities(asked, encodings, knowing, table(), test)
    assert report is not None
    assert report.rows == 200
    assert set(report.without) == {"table", "text"}
    assert report.whole["width"]["r2"] == 1.0
    assert report.whole["red"]["accuracy"] == 1.0
    assert report.without["text"]["width"] == report.whole["width"]
    assert report.without["table"]["red"] == report.whole["red"]
    assert (report.without["table"]["width"]["r2"] or 0.0) < 0.2
    assert 0.4 < (report.without["text"]["red"]["accuracy"] or 0.0) < 0.6


def test_one_modality_alone_is_not_left_out() -> None:
    asked = experiment(INPUTS[0], INPUTS[2])
    assert modalities_of(asked) == {"table": ("lens", "site")}
    assert judge_modalities(asked, {}, knowing, table(), np.arange(9)) is None
