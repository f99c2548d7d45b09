"""Session state: what one browser tab remembers between reruns.

The only file that touches it. It holds plain data (ids, texts, numbers); whatever must
survive a refresh is in the address, in a draft or in the run store instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import streamlit as st

from pages.parts.address import Address

Value = TypeVar("Value")
_PREFIX = "branchboard:"
_ADDRESS = "last address"
_DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Deleted:
    """Something that was deleted and can still be brought back.

    Args:
        kind: What it is.
        id: Of the data set or run.
        name: What people call it.
    """

    kind: Literal["data set", "run"]
    id: str
    name: str


def recall(name: str, default: Value) -> Value:
    """Return what was remembered under a name in this tab."""
    found: Value = st.session_state.get(_PREFIX + name, default)
    return found


def remember(name: str, value: object) -> None:
    """Remember plain data under a name until the tab is closed."""
    st.session_state[_PREFIX + name] = value


def forget(name: str) -> None:
    """Forget what was remembered under a name, if anything."""
    st.session_state.pop(_PREFIX + name, None)


def hold(key: str, value: object) -> str:
    """Make the widget with this key show a value, and return the key.

    Call it right before the widget, and give the widget the value as its default too.
    Then what it shows is always what is stored, whether that was changed by the
    widget's own callback, by an undo, by a pasted file or in another tab. An unchanged
    value is left alone, as setting it would take away what a person is typing. The
    default is for a busy browser: when a second run overtakes the first one there, a
    widget is born with its default, and would report that as a person's choice.

    Args:
        key: The widget's key.
        value: As the widget returns it.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def held(key: str, default: Value) -> Value:
    """Return what the widget with this key shows; for its callback."""
    found: Value = st.session_state.get(key, default)
    return found


def last_address(current: Address) -> Address:
    """Return the address completed by what this tab looked at before.

    A data set other than the remembered one takes its drafts and runs out of mind.
    """
    before: Address = recall(_ADDRESS, Address())
    same = current.dataset in (None, before.dataset)
    known = Address(
        dataset=current.dataset or before.dataset,
        draft=current.draft or (before.draft if same else None),
        run=current.run or (before.run if same else None),
    )
    remember(_ADDRESS, known)
    return known


def remember_deleted(deleted: Deleted) -> None:
    """Offer to bring something back, on whatever page comes next."""
    remember(_DELETED, deleted)


def forget_deleted() -> None:
    """End the offer."""
    forget(_DELETED)


def recall_deleted() -> Deleted | None:
    """Return what was deleted last and can be brought back."""
    found: Deleted | None = recall(_DELETED, None)
    return found


def next_key(name: str) -> Callable[[], None]:
    """Return a callback after which `numbered_key(name)` is a new one."""

    def turn() -> None:
        remember(f"number of {name}", recall(f"number of {name}", 0) + 1)

    return turn


def numbered_key(name: str) -> str:
    """Return a widget key that `next_key` can replace, so the widget starts empty."""
    return f"{name}:{recall(f'number of {name}', 0)}"
