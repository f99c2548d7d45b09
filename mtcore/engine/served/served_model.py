"""The model that people take away: raw columns in, values in people's units out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtcore.engine.backend import Model, Tensor, keras
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.layers.features import connect_features, keras_recurrent
from mtcore.engine.layers.network import Weights, variable_name
from mtcore.engine.layers.outputs import chained, deviations, rising
from mtcore.engine.plans.plan import HeadPlan
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.rows.preprocessing import network_inputs, raw_inputs
from mtcore.engine.served.connect import connect_outputs
from mtcore.spec import Experiment, TargetEncoding
from mtcore.spec.heads.log_scale import LogScale

# What a model of several networks is called, and how its networks' names begin.
AVERAGED, NETWORK = "averaged", "network_"


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
        A functional model from `{c0: …}`, as `raw_inputs` has them, to
        `{h0: (batch, width), …}`: numbers in their targets' units, or probabilities.
    """
    if len(networks) == 1:
        return _network(experiment, encoding, networks[0], "branched")
    raw = raw_inputs(encoding)
    answers = [
        _network(experiment, encoding, weights, f"{NETWORK}{place}")(raw)
        for place, weights in enumerate(networks)
    ]
    outputs = {
        head.id: _mean_answer(head, [answer[head.id] for answer in answers])
        for head in plan_network(experiment, encoding).heads
    }
    return keras.Model(raw, outputs, name=AVERAGED)


def _network(
    experiment: Experiment, encoding: Encoding, weights: Weights, name: str
) -> Model:
    """Return one network with the layers that feed it and decode its outputs."""
    plan = plan_network(experiment, encoding)
    raw = raw_inputs(encoding)
    given = network_inputs(encoding, raw)
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
        case "linear" if facts.logs:
            return _means_of_logs(facts.logs, raw)
        case "linear" if head.width > head.targets:
            values, spreads = raw[:, : head.targets], raw[:, head.targets :]
            scaled = deviations(spreads) * np.array(facts.scale, np.float32)
            return _side_by_side(_in_units(f"{head.id}_mean", facts, values), scaled)
        case "linear":
            return _in_units(head.id, facts, raw)
        case "rising":
            return _in_units(head.id, facts, rising(raw))
        case "chained":
            return chained(raw)
        case "sigmoid" | "softmax" | "exponential":
            return keras.layers.Activation(head.activation, name=head.id)(raw)


def _in_units(name: str, facts: TargetEncoding, learned: Tensor) -> Tensor:
    scale, mean = list(facts.scale), list(facts.mean)
    dtype = "float64" if facts.needs_double else "float32"
    return keras.layers.Rescaling(scale, mean, name=name, dtype=dtype)(learned)


def _means_of_logs(logs: Sequence[LogScale], raw: Tensor) -> Tensor:
    """Return numbers in their units; see `LogScale`."""
    scales, means = [log.deviation for log in logs], [log.mean for log in logs]
    drawn = keras.layers.Rescaling(scales, means)(raw)
    stretches = np.array([log.size * log.stretch for log in logs], np.float32)
    lifts = np.array([log.size * log.lift for log in logs], np.float32)
    return keras.ops.sinh(drawn) * stretches + keras.ops.cosh(drawn) * lifts


def _mean_answer(head: HeadPlan, answers: Sequence[Tensor]) -> Tensor:
    """Return the mean of several networks' answers.

    Of deviations, that of the mixture of the networks' distributions, which their
    disagreement widens (Lakshminarayanan and others 2017).
    """
    mean = keras.layers.Average(name=head.id, dtype=answers[0].dtype)(answers)
    if head.activation != "linear" or head.width == head.targets:
        return mean
    values = mean[:, : head.targets]
    variances = [
        keras.ops.square(answer[:, head.targets :])
        + keras.ops.square(answer[:, : head.targets] - values)
        for answer in answers
    ]
    return _side_by_side(values, keras.ops.sqrt(sum(variances) / len(answers)))


def _side_by_side(values: Tensor, spreads: Tensor) -> Tensor:
    spreads = keras.ops.cast(spreads, values.dtype)
    return keras.ops.concatenate([values, spreads], axis=1)
