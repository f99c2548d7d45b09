"""Every sample trained from Home, as a person does it first."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from mtcore.data.samples import SAMPLES, Sample
from tests.browser import steps
from tests.browser.conftest import Window
from tests.browser.server import RunningServer
from tests.conftest import DEEP

MOST_CLICKS = 6
# Enough for a curve and results; the quick sample trains as long as it asks for.
FEW_EPOCHS = 3
QUICK = "sensors"

# A whole training in one test, on a machine that may be busy with others.
pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_a_sample_is_trained_from_home_in_a_few_clicks(
    server: RunningServer, window: Window, sample: Sample
) -> None:
    page = window.open(server.url)
    clicks = 0
    steps.press(page.locator(f".st-key-sample-{sample.id}").get_by_role("button"))
    clicks += 1
    steps.wait_for_design(page)
    if not DEEP and sample.id != QUICK:
        steps.set_number(page, "Epochs at most", FEW_EPOCHS)
    steps.start_training(page)
    clicks += 1
    steps.wait_for_curve(page)
    steps.see_results(page)
    clicks += 1
    for head in sample.experiment.heads:
        expect(page.get_by_text(head.name).first).to_be_visible()
    assert clicks <= MOST_CLICKS
