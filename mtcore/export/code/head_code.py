"""The lines of the heads in the Keras code: from what they read to their answers."""

from __future__ import annotations

from collections.abc import Sequence

from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.plans.plan import HeadPlan, NetworkPlan
from mtcore.export.code.fixed_text import (
    CHAINED,
    MEAN,
    MEAN_ANSWER,
    MIXED_ANSWER,
    NORMAL,
    RISING,
    UNLOGGED,
    constant,
)
from mtcore.export.code.trunk_code import dense_line, features_for, read_by
from mtcore.spec import Experiment, TargetEncoding
from mtcore.spec.heads.log_scale import LogScale


def output_functions(plan: NetworkPlan, facts: Sequence[TargetEncoding]) -> list[str]:
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


def head_lines(
    experiment: Experiment, encoding: Encoding, plan: NetworkPlan
) -> list[str]:
    """Return the lines from the trunk to a dictionary of every head's answer."""
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


def averaging(plan: NetworkPlan, networks: int) -> list[str]:
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
