"""The Keras code of a network: a script that builds exactly the model that is served.

Names from files and people stand in it as string literals only, so that no name can
become code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.encode.input_encoding import (
    CYCLE_S,
    CategoryEncoding,
    DatetimeEncoding,
    ImageEncoding,
    NumberEncoding,
    TextEncoding,
    Worded,
)
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.engine.plans.planning import HARMONICS, plan_network
from mtcore.export.code.fixed_text import (
    BINS,
    CATEGORIES,
    CYCLE,
    FLAGS,
    FOOTER,
    HEADER,
    QUANTITIES,
    array,
    constant,
)
from mtcore.export.code.head_code import averaging, head_lines, output_functions
from mtcore.export.code.image_code import image_input, image_lines
from mtcore.export.code.text_code import text_constants, text_lines
from mtcore.export.code.trunk_code import (
    feature_lines,
    trunk_functions,
    trunk_lines,
)
from mtcore.spec import Experiment

NOTES = {
    "none": "",
    "trees": "\nThis is the network alone. In the dashboard and from the command line "
    "its answers\nare blended with those of trees, in the shares that the run "
    "names.\n",
}

Quantity = NumberEncoding | DatetimeEncoding
Named = Sequence[tuple[str, Quantity]]


def keras_code(experiment: Experiment, encoding: Encoding) -> str:
    """Return a Python script whose `build_model()` builds the served model.

    Args:
        experiment: What is to be trained.
        encoding: Fitted on its training rows.
    """
    header = HEADER.format(note=NOTES[experiment.training.blend])
    return f"{header}{network_code(experiment, encoding)}{FOOTER}"


def network_code(experiment: Experiment, encoding: Encoding) -> str:
    """Return the constants and functions that `build_model()` is made of.

    Args:
        experiment: What is to be trained.
        encoding: Fitted on its training rows.
    """
    plan = plan_network(experiment, encoding)
    facts = [encoding.heads[head.name] for head in experiment.heads]
    networks = experiment.training.seeds
    named = [(f"c{place}", given) for place, given in enumerate(encoding.inputs)]
    quantities = [
        (name, given)
        for name, given in named
        if isinstance(given, NumberEncoding | DatetimeEncoding)
    ]
    categories = [
        (name, given) for name, given in named if isinstance(given, CategoryEncoding)
    ]
    texts = [(name, given) for name, given in named if isinstance(given, TextEncoding)]
    images = [
        (name, given) for name, given in named if isinstance(given, ImageEncoding)
    ]
    cycles = any(isinstance(given, DatetimeEncoding) for _, given in quantities)
    parts = [
        "    parts = []\n",
        *_quantity_lines(quantities, plan),
        *_category_lines(categories, plan),
        *text_lines(texts, plan),
        *image_lines(images, plan),
    ]
    return "".join(
        [
            "\n# What people call the inputs and the outputs.\n",
            constant("COLUMNS", {name: given.column for name, given in named}),
            constant("HEADS", {v: k for k, v in experiment.head_ids().items()}),
            _quantity_constants(quantities, plan),
            _category_constants(categories),
            text_constants(texts),
            trunk_functions(plan),
            CYCLE if cycles else "",
            *output_functions(plan, facts),
            _opening(networks),
            *_input_lines(named),
            feature_lines(plan, "".join(parts)),
            trunk_lines(plan),
            *head_lines(experiment, encoding, plan),
            *averaging(plan, networks),
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
    def line(name: str, given: object) -> str:
        if isinstance(given, ImageEncoding):
            return image_input(name, given)
        dtype = "string" if isinstance(given, Worded) else "float64"
        return f'        "{name}": keras.Input((1,), name="{name}", dtype="{dtype}"),\n'

    lines = [line(name, given) for name, given in named]
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
            named = f'"embedding_{place}"'
            if plan.has_own_features:
                named = f'f"{{prefix}}embedding_{place}"'
            layer = f"layers.Embedding({shape.values + 2}, {shape.units}, name={named})"
            lines.append(f"    parts.append({layer}({code}))\n")
        else:
            lines.append(f"    parts.append(ops.one_hot({code} - 1, {shape.width}))\n")
    return lines


def _places(chosen: Iterable[bool]) -> list[int]:
    return [place for place, held in enumerate(chosen) if held]
