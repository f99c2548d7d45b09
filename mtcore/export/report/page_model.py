"""A run's model as plain data for the page that answers what-if questions by itself."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from mtcore.charts.style import head_colour
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.encode.input_encoding import (
    CYCLE_S,
    CategoryEncoding,
    DatetimeEncoding,
)
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.engine.plans.planning import plan_network
from mtcore.export.models.model_words import values_of
from mtcore.spec import Experiment, Head, TargetEncoding
from mtcore.trees.blend import Blend
from mtcore.whatif.ranges import InputRange

if TYPE_CHECKING:
    from mtcore.engine.backend import Model
    from mtcore.engine.served.predictor import Servable

# More numbers than this make a file that people cannot send.
MOST_NUMBERS = 12_000_000
_PROBABILITIES = frozenset({"binary", "multiclass", "multilabel", "ordinal"})


def why_no_what_if(experiment: Experiment, trained: Servable) -> str | None:
    """Return why a page can't answer for a run, in a sentence; None where it can."""
    for given in trained.encoding.inputs:
        if given.kind not in ("number", "datetime", "category", "boolean"):
            return (
                f"What-if works in this file for numbers, categories and moments, and "
                f"this model also reads the {given.kind} column "
                f"'{given.column}'. Ask it in the dashboard instead."
            )
    if plan_network(experiment, trained.encoding).images:
        return (
            "What-if works in this file for numbers, categories and moments, and this "
            "model also reads pictures. Ask it in the dashboard instead."
        )
    numbers = sum(int(np.prod(v.shape)) for v in trained.model.trainable_variables)
    if trained.blend is not None:
        numbers += sum(
            array.size
            for forest in trained.blend.forests.values()
            for array in forest.arrays("").values()
        )
    if numbers > MOST_NUMBERS:
        return (
            f"This model holds {numbers:,} numbers, too many to send along in a file. "
            "Ask it what-if questions in the dashboard instead."
        )
    return None


def page_model(
    experiment: Experiment,
    trained: Servable,
    ranges: Sequence[InputRange],
) -> dict[str, Any]:
    """Return what `forward.js` and `report.js` read, all but the rows to start from.

    Args:
        experiment: What was trained; `why_no_what_if` says nothing against it.
        trained: The networks, and the trees beside them.
        ranges: What each input held in training rows, in their order.
    """
    from mtcore.engine.layers.network import variable_name

    plan = plan_network(experiment, trained.encoding)
    numbers = _Numbers()
    networks = [
        {variable_name(v): numbers.add(v.numpy()) for v in network.trainable_variables}
        for network in _networks(trained.model, experiment.training.seeds)
    ]
    blend = _blend(trained.blend, experiment, trained.encoding, numbers)
    return {
        "activation": plan.activation,
        "trunk": {
            "kind": plan.trunk.kind,
            "layers": plan.trunk.layers,
            "shared": plan.trunk.shared,
            "private": plan.trunk.private,
            "levels": plan.trunk.levels,
            "skip": plan.trunk.skip,
        },
        "ownFeatures": plan.has_own_features,
        "inputs": _inputs(plan, trained.encoding, ranges),
        "heads": [
            _head(plan, place, head, trained.encoding.heads[head.name])
            for place, head in enumerate(experiment.heads)
        ],
        "order": plan.reading_order(),
        "networks": networks,
        "blend": blend,
        "numbers": numbers.packed(),
    }


def cells_of(encoding: Encoding, columns: Mapping[str, NDArray[Any]]) -> list[Any]:
    """Return a row's cells as the page takes them: numbers, texts, or None.

    Args:
        encoding: In whose order.
        columns: One row as `raw_columns` gives it.
    """
    cells: list[Any] = []
    for place in range(len(encoding.inputs)):
        value = columns[f"c{place}"][0, 0]
        if isinstance(value, str):
            cells.append(value or None)
        else:
            cells.append(float(value) if np.isfinite(value) else None)
    return cells


