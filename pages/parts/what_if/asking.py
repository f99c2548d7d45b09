"""What a what-if question is about, while it is put together."""

from __future__ import annotations

from dataclasses import dataclass

from mtcore.data.pictures.album import Album
from mtcore.whatif.ranges import Cell, InputRange
from pages.parts.what_if.changes import changes_of


@dataclass(frozen=True, slots=True)
class Asking:
    """A what-if question being put together.

    Args:
        run_id: Whose model is asked.
        row: The row that it starts from.
        ranges: What each input held while training, in the model's order.
        start: What each input holds in the row.
        album: The pictures of the data set, None where it has none.
    """

    run_id: str
    row: int
    ranges: tuple[InputRange, ...]
    start: dict[str, Cell]
    album: Album | None = None

    def now(self) -> dict[str, Cell]:
        """Return the row with everything that was changed."""
        return {**self.start, **changes_of(self.run_id, self.row)}

    def key(self, part: str, column: str) -> str:
        """Return the key of a widget for one input of this row."""
        return f"what_if:{self.run_id}:{self.row}:{part}:{column}"
