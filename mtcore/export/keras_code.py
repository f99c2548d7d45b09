"""The Keras code of a network: a script that builds exactly the model that is served.

Names from files and people stand in it as string literals only, so that no name can
become code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mtcore.engine.encoding import Encoding
from mtcore.engine.input_encoding import (
    CYCLE_S,
    CategoryEncoding,
    DatetimeEncoding,
    NumberEncoding,
)
from mtcore.engine.plan import HARMONICS, HeadPlan, NetworkPlan, plan_network
from mtcore.export.code_text import (
    BINS,
    CATEGORIES,
    CYCLE,
    FLAGS,
    FOOTER,
    HEADER,
    MEAN,
    QUANTITIES,
    array,
    constant,
)
from mtcore.spec import Experiment

Quantity = NumberEncoding | DatetimeEncoding
Named = Sequence[tuple[str, Quantity]]


def keras_code(experiment: Experiment, encoding: Encoding) -> str:
    """Return a Python script whose `build_model()` builds the served model.

    Args:
        experiment: What is to be trained.
        encoding: Fitted on its training rows.
    """
    plan = plan_network(experiment, encoding)
    networks = experiment.training.seeds
    named = [(f"c{place}", given) for place, given in enumerate(encoding.inputs)]
    quantities = [
        (name, given)
        for name, given in named
        if not isinstance(given, CategoryEncoding)
    ]
    categories = [
        (name, given) for name, given in named if isinstance(given, CategoryEncoding)
    ]
    cycles = any(isinstance(given, DatetimeEncoding) for _, given in quantities)
    return "".join(
        [
            HEADER,
            "\n# What people call the inputs and the outputs.\n",
            constant("COLUMNS", {name: given.column for name, given in named}),
            constant("HEADS", {v: k for k, v in experiment.head_ids().items()}),
            _quantity_constants(quantities, plan),
            _category_constants(categories),
            CYCLE if cycles else "",
            _opening(networks),
            *_input_lines(named),
            "    parts = []\n",
            *_quantity_lines(quantities, plan),
            *_category_lines(categories, plan),
            *_trunk_lines(plan),
            *_head_lines(experiment, encoding, plan),
            "" if networks == 1 else MEAN.format(networks=networks),
            FOOTER,
        ]
    )


def _opening(networks: int) -> str:
    first, what = "build_model()", "the model"
    if networks > 1:
        first, what = "build_network(name)", "one of the networks"
    return f'\n\ndef {first}:\n    """Return {what}, from columns to heads."""\n'


def _quantity_constants(quantities: Named, plan: NetworkPlan) -> str:
    if not quantities:
        return ""
    scalings = [given.scaling for _, given in quantities]
    text = ["\n# Median and interquartile range of each quantity, in training rows.\n"]
    text.append(array("CENTRE", [scaling.centre for scaling in scalings]))
    text.append(array("SCALE", [scaling.scale for scaling in scalings]))
    can_miss = _places(scaling.can_miss for scaling in scalings)
    if can_miss:
        text.append(constant("CAN_MISS", can_miss))
    binned = _places(scaling.bins > 0 for scaling in scalings)
    if binned:
        text.append(
            "# Which quantities have bins, their edges, and room for how many.\n"
        )
        text.append(constant("BINNED", binned))
        text.append(constant("EDGES", [list(scalings[k].edges) for k in binned]))
        text.append(constant("BINS", list(plan.binned)))
    if any(isinstance(given, DatetimeEncoding) for _, given in quantities):
        text.append(f"HARMONICS = {tuple(range(1, HARMONICS + 1))}\n")
    return "".join(text)


def _category_constants(categories: Sequence[tuple[str, CategoryEncoding]]) -> str:
    if not categories:
        return ""
    words = {name: list(given.vocabulary) for name, given in categories}
    return "\n# Values seen in training rows, the most frequent first.\n" + constant(
        "VOCABULARIES", words
    )


def _input_lines(named: Sequence[tuple[str, object]]) -> list[str]:
    def dtype(given: object) -> str:
        return "string" if isinstance(given, CategoryEncoding) else "float64"

    lines = [
        f'        "{name}": keras.Input((1,), name="{name}", dtype="{dtype(given)}"),\n'
        for name, given in named
    ]
    return ["    inputs = {\n", *lines, "    }\n"]


def _quantity_lines(quantities: Named, plan: NetworkPlan) -> list[str]:
    if not quantities:
        return []
    names = [name for name, _ in quantities]
    lines = [_listing("quantities", names), QUANTITIES]
    if any(given.scaling.can_miss for _, given in quantities):
        lines.append(FLAGS)
    lines += [
        f'    dense.append(cycle(inputs["{name}"], {CYCLE_S[period]!r}))\n'
        for name, given in quantities
        if isinstance(given, DatetimeEncoding)
        for period in given.cycles
    ]
    lines.append(
        '    parts.append(ops.cast(ops.concatenate(dense, axis=1), "float32"))\n'
    )
    if plan.binned:
        lines.append(BINS)
    return lines


def _listing(name: str, inputs: Sequence[str]) -> str:
    listed = "".join(f'        inputs["{given}"],\n' for given in inputs)
    return f"    {name} = [\n{listed}    ]\n    {name} = ops.concatenate({name}, 1)\n"


def _category_lines(
    categories: Sequence[tuple[str, CategoryEncoding]], plan: NetworkPlan
) -> list[str]:
    if not categories:
        return []
    lines = [CATEGORIES]
    for place, ((name, _), shape) in enumerate(
        zip(categories, plan.categories, strict=True)
    ):
        code = f'codes["{name}"]'
        if shape.units:
            layer = (
                f"layers.Embedding({shape.values + 2}, {shape.units}, "
                f'name="embedding_{place}")'
            )
            lines.append(f"    parts.append({layer}({code}))\n")
        else:
            lines.append(f"    parts.append(ops.one_hot({code} - 1, {shape.width}))\n")
    return lines


def _trunk_lines(plan: NetworkPlan) -> list[str]:
    parts = bool(plan.features) + bool(plan.binned) + len(plan.categories)
    joined = 'layers.Concatenate(name="features")(parts)' if parts > 1 else "parts[0]"
    lines = ["\n    # The trunk that all heads share.\n", f"    shared = {joined}\n"]
    for place, units in enumerate(plan.trunk):
        lines.append(_dense_line("shared", units, plan.activation, f"trunk_{place}"))
        if plan.dropout:
            name = f"trunk_dropout_{place}"
            layer = f'layers.Dropout({plan.dropout!r}, name="{name}")'
            lines.append(f"    shared = {layer}(shared)\n")
    return lines


def _head_lines(
    experiment: Experiment, encoding: Encoding, plan: NetworkPlan
) -> list[str]:
    lines = ["\n    # The heads, side by side.\n", "    outputs = {}\n"]
    for head, branch in zip(experiment.heads, plan.heads, strict=True):
        facts = encoding.heads[head.name]
        lines.append("    branch = shared\n")
        for place, units in enumerate(branch.layers):
            name = f"{branch.id}_{place}"
            lines.append(_dense_line("branch", units, plan.activation, name))
        lines.append(_dense_line("branch", branch.width, None, f"{branch.id}_raw"))
        last = _last_layer(branch, facts.scale, facts.mean)
        lines.append(f'    outputs["{branch.id}"] = {last}(branch)\n')
    name = '"branched"' if experiment.training.seeds == 1 else "name"
    lines.append(f"    return keras.Model(inputs, outputs, name={name})\n")
    return lines


def _last_layer(
    branch: HeadPlan, scale: tuple[float, ...], mean: tuple[float, ...]
) -> str:
    if branch.activation == "linear":
        return f'layers.Rescaling({list(scale)}, {list(mean)}, name="{branch.id}")'
    return f'layers.Activation("{branch.activation}", name="{branch.id}")'


def _dense_line(variable: str, units: int, activation: str | None, name: str) -> str:
    given = f', activation="{activation}"' if activation else ""
    layer = f'layers.Dense({units}{given}, name="{name}")'
    return f"    {variable} = {layer}({variable})\n"


def _places(chosen: Iterable[bool]) -> list[int]:
    return [place for place, held in enumerate(chosen) if held]
