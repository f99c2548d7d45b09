"""The one HTML file: drawn without a network, answering as the model does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.engine.rows.rows import raw_columns
from mtcore.engine.served.predictor import Predictor
from mtcore.evaluation.baselines import constant_outputs
from mtcore.evaluation.metrics import score
from mtcore.evaluation.reports import build_report
from mtcore.export.report.html_report import HeadResults, Results, html_report
from mtcore.export.report.page_model import cells_of, page_model, why_no_what_if
from mtcore.spec import Experiment
from mtcore.whatif.ranges import input_ranges
from tests.engine.reviews import halves, reading, reviews
from tests.engine.workshop import HEADS, experiment, parts, workshop
from tests.export.untrained import untrained

pytestmark = [pytest.mark.browser, pytest.mark.engine]

PAGE = Path(__file__).parents[2] / "mtcore" / "export" / "report" / "page"
HOSTILE = "</script><img src=x onerror=window.hacked=1>"
KINDS: tuple[dict[str, Any], ...] = (
    *HEADS,
    {"name": "count", "kind": "count", "columns": ["loud"]},
    {"name": "range", "kind": "quantile", "columns": ["heat"]},
    {"name": "order", "kind": "ordinal", "columns": ["fault"],
     "order": ["none", "belt", "leak"]},
    {"name": "spread", "kind": "regression", "columns": ["cost", "heat"],
     "loss": "gaussian_nll"},
    {"name": "log", "kind": "regression", "columns": ["heat"], "log_target": True},
)  # fmt: skip
EMBEDDED = (
    {"column": "load (%)", "kind": "category"},
    {"column": "when", "kind": "datetime"},
    {"column": "spikes", "kind": "number"},
)
CHAINED = ({**HEADS[0], "reads": ["fault", "both"]}, HEADS[1], HEADS[3])
EXPERTS = {"kind": "experts", "shared": 2, "private": 2, "layers": [6, 4]}
MODELS: Mapping[str, dict[str, Any]] = {
    "every kind of head, blended": {
        "heads": KINDS,
        "training": {"seeds": 2, "blend": "trees"},
    },
    "cgc with gelu": {
        "trunk": {**EXPERTS, "skip": True, "activation": "gelu"},
        "inputs": EMBEDDED,
    },
    "ple with silu": {
        "trunk": {**EXPERTS, "levels": 2, "activation": "silu"},
        "heads": CHAINED,
    },
    "separate features": {
        "trunk": {"kind": "separate", "layers": [6, 4], "skip": True},
        "inputs": EMBEDDED,
    },
    "a trunk of its own": {
        "heads": (HEADS[0], {**HEADS[1], "own_trunk": True}, HEADS[3]),
    },
    "no layers, tanh": {"trunk": {"layers": [], "activation": "tanh"}},
}


@pytest.fixture
def offline(browser: Browser) -> Iterator[BrowserContext]:
    """A window without any network."""
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 900})
    yield context
    context.close()


def model_of(
    asked: Experiment, predictor: Predictor, table: Table, split: RowSplit
) -> dict[str, Any]:
    ranges = input_ranges(asked, table.take(split.train))
    return page_model(asked, predictor, ranges)


def rows_of(predictor: Predictor, table: Table, rows: int) -> list[list[Any]]:
    columns = raw_columns(predictor.encoding, table)
    return [
        cells_of(
            predictor.encoding,
            {name: cells[row : row + 1] for name, cells in columns.items()},
        )
        for row in range(rows)
    ]


@pytest.mark.parametrize("name", MODELS)
def test_the_page_answers_as_the_model_does(
    name: str, offline: BrowserContext, tmp_path: Path
) -> None:
    asked = experiment(**MODELS[name])
    predictor = untrained(asked, workshop(), parts())
    others = workshop(60, seed=8)
    model = model_of(asked, predictor, workshop(), parts())
    path = tmp_path / "page.html"
    code = (PAGE / "forward.js").read_text("utf-8")
    path.write_text(f"<script>{code}</script>", encoding="utf-8")
    page = offline.new_page()
    page.goto(path.as_uri())
    answers = page.evaluate(
        "async ([model, rows]) => { const answer = await forward.load(model);"
        " return rows.map(answer); }",
        [json.loads(json.dumps(model)), rows_of(predictor, others, 60)],
    )
    ours = predictor.predict(others)
    for place, head in enumerate(asked.heads):
        found = np.array([answer[place] for answer in answers])
        spread = ours[head.name].std(axis=0)
        assert (np.abs(found - ours[head.name]) <= 1e-4 * spread).all(), head.name


def results_of(asked: Experiment, predictor: Predictor, table: Table) -> Results:
    """Return what a report of an untrained model tells."""
    split, facts = parts(table.rows), predictor.encoding.heads
    outputs = predictor.predict(table)
    targets = head_targets(asked, facts, table)
    heads = {}
    for head in asked.heads:
        known, rows = facts[head.name], split.test
        found = targets[head.name][rows]
        constant = score(head, known, found, constant_outputs(head, known, len(rows)))
        report = build_report(head, known, found, outputs[head.name][rows], rows)
        heads[head.name] = HeadResults(
            report, report.metrics, constant, None, {"test": report.labelled}, None
        )
    model = model_of(asked, predictor, table, split)
    model["rows"] = [
        {"name": f"row {place}", "cells": cells}
        for place, cells in enumerate(rows_of(predictor, table, 3))
    ]
    epochs = np.arange(1, 4)
    history = {f"train/h{k}/loss": (epochs, 1.0 / epochs) for k in range(len(heads))}
    return Results(asked, ("Data: <b>x</b>",), heads, history, 2, model, None)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    heads = ({**HEADS[0], "name": HOSTILE}, HEADS[2], HEADS[3])
    asked = experiment(heads=heads, name=HOSTILE)
    predictor = untrained(asked, workshop(), parts())
    path = tmp_path_factory.mktemp("report") / "report.html"
    text = html_report(results_of(asked, predictor, workshop()))
    path.write_text(text, encoding="utf-8")
    return path


def opened(context: BrowserContext, path: Path) -> tuple[Page, list[str]]:
    """Open a file and return the page with what went wrong or was asked for."""
    trouble: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda told: trouble.append(told.text))
    page.on("request", lambda asked: trouble.append(asked.url))
    page.goto(path.as_uri())
    expect(page.locator(".answers .card").first).to_be_visible()
    return page, [told for told in trouble if not told.startswith("file://")]


def test_the_report_is_whole_without_a_network_and_runs_nothing_of_a_file(
    offline: BrowserContext, report: Path
) -> None:
    page, trouble = opened(offline, report)
    expect(page.locator("h1")).to_have_text(HOSTILE)
    expect(page.locator(".chart")).to_have_count(10)
    expect(page.locator(".chart .main-svg:first-child")).to_have_count(10)
    assert page.evaluate("window.hacked") is None
    assert trouble == []


def test_changing_an_input_changes_what_the_heads_answer(
    offline: BrowserContext, report: Path
) -> None:
    page, trouble = opened(offline, report)
    answers = page.locator(".answers")
    before = answers.inner_text()
    field = page.get_by_label("load (%)", exact=True)
    field.fill("400")
    expect(page.get_by_text("beyond all rows that were trained on")).to_be_visible()
    assert answers.inner_text() != before
    page.get_by_label("Start from").select_option("1")
    first = answers.inner_text()
    page.get_by_label("<b>site</b>", exact=True).select_option("")
    assert answers.inner_text() != first
    assert trouble == []


def test_a_model_that_reads_texts_says_why_it_has_no_what_if(report: Path) -> None:
    asked = reading("pool")
    predictor = untrained(asked, reviews(), halves())
    sentence = why_no_what_if(asked, predictor)
    assert sentence is not None
    assert "reads the text column 'review'" in sentence
    plain = experiment("cost")
    whole = results_of(plain, untrained(plain, workshop(), parts()), workshop())
    text = html_report(replace(whole, model=None, no_what_if=sentence))
    assert "reads the text column &#x27;review&#x27;" in text
    assert 'id="what-if"' in report.read_text("utf-8")
    assert 'id="what-if"' not in text
