"""Every single number that the heads answer, as goals and scenarios name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mtcore.spec import (
    BinaryHead,
    CountHead,
    Experiment,
    Head,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
    TargetEncoding,
)
from pages.parts.head_marks import head_sign
from pages.parts.text import visible


@dataclass(frozen=True, slots=True)
class HeadOutput:
    """One output of a head.

    Args:
        head: The head's name.
        position: Of the head in the experiment.
        place: Of the output among the head's decoded ones.
        name: The head, with column, class or level where it has several outputs.
        chance: Whether it is a probability.
        typical: What it is on average, in its unit.
        spread: How far values lie apart, in its unit.
    """

    head: str
    position: int
    place: int
    name: str
    chance: bool
    typical: float
    spread: float


def head_outputs(
    experiment: Experiment, encodings: Mapping[str, TargetEncoding]
) -> list[HeadOutput]:
    """Return the outputs of all heads, in their order."""
    found = []
    for position, head in enumerate(experiment.heads):
        encoding = encodings[head.name]
        for place, suffix in enumerate(_suffixes(head, encoding)):
            chance = head.target_kind == "category"
            column = min(place, len(encoding.scale) - 1)
            found.append(
                HeadOutput(
                    head=head.name,
                    position=position,
                    place=place,
                    name=f"{head.name}: {suffix}" if suffix else head.name,
                    chance=chance,
                    typical=0.5 if chance else float(encoding.mean[column]),
                    spread=1.0 if chance else float(encoding.scale[column]),
                )
            )
    return found


def output_words(output: HeadOutput) -> str:
    """Return an output's name with its head's sign, for options and tables."""
    words = f"{head_sign(output.position)} {visible(output.name, 60)}"
    return f"{words} (probability)" if output.chance else words


def _suffixes(head: Head, encoding: TargetEncoding) -> tuple[str, ...]:
    match head:
        case RegressionHead() | CountHead():
            return head.columns if len(head.columns) > 1 else ("",)
        case QuantileHead():
            return tuple(f"{100 * level:g} % level" for level in head.levels)
        case BinaryHead():
            return encoding.classes[1:]
        case MulticlassHead() | MultilabelHead() | OrdinalHead():
            return encoding.classes
