"""The experiment: one frozen tree that pages, files and commands speak."""

from __future__ import annotations

from mtcore.spec.experiment import Experiment
from mtcore.spec.files import (
    apply_settings,
    dump_json,
    dump_yaml,
    experiment_from,
    experiment_schema,
    load_experiment,
    parse_experiment,
    plain_data,
)
from mtcore.spec.heads import (
    HEAD_KINDS,
    BinaryHead,
    CountHead,
    Head,
    HeadBase,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
    TargetEncoding,
)
from mtcore.spec.inputs import (
    INPUT_KINDS,
    BooleanInput,
    CategoryInput,
    ColumnKind,
    DatetimeInput,
    Input,
    NumberInput,
    TextEncoder,
    TextInput,
)
from mtcore.spec.reading import Reading
from mtcore.spec.split import (
    GivenSplit,
    GroupSplit,
    RandomSplit,
    Split,
    StratifiedSplit,
    TimeSplit,
)
from mtcore.spec.training import Training
from mtcore.spec.trunk import (
    TRUNK_KINDS,
    ExpertTrunk,
    SeparateTrunk,
    SharedTrunk,
    Trunk,
)

__all__ = [
    "HEAD_KINDS",
    "INPUT_KINDS",
    "TRUNK_KINDS",
    "BinaryHead",
    "BooleanInput",
    "CategoryInput",
    "ColumnKind",
    "CountHead",
    "DatetimeInput",
    "Experiment",
    "ExpertTrunk",
    "GivenSplit",
    "GroupSplit",
    "Head",
    "HeadBase",
    "Input",
    "MulticlassHead",
    "MultilabelHead",
    "NumberInput",
    "OrdinalHead",
    "QuantileHead",
    "RandomSplit",
    "Reading",
    "RegressionHead",
    "SeparateTrunk",
    "SharedTrunk",
    "Split",
    "StratifiedSplit",
    "TargetEncoding",
    "TextEncoder",
    "TextInput",
    "TimeSplit",
    "Training",
    "Trunk",
    "apply_settings",
    "dump_json",
    "dump_yaml",
    "experiment_from",
    "experiment_schema",
    "load_experiment",
    "parse_experiment",
    "plain_data",
]
