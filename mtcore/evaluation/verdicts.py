"""Is a head good enough to use? Plain words, worked out from its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mtcore.evaluation.findings import Finding, figure, find
from mtcore.evaluation.metrics import Scores
from mtcore.evaluation.wording import count_text
from mtcore.spec import BinaryHead, Head
from mtcore.spec.base import Frozen

Level = Literal["good", "fair", "weak", "useless", "unknown"]
LEVELS: tuple[Level, ...] = ("good", "fair", "weak", "useless", "unknown")
FEWEST_ROWS = 20  # fewer test rows say nothing
_LAG = 0.02  # of the constant's error; what is behind by less is not called worse
_MUCH = 0.05  # so far behind trees nothing is called good

_GROUPS: dict[Level, tuple[str, str]] = {
    "good": ("is ready to use", "are ready to use"),
    "fair": ("is a rough guide", "are rough guides"),
    "weak": ("is too weak to rely on", "are too weak to rely on"),
    "useless": (
        "is no better than a constant answer",
        "are no better than a constant answer",
    ),
    "unknown": ("can't be judged", "can't be judged"),
}
_NAMED = 4  # more heads of one level are counted instead


class Verdict(Frozen):
    """A level for a badge and the sentences beside it.

    The sentences may hold no text from files, only figures.
    """

    level: Level
    sentence: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a head is judged by.

    Args:
        test: Its metrics on the test rows.
        constant: The same metrics of the best constant prediction.
        boosted: The same metrics of gradient-boosted trees; None while unknown.
        labelled: Rows that carry this head's label, by part; "test" is looked at.
        trees: The share of trees in its answers, from 0 to 1; None where none were
            tried.
    """

    test: Scores
    constant: Scores
    boosted: Scores | None
    labelled: Mapping[str, int]
    trees: float | None


def verdict(head: Head, known: Evidence) -> Verdict:
    """Return whether a head is good enough to use, in words.

    Args:
        head: Its kind decides the figure that it is judged by.
        known: What it is judged by.
    """
    test, constant = known.test, known.constant
    rows = known.labelled.get("test", 0)
    if rows == 0:
        sentence = "No test row carries this label, so nothing can be said about it."
        return Verdict(level="unknown", sentence=sentence)
    finding = find(head, test, constant, rows)
    if finding is None:
        return Verdict(level="unknown", sentence=_why_unknown(head, rows))
    if rows < FEWEST_ROWS:
        few = f"{count_text(rows, 'test row')} are" if rows > 1 else "1 test row is"
        return Verdict(
            level="unknown", sentence=f"{finding.facts} But {few} too few to tell."
        )
    level, sure = _level(finding)
    sentences = [finding.facts]
    if known.boosted is not None:
        theirs = figure(head, known.boosted, constant)
        level, comparison = _beside_trees(level, finding, theirs, known.trees)
        sentences.append(comparison)
    if isinstance(head, BinaryHead):
        sentences.append(_about_answers(test, constant))
    sentences.append(_advice(level, finding, sure=sure, rows=rows))
    return Verdict(level=level, sentence=" ".join(filter(None, sentences)))


def summary_sentence(verdicts: Mapping[str, Verdict]) -> str:
    """Return one sentence on all heads of a run.

    Args:
        verdicts: By the head's name. Names go into the sentence as they are: whoever
            shows it escapes it.
    """
    by_level = {
        level: [name for name, given in verdicts.items() if given.level == level]
        for level in LEVELS
    }
    present = [level for level in LEVELS if by_level[level]]
    if len(present) == 1 and len(verdicts) > 1:
        together = "Both heads" if len(verdicts) == 2 else f"All {len(verdicts)} heads"
        return f"{together} {_GROUPS[present[0]][1]}."
    parts = []
    for level in present:
        names = by_level[level]
        parts.append(f"{_listed(names)} {_GROUPS[level][len(names) > 1]}")
    return f"{'; '.join(parts)}."


def _level(finding: Finding) -> tuple[Level, bool]:
    """Return the level, and whether the lower end of the interval agrees with it.

    Good is not said where the figure might well be weak, nor weak where it might well
    be nothing.
    """
    level = _reached(finding.value, finding.bars)
    doubtful = _reached(finding.low, finding.bars)
    if level == "good" and doubtful not in {"good", "fair"}:
        return "fair", False
    return level, level == doubtful


