"""What holds for every chart: named, safe, plain for light and dark, steady."""

from __future__ import annotations

import json
import re

import numpy as np
import plotly.graph_objects as go
import pytest

from mtcore.charts.learning_curves import learning_curves
from mtcore.charts.regression import actual_against_predicted
from tests.charts.gallery import gallery, history, report_of
from tests.charts.networks import HOSTILE, head_names
from tests.evaluation.heads import regression_case

CHARTS = gallery()
DRAWINGS = {"model", "large model", "model of experts"}
# Their lines name themselves.
UNTITLED = {"values", "comparison", "loss shares", "twins"}
ALLOWED_TAGS = {"b", "/b", "br", 'span style="color:currentColor"', "/span"}


@pytest.fixture(params=CHARTS, name="chart")
def _chart(request: pytest.FixtureRequest) -> tuple[str, go.Figure]:
    return request.param, CHARTS[request.param]


def texts(figure: go.Figure) -> list[str]:
    """Return every text in a figure, wherever it stands."""
    found: list[str] = []

    def walk(part: object) -> None:
        match part:
            case str():
                found.append(part)
            case dict():
                for name, value in part.items():
                    if name != "uirevision":  # compared, never shown
                        walk(value)
            case list():
                for value in part:
                    walk(value)

    walk(json.loads(figure.to_json()))
    return found


def test_a_chart_says_what_it_shows(chart: tuple[str, go.Figure]) -> None:
    _, figure = chart
    assert figure.layout.title.text
    assert figure.layout.title.subtitle.text.endswith(".")


def test_a_chart_names_its_axes(chart: tuple[str, go.Figure]) -> None:
    name, figure = chart
    if name in DRAWINGS:
        assert figure.layout.xaxis.visible is False
        return
    assert figure.layout.xaxis.title.text or any(
        axis.title.text for axis in figure.select_xaxes()
    )
    assert name in UNTITLED or figure.layout.yaxis.title.text


def test_text_from_files_is_never_markup(chart: tuple[str, go.Figure]) -> None:
    _, figure = chart
    for text in texts(figure):
        tags = set(re.findall(r"<([^<>]*)>", text))
        assert tags <= ALLOWED_TAGS | {"extra", "/extra"}, text
        assert "\u202e" not in text


def test_text_from_files_is_never_a_template(chart: tuple[str, go.Figure]) -> None:
    _, figure = chart
    assert all("%{y} &" not in text for text in texts(figure))


def test_the_page_decides_background_and_letters(chart: tuple[str, go.Figure]) -> None:
    _, figure = chart
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.font.color is None
    for annotation in figure.layout.annotations:
        assert annotation.font.color is None


def test_zoom_and_height_stay_while_data_changes(chart: tuple[str, go.Figure]) -> None:
    _, figure = chart
    assert figure.layout.uirevision
    assert 150 <= figure.layout.height <= 1_300


def test_a_chart_has_something_to_say_under_the_mouse(
    chart: tuple[str, go.Figure],
) -> None:
    _, figure = chart
    spoken = [
        trace
        for trace in figure.data
        if trace.hovertemplate or trace.hoverinfo == "text"
    ]
    assert spoken
    for trace in spoken:
        words = trace.hovertemplate or np.ravel(trace.hovertext)[0]
        assert re.search(r"[.;:]", words.replace("<extra></extra>", "")[-40:]), words


def test_growing_data_leaves_the_height_alone() -> None:
    names = head_names(2)
    heights = {
        learning_curves(history(2, epochs), names).layout.height
        for epochs in (1, 50, 5_000)
    }
    heights.add(learning_curves({}, names).layout.height)
    assert len(heights) == 1


def test_no_trace_holds_more_than_2000_points() -> None:
    long = learning_curves(history(1, 50_000), ["y"])
    assert {len(trace.x) for trace in long.data} == {2_000}
    many = actual_against_predicted(report_of(regression_case(rows=30_000)), 0)
    assert len(many.data[0].x) == 1_000
    sentence = many.layout.title.subtitle.text.replace("<br>", " ")
    assert "A sample of 1,000 of" in sentence


def test_long_names_are_cut_in_labels_and_whole_under_the_mouse() -> None:
    figure = CHARTS["confusion of many"]
    assert all(len(name) < 60 for name in figure.data[0].x)
    hover = str(figure.data[0].hovertext[0][0]).replace("<br>", " ")
    assert "of a column 0" in hover
    assert HOSTILE not in hover
