"""The network that is trained: from dense numbers and codes to each head's logits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mtcore.engine.backend import Model, Tensor, keras, on_processor, tf
from mtcore.engine.layers.dense_layers import (
    FastDense,
    Layer,
    dense,
    one_each,
    side_by_side,
    spread,
    variables_of,
)
from mtcore.engine.layers.embeddings import product_embedding
from mtcore.engine.layers.expert_layers import ExpertLayers
from mtcore.engine.layers.features import (
    Parts,
    connect_features,
    feature_inputs,
    keras_embedding,
    keras_recurrent,
)
from mtcore.engine.layers.recurrent import fast_recurrent
from mtcore.engine.layers.trunk_layers import (
    Drop,
    SeparateLayers,
    SharedLayers,
    TrunkLayers,
)
from mtcore.engine.plans.plan import HeadPlan, NetworkPlan
from mtcore.engine.rows.labels import SingleArray

Weights = Mapping[str, SingleArray]
"""Values of trained variables by `layer/kind`, such as `trunk_0/kernel`."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network in the parts that the training program calls.

    Args:
        plan: Its shape.
        features: From dense numbers and codes to what the first layers read: one that
            all heads share, or one a head.
        trunk: From features to what each head reads.
        heads: From what the trunk gives, and the outputs a head reads, to raw outputs:
            logits, or standardised targets.
        skips: Linear layers from the features to each head's raw outputs, or none.
        parts: All trained variables. First those that the losses of several heads
            move: the features', a shared trunk's, and the experts and the gate that
            all heads read; empty where the trunks are separate. Then each head's own:
            its trunk, private experts and gates, skip and branch.
    """

    plan: NetworkPlan
    features: tuple[Model, ...]
    trunk: TrunkLayers
    heads: tuple[Model, ...]
    skips: tuple[Layer, ...]
    parts: tuple[tuple[Tensor, ...], ...]

    @property
    def variables(self) -> tuple[Tensor, ...]:
        """All trained variables, in a fixed order."""
        return tuple(variable for part in self.parts for variable in part)

    def outputs(
        self, inputs: Parts, gates: Tensor, drop: Drop | None = None
    ) -> list[Tensor]:
        """Return each head's raw outputs, `(batch, head.width)`, head by head.

        A head that reads others learns from their outputs and does not move them.

        Args:
            inputs: What `features` takes.
            gates: Float32 `(heads,)`, 1 where a head moves what is shared and 0 where
                not.
            drop: Dropout while training; None where nothing is dropped.
        """
        features = [model(inputs) for model in self.features]
        drop = drop if self.plan.dropout else None
        given = self.trunk.outputs(features, gates, drop)
        skipped = self._skipped(features, gates)
        together = self._many_alike(given)
        raw: dict[str, Tensor] = {}
        for place in self.plan.reading_order():
            head = self.plan.heads[place]
            if place in together:
                made = together[place]
            else:
                read = [tf.stop_gradient(raw[other]) for other in head.reads]
                values = tf.concat([given[place], *read], 1) if read else given[place]
                made = self.heads[place](values)
            raw[head.id] = made + skipped[place] if skipped else made
        return [raw[head.id] for head in self.plan.heads]

    def _many_alike(self, given: Sequence[Tensor]) -> dict[int, Tensor]:
        """Return what heads of which there are many of one shape make, by place.

        They run together: hundreds of small layers would take minutes to compile.
        """
        made: dict[int, Tensor] = {}
        activation = keras.activations.get(self.plan.activation)
        for places in self.plan.alike():
            if len(places) == 1:
                continue
            branches = [_layers_of(self.heads[place]) for place in places]
            *inner, last = zip(*branches, strict=True)
            values = tf.stack([given[place] for place in places])
            for layers in inner:
                values = activation(one_each(values, layers))
            outputs = tf.unstack(one_each(values, last))
            made |= dict(zip(places, outputs, strict=True))
        return made

    def _skipped(self, features: Sequence[Tensor], gates: Tensor) -> list[Tensor]:
        """Return what the skips add to each head's raw outputs; none without skips."""
        if not self.skips:
            return []
        if len(features) > 1:
            return [skip(own) for skip, own in zip(self.skips, features, strict=True)]
        widths = [head.width for head in self.plan.heads]
        openness = spread(gates, widths) if self.plan.learns_features else None
        made = side_by_side(features[0], self.skips, openness)
        return list(tf.split(made, widths, axis=1))


def build_network(plan: NetworkPlan) -> Network:
    """Return the network of a plan with variables of its own."""
    prefixes = [f"{head.id}_" for head in plan.heads] if plan.has_own_features else [""]
    features = tuple(_build_features(plan, prefix) for prefix in prefixes)
    trunk = _build_trunk(plan)
    heads = tuple(_build_head(plan, head) for head in plan.heads)
    skips = tuple(
        dense(f"{head.id}_skip", plan.input_width, head.width, None, bias=False)
        for head in plan.heads
        if plan.trunk.skip
    )
    learned = [list(model.trainable_variables) for model in features]
    parts = [trunk.shared if plan.has_own_features else [*learned[0], *trunk.shared]]
    for place, head in enumerate(heads):
        own = learned[place] if plan.has_own_features else []
        skip = variables_of(skips[place : place + 1])
        parts.append([*own, *trunk.own[place], *head.trainable_variables, *skip])
    return Network(
        plan, features, trunk, heads, skips, tuple(tuple(part) for part in parts)
    )


def _build_features(plan: NetworkPlan, prefix: str) -> Model:
    inputs = feature_inputs(plan)
    # Each is the faster where it is used, and gives the same numbers.
    recurrent, embedding = keras_recurrent, product_embedding
    if on_processor():
        recurrent, embedding = fast_recurrent, keras_embedding
    features = connect_features(plan, inputs, recurrent, prefix, embedding)
    return keras.Model(inputs, features)


def _build_trunk(plan: NetworkPlan) -> TrunkLayers:
    match plan.trunk.kind:
        case "shared":
            return SharedLayers(plan)
        case "experts":
            return ExpertLayers(plan)
        case "separate":
            return SeparateLayers(plan)


def _build_head(plan: NetworkPlan, head: HeadPlan) -> Model:
    given = keras.Input((plan.branch_width(head),))
    return keras.Model(given, connect_branch(plan, head, given, FastDense))


def _layers_of(branch: Model) -> list[Layer]:
    return [layer for layer in branch.layers if layer.trainable_variables]


def variable_name(variable: Tensor) -> str:
    """Return `layer/kind` of a variable, the same in every model of a plan."""
    # A recurrent layer keeps its variables in a cell that is called alike in all.
    parts = [part for part in variable.path.split("/") if not part.endswith("_cell")]
    return "/".join(parts[-2:])


def connect_branch(
    plan: NetworkPlan,
    head: HeadPlan,
    given: Tensor,
    kind: Callable[..., Layer] = keras.layers.Dense,
) -> Tensor:
    """Return what a head's own layers make of what it reads, `(batch, head.width)`.

    Args:
        plan: The network's shape.
        head: Whose layers.
        given: What they read.
        kind: Keras's own Dense layer, or a faster one of the same numbers.
    """
    for place, units in enumerate(head.layers):
        layer = kind(units, activation=plan.activation, name=f"{head.id}_{place}")
        given = layer(given)
    return kind(head.width, name=f"{head.id}_raw")(given)
