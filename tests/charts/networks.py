"""Networks with hostile names, to be drawn."""

from __future__ import annotations

from mtcore.spec.description import Description, LayerDescription, LayerKind
from mtcore.spec.gates import GateReading, GateReport

HOSTILE = "<b onclick=x>%{y} & <a href='http://host'>name</a>\u202e of a column"


def network(inputs: int, trunk: int, heads: int, branch: int = 0) -> Description:
    """Return a description with hostile names; every Dense layer has 8 units."""
    layers = [
        LayerDescription(
            id=f"c{place}", name=HOSTILE, kind="Input", output_shape=(3,),
            parameters=9 if place % 7 == 6 else 0,
            detail="embedding of 7 values" if place % 7 == 6 else "scaled, 2 bins",
        )
        for place in range(inputs)
    ]  # fmt: skip
    layers.append(
        LayerDescription(
            id="features", name="Features", kind="Concatenate", parameters=0,
            output_shape=(3 * inputs,), inputs=tuple(layer.id for layer in layers),
        )
    )  # fmt: skip
    for place in range(trunk):
        layers += [_dense(f"t{place}", layers[-1]), _dropout(place)]
    shared = layers[-1].id
    for place in range(heads):
        below, head = shared, f"{HOSTILE} {place}"
        for depth in range(branch):
            layer = _dense(f"h{place}_{depth}", layers[-1], head)
            layers.append(layer.model_copy(update={"inputs": (below,)}))
            below = layer.id
        layers.append(
            LayerDescription(
                id=f"h{place}", name=head, kind="Output", output_shape=(2,),
                parameters=18, inputs=(below,), head=head, detail="binary, sigmoid",
            )
        )  # fmt: skip
    total = sum(layer.parameters for layer in layers)
    return Description(layers=tuple(layers), parameters=total)


def _dense(
    layer_id: str, below: LayerDescription, head: str | None = None
) -> LayerDescription:
    return LayerDescription(
        id=layer_id, name="Dense 8", kind="Dense", output_shape=(8,),
        parameters=(below.output_shape[0] + 1) * 8, inputs=(below.id,), head=head,
        detail="relu",
    )  # fmt: skip


def _dropout(place: int) -> LayerDescription:
    return LayerDescription(
        id=f"d{place}", name="Dropout", kind="Dropout", output_shape=(8,),
        parameters=0, inputs=(f"t{place}",), detail="10% of units",
    )  # fmt: skip


def wired(levels: int, heads: int) -> Description:
    """Return experts, own and shared, with skips; each head reads the one before."""
    layers = [*network(3, 0, 0).layers]
    given = dict.fromkeys(range(heads), "features")
    passed_on = "features"
    for level in range(levels):
        shared = _wiring(f"experts_{level}", "Experts", (passed_on,))
        own = [
            _wiring(f"h{k}_experts_{level}", "Experts", (given[k],), head=_head(k))
            for k in range(heads)
        ]
        layers += [shared, *own]
        for k in range(heads):
            read = (given[k], shared.id, own[k].id)
            gate = _wiring(f"h{k}_gate_{level}", "Gate", read, head=_head(k))
            layers.append(gate)
            given[k] = gate.id
        if level < levels - 1:
            read = (passed_on, shared.id, *(one.id for one in own))
            layers.append(_wiring(f"gate_{level}", "Gate", read))
            passed_on = f"gate_{level}"
    for k in range(heads):
        skip = _wiring(f"h{k}_skip", "Skip", ("features",), head=_head(k))
        read = (given[k], *([f"h{k - 1}"] if k else []), skip.id)
        output = _wiring(f"h{k}", "Output", read, head=_head(k))
        layers += [skip, output.model_copy(update={"name": _head(k)})]
    total = sum(layer.parameters for layer in layers)
    return Description(layers=tuple(layers), parameters=total)


def _wiring(
    layer_id: str, kind: LayerKind, read: tuple[str, ...], head: str | None = None
) -> LayerDescription:
    return LayerDescription(
        id=layer_id, name=f"2 {HOSTILE} {kind}", kind=kind, output_shape=(8,),
        parameters=11, inputs=read, head=head, detail="binary, sigmoid",
    )  # fmt: skip


def _head(place: int) -> str:
    return head_names(place + 1)[-1]


def gate_report(heads: int, levels: int, networks: int = 1) -> GateReport:
    """Return gates of two shared experts and one own that all weigh differently."""
    readings = tuple(
        GateReading(
            head=name,
            level=level + 1,
            network=network + 1,
            means=(0.2, 0.3, 0.5),
            deviations=(0.1, 0.0, 0.05),
        )
        for network in range(networks)
        for level in range(levels)
        for name in head_names(heads)
    )
    return GateReport(shared=2, private=1, rows=100, readings=readings)


def head_names(heads: int) -> list[str]:
    """Return the names of the heads of `network`."""
    return [f"{HOSTILE} {place}" for place in range(heads)]
