"""How to train by the number of rows, and why: what `suggest` fills in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtcore.spec import Input, SharedTrunk, Training


@dataclass(frozen=True, slots=True)
class Recipe:
    """What suits tables up to some size.

    Args:
        most_rows: The largest table it is for.
        trunk: The shared part of the network.
        training: How long, how fast, and how many networks.
        why: A sentence a choice; `{rows}` stands for the table's rows.
    """

    most_rows: float
    trunk: SharedTrunk
    training: Training
    why: tuple[str, ...]

    def reasons(self, rows: int) -> tuple[str, ...]:
        """Return why it is as it is, for a table of so many rows."""
        return tuple(sentence.format(rows=f"{rows:,}") for sentence in self.why)


_BLEND_WHY = (
    "Trees are blended in, as far as held-out rows say that they help: on tables of "
    "this size neither they nor networks are always better."
)

# `benchmarks/quality.py` measures them beside other ways to learn.
RECIPES: tuple[Recipe, ...] = (
    Recipe(
        2_000,
        SharedTrunk(layers=(128, 64), dropout=0.2),
        Training(
            epochs=150,
            batch_size=32,
            learning_rate=0.002,
            patience=40,
            seeds=5,
            rotate=True,
            blend="trees",
        ),
        (
            "Steps of 32 rows, up to 150 epochs and a fifth of the trunk dropped out, "
            "as {rows} rows are seen often and soon learned by heart.",
            "5 networks are averaged and take turns in what they hold out, as {rows} "
            "rows are too few to spare some for validation alone.",
            _BLEND_WHY,
        ),
    ),
    Recipe(
        20_000,
        SharedTrunk(layers=(128, 64)),
        Training(
            epochs=150,
            batch_size=64,
            learning_rate=0.002,
            patience=30,
            seeds=3,
            blend="trees",
        ),
        (
            "Steps of 64 rows and up to 150 epochs suit {rows} rows.",
            "3 networks of different seeds are averaged, which is worth more here than "
            "a larger one.",
            _BLEND_WHY,
        ),
    ),
    Recipe(
        200_000,
        SharedTrunk(layers=(256, 128), dropout=0.1),
        Training(epochs=25, batch_size=256, learning_rate=0.001, patience=8),
        (
            "{rows} rows teach enough in 25 epochs, and carry a wider trunk with a "
            "little dropout.",
        ),
    ),
    Recipe(
        float("inf"),
        SharedTrunk(layers=(256, 128)),
        Training(epochs=15, batch_size=1024, learning_rate=0.002, patience=5),
        ("{rows} rows teach enough in 15 epochs of large steps.",),
    ),
)


# Words and pictures are learned from scratch, which takes long epochs: two networks are
# what most people will wait for. Trees know little of either.
LEARNED_RECIPES: tuple[Recipe, ...] = (
    Recipe(
        3_000,
        SharedTrunk(layers=(64,), dropout=0.2),
        Training(epochs=40, batch_size=32, learning_rate=0.002, patience=12, seeds=2),
        (
            "Steps of 32 rows and up to 40 epochs suit {rows} rows of texts or "
            "pictures, which are few to learn from.",
            "2 networks of different seeds are averaged, which is worth more here than "
            "a larger one.",
        ),
    ),
    Recipe(
        20_000,
        SharedTrunk(layers=(64,), dropout=0.2),
        Training(epochs=30, batch_size=32, learning_rate=0.001, patience=6, seeds=2),
        (
            "Steps of 32 rows and up to 30 epochs suit {rows} rows of texts or "
            "pictures, which take longer to learn from than numbers.",
            "2 networks of different seeds are averaged, which is worth more here than "
            "a larger one.",
        ),
    ),
    Recipe(
        float("inf"),
        SharedTrunk(layers=(128,), dropout=0.1),
        Training(epochs=8, batch_size=128, learning_rate=0.001, patience=3),
        (
            "{rows} rows of texts or pictures teach enough in 8 epochs of steps of 128 "
            "rows.",
        ),
    ),
)


def recipe_for(rows: int, inputs: Sequence[Input] = ()) -> Recipe:
    """Return the recipe for a table.

    Args:
        rows: How many it has.
        inputs: What the network is given; none says of none that it must be read.
    """
    learned = any(given.kind in ("text", "image") for given in inputs)
    recipes = LEARNED_RECIPES if learned else RECIPES
    return next(recipe for recipe in recipes if rows <= recipe.most_rows)
