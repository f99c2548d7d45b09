"""One HTML file with a run's results and a what-if that needs nothing else.

Whatever comes from a file or a person is escaped, and the file forbids itself to fetch
anything.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from mtcore.charts.learning_curves import History, learning_curves
from mtcore.charts.style import head_colour
from mtcore.evaluation.metrics import Scores, metrics_of
from mtcore.evaluation.reports import HeadReport
from mtcore.evaluation.verdicts import (
    Evidence,
    Level,
    Verdict,
    summary_sentence,
    verdict,
)
from mtcore.evaluation.wording import number_text
from mtcore.export.report.page_charts import head_charts
from mtcore.spec import Experiment, Head, dump_yaml

_PAGE = Path(__file__).with_name("page")
_RULES = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
_RULES += "img-src data: blob:"
_WORDS: dict[Level, str] = {
    "good": "● Good",
    "fair": "◐ Fair",
    "weak": "▲ Weak",
    "useless": "✕ No use",
    "unknown": "? Not known",
}


@dataclass(frozen=True, slots=True)
class HeadResults:
    """What is known of a head.

    Args:
        report: On the test rows.
        validation: Metrics on validation rows.
        constant: Metrics of the best constant prediction on the test rows.
        boosted: Metrics of gradient-boosted trees on the test rows, None where there
            are none.
        labelled: Rows that carry its label, by part.
        trees: The share of trees in its answers, or None.
    """

    report: HeadReport
    validation: Scores
    constant: Scores
    boosted: Scores | None
    labelled: Mapping[str, int]
    trees: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """What a report tells.

    Args:
        experiment: What was trained.
        about: Facts in words, such as the data's name, in order.
        heads: By the head's name.
        history: Losses by epoch.
        best_epoch: The one that was kept.
        model: As `page_model` gives it, with `rows` to start from; None without a
            what-if.
        no_what_if: Why there is none.
    """

    experiment: Experiment
    about: Sequence[str]
    heads: Mapping[str, HeadResults]
    history: History
    best_epoch: int
    model: Mapping[str, Any] | None
    no_what_if: str | None


def html_report(results: Results) -> str:
    """Return the whole file."""
    heads = results.experiment.heads
    verdicts = {
        head.name: verdict(head, _evidence(results.heads[head.name])) for head in heads
    }
    charts = _Charts()
    body = [
        f"<h1>{_safe(results.experiment.name)}</h1>",
        f'<p class="faint">{_safe(" · ".join(results.about))}</p>',
        f'<p class="sentence">{_safe(summary_sentence(verdicts))}</p>',
        _cards(results, verdicts),
        _what_if(results),
        "<h2>Scores</h2>",
        _scores(results),
        *_head_sections(results, charts),
        "<h2>Training</h2>",
        charts.add(
            [
                learning_curves(
                    results.history,
                    [head.name for head in heads],
                    best_epoch=results.best_epoch,
                )
            ]
        ),
        "<h2>The experiment</h2>",
        f"<pre>{_safe(dump_yaml(results.experiment))}</pre>",
    ]
    return _whole(results, "\n".join(body), charts)


def _evidence(known: HeadResults) -> Evidence:
    test, constant = known.report.metrics, known.constant
    return Evidence(test, constant, known.boosted, known.labelled, known.trees)


def _whole(results: Results, body: str, charts: _Charts) -> str:
    data = _data("charts", [figure.to_plotly_json() for figure in charts.figures])
    if results.model is not None:
        data += _data("model", results.model)
    scripts = [get_plotlyjs(), _file("forward.js"), _file("report.js")]
    return "".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_RULES}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>{_safe(results.experiment.name)}</title>\n",
            f"<style>\n{_file('report.css')}</style>\n</head>\n<body>\n{body}\n",
            data,
            *(f"<script>{script}</script>\n" for script in scripts),
            "</body>\n</html>\n",
        ]
    )


class _Charts:
    """The charts of a page, numbered as they come."""

    def __init__(self) -> None:
        self.figures: list[go.Figure] = []

    def add(self, figures: Sequence[go.Figure]) -> str:
        """Keep figures for the end of the page, and return where they are drawn."""
        places = []
        for figure in figures:
            height = int(figure.layout.height or 0)
            number = len(self.figures)
            places.append(
                f'<div class="chart" id="chart_{number}" style="height:{height}px">'
                "</div>"
            )
            self.figures.append(figure)
        return f'<div class="charts">{"".join(places)}</div>'


def _cards(results: Results, verdicts: Mapping[str, Verdict]) -> str:
    cards = []
    for place, head in enumerate(results.experiment.heads):
        known, given = results.heads[head.name], verdicts[head.name]
        metric = metrics_of(head.kind)[(head.metrics or head.available_metrics)[0]]
        value = number_text(known.report.metrics.get(metric.name))
        constant = number_text(known.constant.get(metric.name))
        trees = ""
        if known.trees:
            trees = f"<p class='faint'>{known.trees:.0%} of each answer is trees'.</p>"
        cards.append(
            f'<div class="card"><h4 style="border-color:{head_colour(place)}">'
            f'{_safe(head.name)}</h4><span class="badge">{_WORDS[given.level]}</span>'
            f'<div class="big">{value}</div><div class="faint">{_safe(metric.label)} '
            f"on test rows; a constant prediction: {constant}</div>"
            f"<p>{_safe(given.sentence)}</p>{trees}</div>"
        )
    return f'<div class="cards">{"".join(cards)}</div>'


def _what_if(results: Results) -> str:
    if results.model is None:
        return f"<h2>What if?</h2><p>{_safe(results.no_what_if or '')}</p>"
    rows = len(results.model["rows"])
    return (
        "<h2>What if?</h2><p>Change an input and all heads answer at once. The model "
        f"is in this file, with {rows} rows to start from; nothing is sent "
        "anywhere.</p>"
        '<div id="what-if"></div>'
    )


def _scores(results: Results) -> str:
    names = ("Head", "Metric", "Validation", "Test", "Constant", "Boosted trees")
    lines = []
    for head in results.experiment.heads:
        known = results.heads[head.name]
        for name, metric in metrics_of(head.kind).items():
            sources = (known.validation, known.report.metrics, known.constant)
            values = [number_text(scores.get(name)) for scores in sources]
            values.append(number_text((known.boosted or {}).get(name)))
            better = {"higher": " ↑", "lower": " ↓", "nominal": " ◎"}[metric.direction]
            cells = "".join(f'<td class="number">{value}</td>' for value in values)
            lines.append(
                f"<tr><td>{_safe(head.name)}</td><td>{_safe(metric.label)}{better}</td>"
                f"{cells}</tr>"
            )
    heads = "".join(
        f"<th{' class=number' if place > 1 else ''}>{name}</th>"
        for place, name in enumerate(names)
    )
    return (
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>'
        f"{''.join(lines)}</tbody></table></div>"
        '<p class="faint">↑ higher is better, ↓ lower is better, ◎ as near to what was '
        "asked for as can be. Constant: the best constant prediction, on test rows.</p>"
    )


def _head_sections(results: Results, charts: _Charts) -> list[str]:
    sections = []
    for place, head in enumerate(results.experiment.heads):
        report = results.heads[head.name].report
        drawn = head_charts(report, place)
        words = f"{report.labelled:,} of {report.rows:,} test rows carry its label."
        sections.append(f"<h2>{_safe(_title(head))}</h2><p class='faint'>{words}</p>")
        if drawn:
            sections.append(charts.add(drawn))
    return sections


def _title(head: Head) -> str:
    return f"{head.name}: {head.label.lower()}"


def _safe(text: str) -> str:
    return html.escape(text)


def _file(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


def _data(name: str, content: object) -> str:
    """Return data for scripts; no text in it can end the element that it stands in."""
    options = orjson.OPT_SERIALIZE_NUMPY
    text = orjson.dumps(content, option=options).decode().replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>\n'
