"""What a person does in the dashboard, step by step, each waiting for its outcome."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

READS_WITHIN_MS = 180_000
# Playwright's own waits look twice a second at last, and its expectations once.
LOOK_MS = 150
ANSWERS = ".st-key-steady_answers .head-card-value"
LINES = ".scatterlayer .js-line"
TRAINS_WITHIN_MS = 400_000
QUESTION = re.compile("Which columns should be predicted")
# A head is called as its column at first.
HAS_HEAD = """column => [...document.querySelectorAll('[aria-label="Head"]')]
    .some(field => field.value === column)"""

NOTHING_MOVES = """() => document.getAnimations()
    .every(animation => animation.playState !== 'running')"""


# True in the third frame that sees the page at rest: no run under way, none asked for,
# no part still to be loaded. The window keeps account of requests; see asked.js.
AT_REST = """() => {
    const state = document.querySelector('[data-testid="stApp"]')?.dataset
        .testScriptState ?? 'initial';
    const { asked } = window;
    if (asked === undefined) return state === 'notRunning';
    const rests = state !== 'initial'
        && asked.pending === null && asked.running === null
        && document.querySelector('[data-testid$="Skeleton"]') === null;
    asked.calm = rests ? asked.calm + 1 : 0;
    return asked.calm >= 3;
}"""


def settle(page: Page) -> None:
    """Wait until all that the page's script was asked for is done and drawn."""
    page.evaluate("() => { if (window.asked) window.asked.calm = 0; }")
    page.wait_for_function(AT_REST)


def appear(place: Locator, within_ms: int = READS_WITHIN_MS) -> None:
    """Wait until a place is shown."""
    until = time.monotonic() + within_ms / 1_000
    while not place.is_visible():
        assert time.monotonic() < until, f"not shown in time: {place}"
        place.page.wait_for_timeout(LOOK_MS)


def press(control: Locator, within_ms: int = READS_WITHIN_MS) -> None:
    """Press a button or follow a link that is there or appears.

    By the keyboard, as what moves below the pointer loses the click: an answer that
    somebody else gives, such as a worker's, may move the page at any moment.
    """
    appear(control, within_ms)
    settle(control.page)
    expect(control).to_be_enabled()
    control.press("Enter")


def click(place: Locator) -> None:
    """Click on a place that nothing moves but what was asked for here."""
    appear(place)
    settle(place.page)
    place.click()


def read(place: Locator) -> str:
    """Return the text of a place once the page is at rest."""
    settle(place.page)
    return place.inner_text()


def upload(page: Page, path: Path) -> None:
    """Upload a file on Home; it is imported and opened on Data."""
    settle(page)
    page.locator('input[type="file"]').set_input_files(path)
    page.wait_for_url("**/data?*dataset=*", timeout=READS_WITHIN_MS)


def go_to_design(page: Page) -> None:
    """Go on from Data to Design."""
    press(page.get_by_role("button", name="Design a model"))
    wait_for_design(page)


def wait_for_design(page: Page) -> None:
    """Wait until a draft is open on Design."""
    page.wait_for_url("**/design?*draft=*", timeout=READS_WITHIN_MS)
    appear(train_button(page))
    settle(page)
    # A text field is drawn a moment before its text is in it.
    for field in head_names(page).all():
        expect(field).not_to_have_value("")


def choose_target(page: Page, column: str) -> None:
    """Add a column to those that are predicted, which makes a head for it."""
    choose(page.get_by_role("combobox", name=QUESTION), column)
    page.wait_for_function(HAS_HEAD, arg=column, timeout=READS_WITHIN_MS)
    settle(page)


def choose(field: Locator, words: str) -> None:
    """Type words of an option into a field with a menu, and take the one they leave.

    By the keyboard, as a menu that scrolls below the pointer loses the click, and only
    once nothing moves any more: a menu shuts when what is around it is scrolled.
    """
    settle(field.page)
    field.page.wait_for_function(NOTHING_MOVES)
    field.scroll_into_view_if_needed()
    field.element_handle().wait_for_element_state("stable")
    field.fill(words)
    found = field.page.get_by_role("option")
    expect(found).to_have_count(1)
    expect(found).to_contain_text(words)
    field.press("Enter")
    field.press("Escape")