@final
class _Numbers:
    """All arrays of a model one after another; each is known by where it begins."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, array: NDArray[Any]) -> tuple[str, int, tuple[int, ...]]:
        """Keep an array in single precision or as int32, and return its entry."""
        kind = "f" if array.dtype.kind == "f" else "i"
        kept = array.astype(np.float32 if kind == "f" else np.int32).tobytes()
        entry = (kind, self._size, tuple(int(size) for size in array.shape))
        self._parts.append(kept)
        self._size += len(kept)
        return entry

    def packed(self) -> str:
        return base64.b64encode(zlib.compress(b"".join(self._parts), 9)).decode()


def _networks(model: Model, count: int) -> list[Model]:
    if count == 1:
        return [model]
    nested = {layer.name: layer for layer in model.layers}
    # A training that was stopped may have averaged fewer.
    names = [f"network_{place}" for place in range(count)]
    return [nested[name] for name in names if name in nested] or [model]


def _inputs(
    plan: NetworkPlan, encoding: Encoding, ranges: Sequence[InputRange]
) -> list[dict[str, Any]]:
    described = []
    categories = iter(plan.categories)
    for given, known in zip(encoding.inputs, ranges, strict=True):
        told: dict[str, Any] = {
            "column": given.column,
            "kind": known.kind,
            "minimum": known.minimum,
            "maximum": known.maximum,
            "step": known.step,
            "choices": known.choices,
        }
        if isinstance(given, CategoryEncoding):
            shape = next(categories)
            told |= {
                "values": given.vocabulary, "room": shape.values, "units": shape.units,
            }  # fmt: skip
        elif given.kind in ("number", "datetime"):
            periods = given.cycles if isinstance(given, DatetimeEncoding) else ()
            told |= {
                "centre": given.scaling.centre,
                "scale": given.scaling.scale,
                "edges": given.scaling.edges,
                "bins": given.scaling.bins,
                "canMiss": given.scaling.can_miss,
                "cycles": [CYCLE_S[period] for period in periods],
            }
        described.append(told)
    return described


def _head(
    plan: NetworkPlan, place: int, head: Head, facts: TargetEncoding
) -> dict[str, Any]:
    branch = plan.heads[place]
    places = {other.id: number for number, other in enumerate(plan.heads)}
    return {
        "id": branch.id,
        "name": head.name,
        "values": values_of(head, facts),
        "chances": head.kind in _PROBABILITIES,
        "colour": head_colour(place),
        "layers": branch.layers,
        "ownTrunk": branch.own_trunk,
        "activation": branch.activation,
        "targets": branch.targets,
        "reads": [places[other] for other in branch.reads],
        "mean": facts.mean,
        "scale": facts.scale,
        "logs": [
            (log.deviation, log.mean, log.size * log.stretch, log.size * log.lift)
            for log in facts.logs
        ],
    }


def _blend(
    blend: Blend | None, experiment: Experiment, encoding: Encoding, numbers: _Numbers
) -> dict[str, Any] | None:
    if blend is None or not blend.forests:
        return None
    heads = {head.name: place for place, head in enumerate(experiment.heads)}
    columns = {given.column: place for place, given in enumerate(encoding.inputs)}
    order = {forest: place for place, forest in enumerate(blend.forests)}
    return {
        "features": [
            {
                "column": columns[feature.column],
                "kind": "category" if feature.categorical else feature.kind,
                "values": feature.values,
            }
            for feature in blend.facts.features
        ],
        "heads": [
            {
                "head": heads[head.name],
                "share": head.share,
                "forest": order[head.forest],
                "first": head.first,
                "mean": head.mean,
                "scale": head.scale,
            }
            for head in blend.facts.heads
            if head.share > 0.0
        ],
        "forests": [
            {part.name: numbers.add(getattr(forest, part.name))
             for part in fields(forest)}
            for forest in blend.forests.values()
        ],
    }  # fmt: skip