def _reached(value: float, bars: tuple[float, float, float]) -> Level:
    good, fair, weak = bars
    if value >= good:
        return "good"
    if value >= fair:
        return "fair"
    return "weak" if value >= weak else "useless"


def _beside_trees(
    level: Level, finding: Finding, theirs: float | None, share: float | None
) -> tuple[Level, str]:
    """Return the level beside boosted trees, and how it stands to them.

    Args:
        level: Without them.
        finding: What the test rows say.
        theirs: The boosted trees' figure.
        share: Of the trees that the head's own answers hold.
    """
    if theirs is None:
        return level, ""
    trees = f"gradient-boosted trees ({finding.show(theirs)})"
    our_error, their_error = 1.0 - finding.value, 1.0 - theirs
    if their_error < 0.5 * our_error and theirs > finding.high:
        if level == "good" and theirs - finding.value < _MUCH:
            # What is ready to use need not be trained again.
            return level, f"Even nearer come {trees}."
        lowered: Level = "fair" if level == "good" else level
        return lowered, f"Far behind {trees}, {_what_may_help(share)}"
    if not 0.9 * our_error <= their_error <= our_error / 0.9:
        side = "behind" if their_error < our_error else "ahead of"
        if finding.low <= theirs <= finding.high:
            return level, f"A little {side} {trees}, which may be chance."
        return level, f"{side.capitalize()} {trees}."
    if level in {"weak", "useless"}:
        return level, f"Level with {trees}: the inputs seem to say little about it."
    return level, f"Level with {trees}."


def _what_may_help(share: float | None) -> str:
    """Return the way on from trees that are far ahead, by who answers now."""
    if not share:
        return "so these inputs hold more: train longer or widen the trunk."
    if share < 1.0:
        return (
            "so these inputs hold more than the network and the trees beside it found: "
            "train longer or widen the trunk."
        )
    return (
        "so these inputs hold more than the averaged trees found that answer here "
        "alone: a network that is trained longer or is wider may help them."
    )


def _about_answers(test: Scores, constant: Scores) -> str:
    """Return what a good ranking hides: no positive answer, or bad probabilities."""
    if not test["f1"]:
        return "At a threshold of 0.5 it finds no positive row: choose a lower one."
    ours, theirs = test["log_loss"], constant["log_loss"]
    if ours is not None and theirs is not None and ours > theirs:
        return "Its probabilities are too extreme: trust the order, not the figures."
    return ""


def _advice(level: Level, finding: Finding, *, sure: bool, rows: int) -> str:
    doubt = (
        ""
        if sure
        else f" With {rows:,} test rows this is uncertain: {finding.interval_text()}."
    )
    match level:
        case "good":
            return f"Looks ready to use.{doubt}" if doubt else "Ready to use."
        case "fair":
            return f"A rough guide: check what matters.{doubt}"
        case "weak":
            return f"Better than {finding.rival}, but too rough to rely on.{doubt}"
        case "useless" | "unknown":
            beside = "hardly better"
            if finding.value < finding.constant:
                # So little below it may be chance, and the typical error even better.
                lag = 1.0 - finding.value > (1.0 + _LAG) * (1.0 - finding.constant)
                sure_of_it = lag and finding.high < finding.constant
                beside = "worse" if sure_of_it else "no better"
            return f"Not usable: {beside} than {finding.rival}.{doubt}"


def _why_unknown(head: Head, rows: int) -> str:
    held = f"the {rows:,} labelled test rows" if rows > 1 else "the labelled test row"
    verb = "hold" if rows > 1 else "holds"
    match head.kind:
        case "regression" | "count" | "quantile" | "ordinal":
            reason = f"{held} {verb} one value only or were not answered by a number"
        case "binary":
            reason = f"{held} {verb} one class only or were not answered by a number"
        case "multiclass" | "multilabel":
            reason = f"{held} were not answered by a number"
    return f"Can't be judged: {reason}."


def _listed(names: list[str]) -> str:
    if len(names) > _NAMED:
        return f"{len(names)} heads"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
