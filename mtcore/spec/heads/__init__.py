"""The kinds of heads, one file each, as a union told apart by `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mtcore.spec.heads.base import HeadBase
from mtcore.spec.heads.binary import BinaryHead
from mtcore.spec.heads.count import CountHead
from mtcore.spec.heads.multiclass import MulticlassHead
from mtcore.spec.heads.multilabel import MultilabelHead
from mtcore.spec.heads.ordinal import OrdinalHead
from mtcore.spec.heads.quantile import QuantileHead
from mtcore.spec.heads.regression import RegressionHead
from mtcore.spec.heads.target_encoding import TargetEncoding

Head = Annotated[
    RegressionHead
    | BinaryHead
    | MulticlassHead
    | MultilabelHead
    | CountHead
    | QuantileHead
    | OrdinalHead,
    Field(discriminator="kind"),
]

HEAD_KINDS: dict[
    str,
    type[RegressionHead]
    | type[BinaryHead]
    | type[MulticlassHead]
    | type[MultilabelHead]
    | type[CountHead]
    | type[QuantileHead]
    | type[OrdinalHead],
] = {
    "regression": RegressionHead,
    "binary": BinaryHead,
    "multiclass": MulticlassHead,
    "multilabel": MultilabelHead,
    "count": CountHead,
    "quantile": QuantileHead,
    "ordinal": OrdinalHead,
}

__all__ = [
    "HEAD_KINDS",
    "BinaryHead",
    "CountHead",
    "Head",
    "HeadBase",
    "MulticlassHead",
    "MultilabelHead",
    "OrdinalHead",
    "QuantileHead",
    "RegressionHead",
    "TargetEncoding",
]
