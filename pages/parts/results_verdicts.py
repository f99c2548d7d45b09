"""The first screen of Results: is each head good enough to use, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from mtcore.evaluation.metrics import Scores, metrics_of
from mtcore.evaluation.verdicts import (
    Evidence,
    Level,
    Verdict,
    summary_sentence,
    verdict,
)
from mtcore.runs.run import Run
from mtcore.runs.summary import HeadSummary, RunSummary
from mtcore.spec import Head
from pages.parts.blend_words import blend_words
from pages.parts.head_marks import head_card, show_head_name
from pages.parts.run_words import metric_value
from pages.parts.text import plain

BadgeColour = Literal["green", "blue", "orange", "red", "gray"]
_BADGES: dict[Level, tuple[str, str, BadgeColour]] = {
    "good": ("Good", ":material/check_circle:", "green"),
    "fair": ("Fair", ":material/adjust:", "blue"),
    "weak": ("Weak", ":material/warning:", "orange"),
    "useless": ("No use", ":material/cancel:", "red"),
    "unknown": ("Not known", ":material/help:", "gray"),
}
_CARDS_A_ROW = 3


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
    heads = run.experiment.heads
    wide = min(len(heads), _CARDS_A_ROW)
    for first in range(0, len(heads), wide):
        columns = st.columns(wide, gap="small")
        for place, head in enumerate(heads[first : first + wide]):
            position = first + place
            with columns[place], head_card(position, "verdict"):
                _show_card(
                    head, position, summary.heads[head.name], verdicts[head.name]
                )


def _show_card(head: Head, position: int, summary: HeadSummary, given: Verdict) -> None:
    words, icon, colour = _BADGES[given.level]
    with st.container(horizontal=True, vertical_alignment="center"):
        show_head_name(position, head.name, size_rem=1.1)
        st.badge(words, icon=icon, color=colour)
    metric = metrics_of(head.kind)[(head.metrics or head.available_metrics)[0]]
    rows = summary.labelled.test
    value = metric_value(metric, summary.test.get(metric.name), rows)
    constant = metric_value(metric, summary.baseline.get(metric.name), rows)
    st.metric(
        f"{metric.label}, test rows",
        value,
        delta=f"constant prediction: {constant}",
        delta_color="off",
        delta_arrow="off",
    )
    st.markdown(given.sentence)
    if (shares := blend_words(summary.trees)) is not None:
        st.caption(shares)
