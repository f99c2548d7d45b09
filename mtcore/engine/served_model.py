"""The model that people take away: raw columns in, values in people's units out."""

from __future__ import annotations

from collections.abc import Sequence

from mtcore.engine.backend import Model, Tensor, keras
from mtcore.engine.connect import connect_outputs
from mtcore.engine.encoding import Encoding
from mtcore.engine.features import connect_features, keras_recurrent
from mtcore.engine.network import Weights, variable_name
from mtcore.engine.outputs import chained, rising
from mtcore.engine.plan import HeadPlan, plan_network
from mtcore.engine.preprocessing import encode_inputs, raw_inputs
from mtcore.spec import Experiment, TargetEncoding


def build_served_model(
    experiment: Experiment, encoding: Encoding, networks: Sequence[Weights]
) -> Model:
    """Return the raw-column model of a trained network, or the mean of several.

    It is made of standard Keras layers and ops, so that Keras alone loads it.

    Args:
        experiment: What was trained.
        encoding: Fitted on its training rows.
        networks: All trained variables of each network, one at least.

    Returns:
        A functional model from `{c0: (batch, 1), …}` to `{h0: (batch, width), …}`:
        numbers in their targets' units, or probabilities.
    """
    if len(networks) == 1:
        return _network(experiment, encoding, networks[0], "branched")
    raw = raw_inputs(encoding)
    answers = [
        _network(experiment, encoding, weights, f"network_{place}")(raw)
        for place, weights in enumerate(networks)
    ]
    outputs = {
        head: keras.layers.Average(name=head)([answer[head] for answer in answers])
        for head in experiment.head_ids().values()
    }
    return keras.Model(raw, outputs, name="averaged")


def _network(
    experiment: Experiment, encoding: Encoding, weights: Weights, name: str
) -> Model:
    """Return one network with the layers that feed it and decode its outputs."""
    plan = plan_network(experiment, encoding)
    raw = raw_inputs(encoding)
    dense, codes = encode_inputs(encoding, raw)
    given = {"dense": dense, "codes": codes}
    outputs = connect_outputs(
        plan, lambda prefix: connect_features(plan, given, keras_recurrent, prefix)
    )
    facts = [encoding.heads[head.name] for head in experiment.heads]
    decoded = {
        head.id: _decoded(head, known, values)
        for head, known, values in zip(plan.heads, facts, outputs, strict=True)
    }
    model = keras.Model(raw, decoded, name=name)
    for variable in model.trainable_variables:
        variable.assign(weights[variable_name(variable)])
    return model


def _decoded(head: HeadPlan, facts: TargetEncoding, raw: Tensor) -> Tensor:
    match head.activation:
        case "linear":
            return _in_units(head, facts, raw)
        case "rising":
            return _in_units(head, facts, rising(raw))
        case "chained":
            return chained(raw)
        case "sigmoid" | "softmax" | "exponential":
            return keras.layers.Activation(head.activation, name=head.id)(raw)


def _in_units(head: HeadPlan, facts: TargetEncoding, learned: Tensor) -> Tensor:
    scale, mean = list(facts.scale), list(facts.mean)
    return keras.layers.Rescaling(scale, mean, name=head.id)(learned)
