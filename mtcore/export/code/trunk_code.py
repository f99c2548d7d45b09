"""The lines of a trunk in the Keras code: from features to what each head reads."""

from __future__ import annotations

from textwrap import indent
from typing import assert_never

from mtcore.engine.plans.plan import NetworkPlan

CHAIN = '''

def chain(values, name):
    """Dense layers that follow one another, called by a name and their place."""
    for place, units in enumerate(LAYERS):
        dense = layers.Dense(units, activation=ACTIVATION, name=f"{name}_{place}")
        values = dense(values)
'''

MIXED = '''

def mixed(values, experts, name):
    """The experts' mean, weighted by a softmax gate that looks at the values."""
    gate = layers.Dense(len(experts), activation="softmax", name=name)(values)
    return ops.sum(ops.expand_dims(gate, -1) * ops.stack(experts, axis=1), axis=1)
'''

DROPOUT = """        drop = layers.Dropout(DROPOUT, name=f"{name}_dropout_{place}")
        values = drop(values)
"""

FIRST_LEVEL = """
    # Experts that all heads mix, and experts of each head's own.
    shared = [chain(features, f"expert_0_{{k}}") for k in range({shared})]
    own = {{
        head: [chain(features, f"{{head}}_expert_0_{{k}}") for k in range({private})]
        for head in HEADS
    }}
"""

MIXTURES = """    given = {{
        head: mixed({values}, shared + own[head], f"{{head}}_gate_{level}")
        for head in HEADS
    }}
"""

PASSED_ON = """    every = shared + [one for row in own.values() for one in row]
    passed_on = mixed(features, every, "gate_0")
"""

SECOND_LEVEL = """
    # A second level, which reads what the first mixed.
    shared = [chain(passed_on, f"expert_1_{{k}}") for k in range({shared})]
    own = {{
        head: [chain(given[head], f"{{head}}_expert_1_{{k}}") for k in range({private})]
        for head in HEADS
    }}
"""


def trunk_functions(plan: NetworkPlan) -> str:
    """Return what stands before `build_model`: constants and functions of the trunk."""
    if plan.trunk.kind == "shared" and not plan.has_own_trunks:
        return ""
    return "".join(
        [
            "\n# Units of each layer of a trunk or an expert, and their activation.\n",
            f"LAYERS = {plan.trunk.layers!r}\n",
            f'ACTIVATION = "{plan.activation}"\n',
            f"DROPOUT = {plan.dropout!r}\n" if plan.dropout else "",
            CHAIN,
            DROPOUT if plan.dropout else "",
            "    return values\n",
            MIXED if plan.trunk.kind == "experts" else "",
        ]
    )


def feature_lines(plan: NetworkPlan, parts: str) -> str:
    """Return the lines that put the features side by side.

    Args:
        plan: The network's shape.
        parts: The lines that make the list `parts`; with a variable `prefix` in the
            layers' names where each head learns features of its own.
    """
    coded = len(plan.categories) + len(plan.texts) + len(plan.images)
    counted = bool(plan.features) + bool(plan.binned) + coded
    name = 'f"{prefix}features"' if plan.has_own_features else '"features"'
    joined = f"layers.Concatenate(name={name})(parts)" if counted > 1 else "parts[0]"
    if not plan.has_own_features:
        return f"{parts}\n    features = {joined}\n"
    inner = indent(f"{parts}\n    return {joined}\n", "    ", lambda line: line != "\n")
    return (
        f"\n    def features_of(prefix):\n{inner}\n"
        "    # Nothing is shared: each head learns features of its own.\n"
        '    features = {head: features_of(f"{head}_") for head in HEADS}\n'
    )


def trunk_lines(plan: NetworkPlan) -> str:
    """Return the lines from `features` to `shared`, or to `given` for each head."""
    trunk = plan.trunk
    match trunk.kind:
        case "shared" if plan.has_own_trunks:
            return _own_lines(plan)
        case "shared":
            return _shared_lines(plan)
        case "separate":
            own = "features[head]" if plan.has_own_features else "features"
            return (
                "\n    # A trunk for each head.\n"
                f'    given = {{head: chain({own}, f"{{head}}_trunk") '
                "for head in HEADS}\n"
            )
        case "experts":
            counts = {"shared": trunk.shared, "private": trunk.private}
            lines = [FIRST_LEVEL.format(**counts)]
            if trunk.levels == 2:
                lines.append(PASSED_ON)
            lines.append(MIXTURES.format(values="features", level=0))
            if trunk.levels == 2:
                lines.append(SECOND_LEVEL.format(**counts))
                lines.append(MIXTURES.format(values="given[head]", level=1))
            return "".join(lines)
        case _:
            assert_never(trunk.kind)


def read_by(plan: NetworkPlan, head: str) -> str:
    """Return the expression of what the trunk gives a head."""
    alone = plan.trunk.kind == "shared" and not plan.has_own_trunks
    return "shared" if alone else f'given["{head}"]'


def features_for(plan: NetworkPlan, head: str) -> str:
    """Return the expression of the features that a head's linear skip reads."""
    return f'features["{head}"]' if plan.has_own_features else "features"


def dense_line(variable: str, units: int, activation: str | None, name: str) -> str:
    """Return a line that puts a variable through a Dense layer."""
    given = f', activation="{activation}"' if activation else ""
    layer = f'layers.Dense({units}{given}, name="{name}")'
    return f"    {variable} = {layer}({variable})\n"


def _own_lines(plan: NetworkPlan) -> str:
    """Return the lines of a shared trunk beside which some heads have their own."""
    own = [head.id for head in plan.heads if head.own_trunk]
    lines = ["\n    # The trunk that heads share, and those of some heads' own.\n"]
    if len(own) < len(plan.heads):
        lines.append('    shared = chain(features, "trunk")\n')
    lines.append("    given = {\n")
    for head in plan.heads:
        read = f'chain(features, "{head.id}_trunk")' if head.own_trunk else "shared"
        lines.append(f'        "{head.id}": {read},\n')
    lines.append("    }\n")
    return "".join(lines)


def _shared_lines(plan: NetworkPlan) -> str:
    lines = ["\n    # The trunk that all heads share.\n", "    shared = features\n"]
    for place, units in enumerate(plan.trunk.layers):
        lines.append(dense_line("shared", units, plan.activation, f"trunk_{place}"))
        if plan.dropout:
            name = f"trunk_dropout_{place}"
            layer = f'layers.Dropout({plan.dropout!r}, name="{name}")'
            lines.append(f"    shared = {layer}(shared)\n")
    return "".join(lines)
