"""A Keras script that trains a run's experiment again, without any code of ours."""

from __future__ import annotations

from mtcore.data.library.dataset import Dataset
from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.stored import Rows
from mtcore.data.tables.table import Table
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.rows.labels import (
    Labels,
    read_labels,
    weigh_rows,
    weight_unit,
)
from mtcore.errors import InputError
from mtcore.export.code.keras_code import NOTES, network_code
from mtcore.export.script.balance_text import BALANCES
from mtcore.export.script.constants import (
    lesson_constants,
    recipe_constants,
    row_constants,
)
from mtcore.export.script.ends_text import ending, opening
from mtcore.export.script.losses import loss_functions, loss_table
from mtcore.export.script.picture_text import PICTURES
from mtcore.export.script.reading import Use, reading_constants, table_inside
from mtcore.export.script.rows_text import LESSONS, READING
from mtcore.export.script.training_text import training_code
from mtcore.spec import Experiment


def keras_script(
    experiment: Experiment,
    encoding: Encoding,
    dataset: Dataset,
    table: Rows,
    split: RowSplit,
) -> str:
    """Return a script that reads the file, trains as the run did, and answers.

    Args:
        experiment: What was trained.
        encoding: Fitted on its training rows.
        dataset: The file that it was trained on.
        table: Every row of it, as the run read them.
        split: The run's.

    Raises:
        InputError: A script can't do what the run did.
        ColumnError: A column can't be read so.
    """
    if not isinstance(table, Table):
        msg = (
            f"A script holds its rows in memory, and '{dataset.name}' is too large for "
            "that. Export keras or savedmodel instead."
        )
        raise InputError(msg)
    from mtcore.engine.program.constant_loss import fit_constants

    plan = plan_network(experiment, encoding)
    unit = weight_unit(experiment, table, split.train)
    weights = weigh_rows(experiment, table, unit)
    labels = read_labels(experiment, encoding, table, weights)
    taught = split.train[labels.weights[split.train].any(axis=1)]
    constants = fit_constants(
        plan, Labels(labels.targets[taught], labels.weights[taught])
    )
    parts = _parts(plan)
    balance = BALANCES[experiment.training.balance]
    if balance.turns and not parts[0]:
        # Heads that share nothing have no gradients that could meet.
        balance = BALANCES["static"]
    pictures = bool(plan.images)
    data = "DATA.zip" if table_inside(dataset) else "DATA.csv"
    return "".join(
        [
            opening(data, NOTES[experiment.training.blend], pictures=pictures),
            reading_constants(dataset, table, experiment.missing, _uses(experiment)),
            row_constants(experiment, table, split),
            lesson_constants(experiment, encoding, unit),
            recipe_constants(experiment, plan, constants, parts, balance),
            network_code(experiment, encoding),
            READING,
            LESSONS,
            PICTURES if pictures else "",
            loss_functions(plan.heads),
            loss_table(plan.heads),
            training_code(
                balance, augments=any(image.augment for image in plan.images)
            ),
            ending(pictures=pictures),
        ]
    )


def _parts(plan: NetworkPlan) -> list[list[str]]:
    """Return the variables that several heads move, then each head's own, by name."""
    from mtcore.engine.layers.network import build_network, variable_name

    return [[variable_name(v) for v in part] for part in build_network(plan).parts]


def _uses(experiment: Experiment) -> list[tuple[str, Use]]:
    """Return every column that is read, with what it is used as."""
    kinds: dict[str, Use] = {"number": "number", "datetime": "moment"}
    uses: list[tuple[str, Use]] = [
        (given.column, kinds.get(given.kind, "text"))
        for given in experiment.inputs or ()
    ]
    for head in experiment.heads:
        use: Use = "number" if head.target_kind == "number" else "text"
        uses += [(column, use) for column in head.columns]
    if experiment.row_weight is not None:
        uses.append((experiment.row_weight, "number"))
    return uses
