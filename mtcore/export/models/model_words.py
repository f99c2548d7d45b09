"""What the inputs and outputs of an exported model are, in people's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.encode.input_encoding import CategoryEncoding, ImageEncoding, Worded
from mtcore.export.models.naming import legal_names
from mtcore.spec import Experiment, Head, TargetEncoding

if TYPE_CHECKING:
    from mtcore.engine.served.predictor import Servable


def input_names(encoding: Encoding) -> dict[str, str]:
    """Return what each input is called, by its id (`c0`, `c1`, …)."""
    return legal_names(
        {f"c{place}": given.column for place, given in enumerate(encoding.inputs)}
    )


def output_names(experiment: Experiment) -> dict[str, str]:
    """Return what each output is called, by its id (`h0`, `h1`, …)."""
    return legal_names({own: name for name, own in experiment.head_ids().items()})


def describe_names(experiment: Experiment, trained: Servable) -> dict[str, Any]:
    """Return what stands in `columns.json`.

    Returns:
        `inputs` by their name: the column, its kind, and the values known of a
        category; `outputs` by their name: the head, its kind, the columns it predicts,
        and what each number of an answer is; `missing`: cells to be given as missing;
        `trees`: their share in each head's answers.
    """
    shares = {} if trained.blend is None else trained.blend.shares
    inputs = input_names(trained.encoding)
    described: dict[str, dict[str, Any]] = {}
    for place, given in enumerate(trained.encoding.inputs):
        told: dict[str, Any] = {"column": given.column, "kind": given.kind}
        told["missing"] = "" if isinstance(given, Worded) else "NaN"
        if isinstance(given, ImageEncoding):
            # Red, green and blue as uint8; a missing picture is black all over.
            told |= {"size": list(given.reading.size), "missing": "black"}
        if isinstance(given, CategoryEncoding):
            told["values"] = list(given.vocabulary)
        described[inputs[f"c{place}"]] = told
    names = output_names(experiment)
    return {
        "inputs": described,
        "outputs": {
            names[own]: {
                "head": head.name,
                "kind": head.kind,
                "columns": list(head.columns),
                "values": values_of(head, trained.encoding.heads[head.name]),
            }
            for head, own in zip(
                experiment.heads, experiment.head_ids().values(), strict=True
            )
        },
        "missing": list(experiment.missing),
        "trees": shares,
    }


def values_of(head: Head, facts: TargetEncoding) -> list[str]:
    """Return what each number of a head's answer is, in order."""
    match head.kind:
        case "regression":
            columns = list(head.columns)
            spreads = [f"deviation of {column}" for column in columns]
            return columns + (spreads if head.gives_deviation else [])
        case "count":
            return list(head.columns)
        case "binary":
            return [facts.classes[1]]
        case "multiclass" | "ordinal" | "multilabel":
            return list(facts.classes)
        case "quantile":
            return [f"q{level:g}" for level in head.levels]
        case _:
            assert_never(head.kind)
