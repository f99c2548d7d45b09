"""What a page test holds in its hands."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pandas as pd
from streamlit.testing.v1 import AppTest

from pages.parts.tables import fold_key

OpenPage = Callable[..., AppTest]
"""Opens a page: `open_page("data", dataset="…")`, or Home without a name."""


LIVE = re.compile(r"(?<!\\)(<script|!\[x|\]\(http)")
"""What hostile names hold, where no backslash takes its power away."""


CHANGING = {
    *("Run", "Rename", "Delete", "Archive", "Train", "Make", "Check", "Score"),
    "Split",
}
_TAG = re.compile("<[^>]*>")


def unfold(app: AppTest, *keys: str) -> AppTest:
    """Unfold tables that stand folded under charts, by their keys."""
    for key in keys:
        app.session_state[fold_key(key)] = True
    return app.run()


def source(app: AppTest) -> str:
    """Return everything the page says in sentences and labels, as it was given."""
    parts = [
        *app.error, *app.warning, *app.info, *app.success, *app.caption, *app.markdown,
        *app.title, *app.subheader,
    ]  # fmt: skip
    named = [
        *app.button, *app.expander, *app.text_input, *app.text_area, *app.checkbox,
        *app.toggle, *app.radio, *app.button_group, *app.selectbox, *app.multiselect,
        *app.number_input, *app.slider, *app.select_slider,
    ]  # fmt: skip
    labels = [part.label for part in named]
    return "\n".join([*(str(part.value) for part in parts), *labels, *links(app)])


def said(app: AppTest) -> str:
    """Return the same without escapes, and the words of the page's own HTML."""
    words = html.unescape(_TAG.sub(" ", "\n".join(pieces(app)))).replace("\xa0", " ")
    return f"{source(app)}\n{words}".replace("\\", "")


def changing(app: AppTest) -> set[str]:
    """Return the first words of the buttons that change something for others."""
    return CHANGING & {button.label.split(" ")[0] for button in app.button}


def pieces(app: AppTest) -> list[str]:
    """Return the pieces of HTML on a page."""
    return [piece.proto.body for piece in app.get("html")]


def on_cards(app: AppTest, kind: str) -> list[str]:
    """Return what stands on the heads' cards in one place, such as "value"."""
    found = re.findall(
        f'<div class="head-card-{kind}">(.*?)</div>', "".join(pieces(app))
    )
    return [html.unescape(words).replace("\xa0", " ") for words in found]


def text_table(app: AppTest) -> pd.DataFrame:
    """Return the table that a page shows as text."""
    [piece] = [piece for piece in pieces(app) if 'class="text-table"' in piece]
    header, *lines = [
        [html.unescape(cell) for cell in re.findall("<bdi>(.*?)</bdi>", line)]
        for line in piece.split("</tr>")[:-1]
    ]
    return pd.DataFrame(lines, columns=header)


def links(app: AppTest) -> list[str]:
    """Return the labels of the page's links, as they were given."""
    return [link.proto.label for link in app.get("page_link")]


def address(app: AppTest, name: str) -> str:
    """Return one id of the page's address."""
    values = app.query_params[name]
    return values if isinstance(values, str) else values[0]
