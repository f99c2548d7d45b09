"""Workshop orders: a cost, a yes or no, and one of five faults, partly unlabelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.data.samples.sample import Columns, Sample, written
from mtcore.spec import (
    BinaryHead,
    BooleanInput,
    CategoryInput,
    DatetimeInput,
    Experiment,
    MulticlassHead,
    NumberInput,
    RegressionHead,
    SharedTrunk,
    StratifiedSplit,
    Training,
)

ROWS = 5_000
COST_NOISE = 45.0
FIRST_DAY = np.datetime64("2023-01-02")
DAYS = 730
MODELS = ("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel")
SITES = ("Harbour", "Hill", "Mill", "Quarry")
FAULTS = ("bearing", "belt", "control", "leak", "no fault found")
DECIMALS = {
    "age_years": 1, "hours_run": 0, "load_pct": 0, "outdoor_c": 1, "vibration_mm_s": 2,
}  # fmt: skip
UNLABELLED = {"repair_cost": 0.25, "returned": 0.15, "fault": 0.10}

SAMPLE = Sample(
    id="mixed",
    title="Workshop orders: cost, return and fault",
    description=(
        "5,000 repairs with numbers, categories and a date. Three heads tell the cost, "
        "whether the machine comes back, and which of five faults it has; up to a "
        "quarter of each answer is missing, and no row is wasted."
    ),
    experiment=Experiment(
        name="Workshop orders",
        inputs=(
            DatetimeInput(column="received"),
            CategoryInput(column="model"),
            CategoryInput(column="site"),
            *(NumberInput(column=column) for column in DECIMALS),
            BooleanInput(column="warranty"),
        ),
        exclude=("order",),
        trunk=SharedTrunk(layers=(64, 32), activation="relu"),
        heads=(
            RegressionHead(name="repair_cost", columns=("repair_cost",)),
            BinaryHead(name="returned", columns=("returned",), positive="yes"),
            MulticlassHead(name="fault", columns=("fault",)),
        ),
        split=StratifiedSplit(),
        training=Training(epochs=100, batch_size=64, patience=20),
    ),
    best_possible={
        "repair_cost": {"r2": 0.868, "mae": 35.4},
        "returned": {"auc": 0.814, "log_loss": 0.442},
        "fault": {"accuracy": 0.611, "log_loss": 0.995},
    },
)


@dataclass(frozen=True, slots=True)
class _Orders:
    """The inputs as drawn; `(rows,)` each, numbers rounded as they are written."""

    day: NDArray[np.int64]
    model: NDArray[np.int64]
    site: NDArray[np.int64]
    warranty: NDArray[np.bool_]
    numbers: dict[str, FloatArray]


def make_columns() -> Columns:
    """Return the table as it is written."""
    random = np.random.default_rng(2)
    orders = _draw_orders(random)
    truth = _law(orders)
    cost = truth["repair_cost"][:, 0] + random.normal(0.0, COST_NOISE, ROWS)
    returned = random.random(ROWS) < truth["returned"][:, 0]
    steps = np.cumsum(truth["fault"], axis=1)
    fault = (random.random((ROWS, 1)) > steps[:, :-1]).sum(axis=1)
    columns: Columns = {
        "order": [f"W-{100_000 + 7 * row}" for row in range(ROWS)],
        "received": [str(FIRST_DAY + int(day)) for day in orders.day],
        "model": [MODELS[index] for index in orders.model],
        "site": [SITES[index] for index in orders.site],
    }
    for name, values in orders.numbers.items():
        columns[name] = written(values, DECIMALS[name])
    columns["warranty"] = ["yes" if given else "no" for given in orders.warranty]
    labels = {
        "repair_cost": written(cost, 2),
        "returned": ["yes" if again else "no" for again in returned],
        "fault": [FAULTS[index] for index in fault],
    }
    for name, cells in labels.items():
        blank = random.random(ROWS) < UNLABELLED[name]
        columns[name] = [
            "" if gone else cell for cell, gone in zip(cells, blank, strict=True)
        ]
    return columns


def best_outputs() -> dict[str, FloatArray]:
    """Return what the law itself says, by head: the best outputs there can be.

    Returns:
        repair_cost `(rows, 1)` its expected value, returned `(rows, 1)` P(yes), fault
        `(rows, 5)` a probability each of `FAULTS`.
    """
    return _law(_draw_orders(np.random.default_rng(2)))


def _draw_orders(random: np.random.Generator) -> _Orders:
    model = random.choice(len(MODELS), ROWS, p=(0.3, 0.22, 0.18, 0.14, 0.1, 0.06))
    site = random.choice(len(SITES), ROWS, p=(0.4, 0.3, 0.2, 0.1))
    day = np.sort(random.integers(0, DAYS, ROWS))
    age = random.gamma(2.2, 2.2, ROWS)
    load = np.clip(random.normal(58.0, 18.0, ROWS) + 6.0 * (site == 3), 5.0, 100.0)
    hours = age * random.uniform(600.0, 2_400.0, ROWS) * (0.6 + load / 150.0)
    outdoor = 11.0 - 9.0 * _season(day) + random.normal(0.0, 3.5, ROWS)
    vibration = random.gamma(3.0, 0.5, ROWS) + 0.1 * age + 0.8 * (site == 3)
    drawn = {
        "age_years": age, "hours_run": hours, "load_pct": load, "outdoor_c": outdoor,
        "vibration_mm_s": vibration,
    }  # fmt: skip
    numbers = {name: np.round(drawn[name], digits) for name, digits in DECIMALS.items()}
    numbers["vibration_mm_s"][random.random(ROWS) < 0.06] = np.nan
    warranty = random.random(ROWS) < 1.0 / (1.0 + np.exp(2.0 * (age - 3.0)))
    return _Orders(day, model, site, warranty, numbers)


def _season(day: NDArray[np.int64]) -> FloatArray:
    """Return 1 in the depth of winter, -1 in the height of summer."""
    turn: FloatArray = np.cos(2.0 * np.pi * day / 365.25)
    return turn


def _law(orders: _Orders) -> dict[str, FloatArray]:
    """Return each head's outputs as the inputs decide them.

    Where vibration was not measured the law is that of a usual vibration, so that
    nothing is hidden from a model.
    """
    age, load = orders.numbers["age_years"], orders.numbers["load_pct"] / 100.0
    hours = orders.numbers["hours_run"] / 10_000.0
    vibration = np.nan_to_num(orders.numbers["vibration_mm_s"], nan=1.9)
    cold = np.tanh((8.0 - orders.numbers["outdoor_c"]) / 8.0)
    of_model = np.asarray([0.0, 40.0, 90.0, -30.0, 150.0, 60.0])[orders.model]
    of_site = np.asarray([0.0, 25.0, -15.0, 70.0])[orders.site]
    worn = np.tanh(hours / 1.2)
    cost = (
        180.0 + of_model + of_site + 160.0 * worn + 60.0 * np.maximum(vibration - 2, 0)
        + 90.0 * load * (orders.model == 2) - 80.0 * orders.warranty
    )  # fmt: skip
    again = (
        -2.6 + 1.5 * worn + 0.9 * np.maximum(vibration - 2.0, 0.0) + 1.2 * cold
        + 1.1 * (orders.site == 3) + 0.8 * (orders.model == 4) - 0.8 * orders.warranty
        + 1.6 * load * worn
    )  # fmt: skip
    faults = np.stack(
        [
            1.6 * vibration - 3.6 + 0.8 * worn,
            3.2 * load - 1.6 + 0.12 * age,
            1.1 * (orders.model >= 4) + 0.9 * _season(orders.day) + 0.3,
            2.2 * cold + 0.5 * (orders.model == 1) + 0.2,
            1.4 * orders.warranty - 0.6 * worn + 0.4,
        ],
        axis=1,
    )
    weights = np.exp(1.5 * (faults - faults.max(axis=1, keepdims=True)))
    return {
        "repair_cost": cost[:, np.newaxis],
        "returned": (1.0 / (1.0 + np.exp(-again)))[:, np.newaxis],
        "fault": weights / weights.sum(axis=1, keepdims=True),
    }
