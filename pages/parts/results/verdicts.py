"""The first screen of Results: is each head good enough to use, in words."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mtcore.evaluation.metrics import Scores, metrics_of
from mtcore.evaluation.verdicts import (
    Evidence,
    Verdict,
    summary_sentence,
    verdict,
)
from mtcore.runs.store.run import Run
from mtcore.runs.store.summary import RunSummary
from pages.parts.blend_words import blend_words
from pages.parts.head_cards import HeadCard, show_head_cards
from pages.parts.run_words import metric_value
from pages.parts.text import plain


def judge_heads(
    run: Run, summary: RunSummary, boosted: Mapping[str, Scores] | None
) -> dict[str, Verdict]:
    """Return a verdict a head.

    Args:
        run: Its experiment names the heads.
        summary: The run's.
        boosted: Each head's metrics of gradient-boosted trees on the test rows; None
            while they are being computed.
    """
    found = {}
    for head in run.experiment.heads:
        known = summary.heads[head.name]
        evidence = Evidence(
            test=known.test,
            constant=known.baseline,
            boosted=boosted.get(head.name) if boosted else None,
            labelled=known.labelled.model_dump(),
            trees=known.trees,
        )
        found[head.name] = verdict(head, evidence)
    return found


def show_summary(verdicts: Mapping[str, Verdict]) -> None:
    """Write one sentence on the whole run."""
    st.subheader(plain(summary_sentence(verdicts)), anchor=False)


def show_verdicts(
    run: Run, summary: RunSummary, verdicts: Mapping[str, Verdict]
) -> None:
    """Draw a card a head: verdict, main figure beside the constant's, and why."""
    cards = []
    for position, head in enumerate(run.experiment.heads):
        known, given = summary.heads[head.name], verdicts[head.name]
        metric = metrics_of(head.kind)[(head.metrics or head.available_metrics)[0]]
        rows = known.labelled.test
        constant = metric_value(metric, known.baseline.get(metric.name), rows)
        shares = blend_words(known.trees)
        cards.append(
            HeadCard(
                position=position,
                name=head.name,
                about=f"{metric.label}, test rows",
                value=metric_value(metric, known.test.get(metric.name), rows),
                beside=f"constant prediction: {constant}",
                sentence=given.sentence,
                notes=() if shares is None else (shares,),
                level=given.level,
            )
        )
    show_head_cards(cards)
