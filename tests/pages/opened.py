"""What a page test holds in its hands."""

from __future__ import annotations

import re
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from pages.parts.tables import fold_key

OpenPage = Callable[..., AppTest]
"""Opens a page: `open_page("data", dataset="…")`, or Home without a name."""


LIVE = re.compile(r"(?<!\\)(<script|!\[x|\]\(http)")
"""What hostile names hold, where no backslash takes its power away."""


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
    labels = [part.label for part in (*app.button, *app.expander, *app.text_input)]
    return "\n".join([*(str(part.value) for part in parts), *labels, *links(app)])


def said(app: AppTest) -> str:
    """Return the same without escapes."""
    return source(app).replace("\\", "")


def links(app: AppTest) -> list[str]:
    """Return the labels of the page's links, as they were given."""
    return [link.proto.label for link in app.get("page_link")]


def address(app: AppTest, name: str) -> str:
    """Return one id of the page's address."""
    values = app.query_params[name]
    return values if isinstance(values, str) else values[0]
