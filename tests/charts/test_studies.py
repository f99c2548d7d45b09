"""Charts of twins and of weightings: what stands where."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.charts.front import Axis, weight_front
from mtcore.charts.style import head_colour
from mtcore.charts.twins import Dumbbell, sharing_dumbbells
from tests.charts.gallery import weighed


def test_a_dumbbell_goes_from_the_error_alone_to_that_with_the_others() -> None:
    figure = sharing_dumbbells(
        [Dumbbell("y", 2, "RMSE", (1.0, 2.0), (1.0, 3.0), (-0.6, 0.1))]
    )
    alone, together, reference, mean = figure.data
    assert list(alone.x) == [-0.5, 0.5]
    assert list(together.x) == [-0.5, 0.0]
    assert list(reference.x) == [0.0]
    assert list(mean.x) == [-0.25]
    assert mean.marker.color == head_colour(2)
    assert mean.error_x.array == pytest.approx([0.35])
    assert mean.error_x.arrayminus == pytest.approx([0.35])
    assert sharing_dumbbells([]).layout.annotations


def test_the_line_of_the_front_leads_through_no_other_point() -> None:
    figure = weight_front(Axis("a", "RMSE"), Axis("b", "RMSE"), weighed())
    line = figure.data[0]
    np.testing.assert_array_equal(line.x, [1.0, 3.0])
    np.testing.assert_array_equal(line.y, [3.0, 1.0])
    marks = {trace.name: len(trace.x) for trace in figure.data[1:]}
    assert marks == {"Others": 1, "On the front": 2, "The run's own weights": 1}