def chosen_targets(page: Page) -> list[str]:
    """Return the columns that are predicted, in their order."""
    settle(page)
    box = page.get_by_test_id("stMultiSelect").filter(has_text=QUESTION)
    chosen = box.get_by_role("group", name="Selected values").locator("[data-tag]")
    return chosen.all_inner_texts()


def head_names(page: Page) -> Locator:
    """Return the fields that hold the heads' names."""
    return page.get_by_role("textbox", name="Head", exact=True)


def train_button(page: Page) -> Locator:
    """Return the button that starts a run."""
    return page.get_by_role("button", name="Train", exact=True)


def set_number(page: Page, label: str, value: float) -> None:
    """Type into a number field and leave it."""
    settle(page)
    field = page.get_by_role("spinbutton", name=label, exact=True)
    field.fill(f"{value:g}")
    field.press("Enter")
    expect(field).to_have_value(re.compile(f"^{value:g}"))
    settle(page)


def start_training(page: Page) -> str:
    """Press Train and return the id of the run that the page opened."""
    press(train_button(page))
    page.wait_for_url("**/train?*run=*", timeout=READS_WITHIN_MS)
    return id_in_address(page, "run")


def wait_for_curve(page: Page) -> None:
    """Wait until the chart of losses shows a first epoch."""
    points = ".scatterlayer .trace .points path"
    lines = ".scatterlayer .trace .lines path[d*=L]"
    page.wait_for_function(
        "drawn => document.querySelector(drawn) !== null",
        arg=f":is({points}, {lines})",
        timeout=TRAINS_WITHIN_MS,
    )


def curves(page: Page) -> list[str | None]:
    """Return the lines that the page's charts draw, as paths."""
    lines = page.locator(LINES)
    lines.first.wait_for(state="attached")
    return [line.get_attribute("d") for line in lines.all()]


def wait_for_other_curves(page: Page, before: list[str | None]) -> None:
    """Wait until every line that the page's charts draw is another than before."""
    page.wait_for_function(
        """([lines, before]) => {
            const drawn = [...document.querySelectorAll(lines)];
            return drawn.length === before.length && drawn.every(
                (line, place) => line.getAttribute('d') !== before[place]
            );
        }""",
        arg=[LINES, before],
    )


def see_results(page: Page) -> None:
    """Wait until the run has ended, and open its results."""
    press(page.get_by_role("button", name="See the results"), TRAINS_WITHIN_MS)
    page.wait_for_url("**/results?*run=*")
    settle(page)


def look_closer(page: Page, name: str) -> None:
    """Open one of the tabs of Results."""
    click(page.get_by_role("tab", name=name))
    page.wait_for_url("**/results?*look=*")
    settle(page)


def take_report(page: Page) -> str:
    """Have the report made on Share, download it, and return what it holds."""
    press(page.get_by_role("button", name="Make the Report"))
    download = page.get_by_role("button", name="Download (")
    with page.expect_download(timeout=TRAINS_WITHIN_MS) as taken:
        press(download, TRAINS_WITHIN_MS)
    return taken.value.path().read_text("utf-8")


def follow_step(page: Page, name: str) -> None:
    """Follow a link of the step line at the top of the page."""
    press(page.locator('[class*="st-key-steps"]').get_by_role("link", name=name))
    page.wait_for_url(re.compile(rf"/{name.lower().replace('-', '_')}\b"))
    settle(page)


def answers(page: Page) -> list[str]:
    """Return what each head answers to the what-if question."""
    settle(page)
    return page.locator(ANSWERS).all_inner_texts()


def id_in_address(page: Page, name: str) -> str:
    """Return an id from the address bar."""
    [found] = parse_qs(urlsplit(page.url).query)[name]
    return found


def sentences_of_errors(page: Page) -> list[str]:
    """Return what the page's error boxes say."""
    settle(page)
    return page.get_by_test_id("stAlertContentError").all_inner_texts()
