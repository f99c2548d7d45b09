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
    ImageEncoding,
    NumberEncoding,
    TextEncoding,
    Worded,
)
from mtcore.engine.plan import HARMONICS, HeadPlan, NetworkPlan, plan_network
from mtcore.export.code_text import (
    BINS,
    CATEGORIES,
    CHAINED,
    CYCLE,
    FLAGS,
    FOOTER,
    HEADER,
    MEAN,
    MEAN_ANSWER,
    MIXED_ANSWER,
    NORMAL,
    QUANTITIES,
    RISING,
    UNLOGGED,
    array,
    constant,
)
from mtcore.export.image_code import image_input, image_lines
from mtcore.export.text_code import text_constants, text_lines
from mtcore.export.trunk_code import (
    dense_line,
    feature_lines,
    features_for,
    read_by,
    trunk_functions,
    trunk_lines,
)
from mtcore.spec import Experiment, TargetEncoding
from mtcore.spec.heads.log_scale import LogScale

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
            *_output_functions(plan, facts),
            _opening(networks),
            *_input_lines(named),
            feature_lines(plan, "".join(parts)),
            trunk_lines(plan),
            *_head_lines(experiment, encoding, plan),
            *_averaging(plan, networks),
        ]
    )


def _opening(networks: int) -> str:
    first, what = "build_model()", "the model"
    if networks > 1:
        first, what = "build_network(name)", "one of the networks"
    return f'\n\ndef {first}:\n    """Return {what}, from columns to heads."""\n'


def _output_functions(plan: NetworkPlan, facts: Sequence[TargetEncoding]) -> list[str]:
    """Return the functions that the heads' answers are made with, each once."""
    texts = {"rising": RISING, "chained": CHAINED, "normal": NORMAL}
    texts["unlogged"] = UNLOGGED
    answers = [
        _answer(head, known) for head, known in zip(plan.heads, facts, strict=True)
    ]
    return [
        text
        for name, text in texts.items()
        if any(f"{name}(" in answer for answer in answers)
    ]


def _averaging(plan: NetworkPlan, networks: int) -> list[str]:
    """Return what makes one model of several networks."""
    if networks == 1:
        return []
    spread = {
        head.id: head.targets
        for head in plan.heads
        if head.activation == "linear" and head.width > head.targets
    }
    means = [MEAN_ANSWER]
    if spread:
        note = "# Heads with deviations, and how many values stand before these.\n"
        means = [f"\n\n{note}", constant("WITH_DEVIATIONS", spread), MIXED_ANSWER]
    return [*means, MEAN.format(networks=networks)]


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


def _head_lines(
    experiment: Experiment, encoding: Encoding, plan: NetworkPlan
) -> list[str]:
    lines = ["\n    # The heads, side by side.\n", "    outputs = {}\n"]
    edges = any(branch.reads for branch in plan.heads)
    if edges:
        lines.append("    raw = {}\n")
    for place in plan.reading_order():
        branch = plan.heads[place]
        facts = encoding.heads[experiment.heads[place].name]
        lines += _branch_lines(plan, branch)
        if edges:
            lines.append(f'    raw["{branch.id}"] = branch\n')
        answer = _answer(branch, facts)
        lines.append(f'    outputs["{branch.id}"] = {answer}\n')
    if edges:
        lines.append("    outputs = {head: outputs[head] for head in HEADS}\n")
    name = '"branched"' if experiment.training.seeds == 1 else "name"
    lines.append(f"    return keras.Model(inputs, outputs, name={name})\n")
    return lines


def _branch_lines(plan: NetworkPlan, branch: HeadPlan) -> list[str]:
    """Return the lines from what a head reads to its raw outputs."""
    lines = [f"    branch = {read_by(plan, branch.id)}\n"]
    if branch.reads:
        # Whoever trains the script's model must not move a head by what others read.
        read = ", ".join(f'ops.stop_gradient(raw["{other}"])' for other in branch.reads)
        joined = f'layers.Concatenate(name="{branch.id}_reads")'
        lines.append(f"    branch = {joined}([branch, {read}])\n")
    for place, units in enumerate(branch.layers):
        name = f"{branch.id}_{place}"
        lines.append(dense_line("branch", units, plan.activation, name))
    lines.append(dense_line("branch", branch.width, None, f"{branch.id}_raw"))
    if plan.trunk.skip:
        skip = f'layers.Dense({branch.width}, use_bias=False, name="{branch.id}_skip")'
        lines.append(f"    skip = {skip}({features_for(plan, branch.id)})\n")
        added = f'layers.Add(name="{branch.id}_sum")'
        lines.append(f"    branch = {added}([branch, skip])\n")
    return lines


def _answer(branch: HeadPlan, facts: TargetEncoding) -> str:
    """Return what a head answers, made from `branch`, its raw outputs."""
    scale, mean = list(facts.scale), list(facts.mean)
    dtype = "float64" if facts.needs_double else "float32"
    scaled = f'layers.Rescaling({scale}, {mean}, dtype="{dtype}")'
    match branch.activation:
        case "linear" if facts.logs:
            return f"unlogged(branch, {_log_arguments(facts.logs)})"
        case "linear" if branch.width > branch.targets:
            return f"normal(branch, {scaled}, {scale})"
        case "linear":
            return f"{scaled}(branch)"
        case "rising":
            return f"{scaled}(rising(branch))"
        case "chained":
            return "chained(branch)"
        case "sigmoid" | "softmax" | "exponential":
            return f'layers.Activation("{branch.activation}")(branch)'


def _log_arguments(logs: Sequence[LogScale]) -> str:
    given = {
        "scale": [log.deviation for log in logs],
        "mean": [log.mean for log in logs],
        "stretch": [log.size * log.stretch for log in logs],
        "lift": [log.size * log.lift for log in logs],
    }
    return ", ".join(f"{name}={values}" for name, values in given.items())


def _places(chosen: Iterable[bool]) -> list[int]:
    return [place for place, held in enumerate(chosen) if held]
