"""Small networks with weights, and a forward pass of them written out in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.backend import Tensor, tf
from mtcore.engine.encode.encoding import Encoding, fit_encoding
from mtcore.engine.layers.network import Network, build_network, variable_name
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.engine.plans.planning import plan_network
from mtcore.spec import Experiment
from tests.engine.workshop import parts, workshop

# A column of many values is read through an embedding, so the features learn too.
EMBEDDED = (
    {"column": "load (%)", "kind": "category"},
    {"column": "spikes", "kind": "number"},
)


@dataclass(frozen=True, slots=True)
class Wired:
    """A network with random weights and rows to put through it.

    Args:
        encoding: Of its inputs and targets.
        network: With all variables set.
        inputs: Encoded rows.
    """

    encoding: Encoding
    network: Network
    inputs: dict[str, Tensor]

    @property
    def plan(self) -> NetworkPlan:
        """The network's shape."""
        return self.network.plan

    def outputs(self, gates: tuple[float, ...] = ()) -> list[Tensor]:
        """Return each head's raw outputs."""
        open_gates = gates or (1.0,) * len(self.plan.heads)
        return self.network.outputs(self.inputs, tf.constant(open_gates))

    def weights(self) -> dict[str, FloatArray]:
        """Return all variables by name, float64."""
        return {
            variable_name(variable): variable.numpy().astype(np.float64)
            for variable in self.network.variables
        }

    def moved_by(
        self, head: int, gates: tuple[float, ...] = ()
    ) -> dict[str, FloatArray]:
        """Return the gradient of one head's outputs for every variable."""
        variables = [variable.value for variable in self.network.variables]
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(tf.square(self.outputs(gates)[head]))
        found = tape.gradient(total, variables)
        return {
            variable_name(variable): np.zeros(variable.shape)
            if gradient is None
            else tf.convert_to_tensor(gradient).numpy()
            for variable, gradient in zip(self.network.variables, found, strict=True)
        }

    def names(self, part: int) -> set[str]:
        """Return the names of the variables of one part."""
        return {variable_name(variable) for variable in self.network.parts[part]}


def wire(changed: Experiment, rows: int = 12) -> Wired:
    """Return the network of an experiment on the workshop's table."""
    encoding = fit_encoding(changed, workshop(), parts())
    plan = plan_network(changed, encoding)
    random = np.random.default_rng(3)
    network = build_network(plan)
    for variable in network.variables:
        variable.assign(random.normal(0.0, 0.4, variable.shape))
    inputs = {}
    if plan.dense_width:
        numbers = random.normal(size=(rows, plan.dense_width))
        inputs["dense"] = tf.constant(numbers, "float32")
    if plan.categories:
        codes = random.integers(0, 5, (rows, len(plan.categories)))
        inputs["codes"] = tf.constant(codes, "int32")
    return Wired(encoding, network, inputs)


def by_hand(wired: Wired) -> list[FloatArray]:
    """Return what an expert network's heads give, computed one expert at a time."""
    plan, weights = wired.plan, wired.weights()
    features = wired.network.features[0](wired.inputs).numpy().astype(np.float64)
    heads = [head.id for head in plan.heads]
    passed_on, given = features, dict.fromkeys(heads, features)
    for level in range(plan.trunk.levels):
        shared = [
            _expert(weights, plan, f"expert_{level}_{k}", passed_on)
            for k in range(plan.trunk.shared)
        ]
        own = {
            head: [
                _expert(weights, plan, f"{head}_expert_{level}_{k}", given[head])
                for k in range(plan.trunk.private)
            ]
            for head in heads
        }
        if level + 1 < plan.trunk.levels:
            everything = shared + [one for head in heads for one in own[head]]
            passed_on = _mixed(weights, f"gate_{level}", passed_on, everything)
        given = {
            head: _mixed(
                weights, f"{head}_gate_{level}", given[head], shared + own[head]
            )
            for head in heads
        }
    for head in plan.heads:
        for place in range(len(head.layers)):
            made = _affine(weights, f"{head.id}_{place}", given[head.id])
            given[head.id] = np.maximum(made, 0.0)
    return [_affine(weights, f"{head}_raw", given[head]) for head in heads]


def _affine(
    weights: dict[str, FloatArray], layer: str, values: FloatArray
) -> FloatArray:
    return values @ weights[f"{layer}/kernel"] + weights[f"{layer}/bias"]


def _expert(
    weights: dict[str, FloatArray], plan: NetworkPlan, name: str, values: FloatArray
) -> FloatArray:
    for place in range(len(plan.trunk.layers)):
        values = np.maximum(_affine(weights, f"{name}_{place}", values), 0.0)
    return values


def _mixed(
    weights: dict[str, FloatArray],
    gate: str,
    values: FloatArray,
    experts: list[FloatArray],
) -> FloatArray:
    powers = np.exp(_affine(weights, gate, values))
    shares = powers / powers.sum(axis=1, keepdims=True)
    mixture = np.zeros_like(experts[0])
    for place, expert in enumerate(experts):
        mixture += shares[:, [place]] * expert
    return mixture
