"""Which small changes of a row make several heads answer what is wanted?

Only a predict function is asked, many rows at a time, so any model will do. First each
free input is moved alone, and many at random; then the best are crossed, moved and
drawn back towards the row; at last each way found is shrunk, input by input, as far as
the conditions hold. Nothing proves that there is no smaller change.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.whatif.goals import Goal, Sought
from mtcore.whatif.places import Places, Search
from mtcore.whatif.scenarios import Predict

MOST_EDITS = 5
_WITHIN_S = 3.5
_ALONE = 25  # values of each input that is moved alone
_AT_RANDOM = 400
_CHILDREN = 256
_GENERATIONS = 24
_ELITE = 48
_SHRINKS = 3  # rounds
_STEPS = 12  # of one input on its way back, in one round
_TOUCH = 0.02  # of an input's bounds
_STREAM = 0x60A1


def seek(
    predict: Predict,
    goal: Goal,
    *,
    within_s: float = _WITHIN_S,
    clock: Callable[[], float] = time.monotonic,
) -> Sought:
    """Return the nearest edits of a row that reach a goal, or the closest miss.

    Args:
        predict: Answers for a table's rows.
        goal: What is looked for, and from where.
        within_s: No new place is looked at after so many seconds.
        clock: Tells seconds.

    Raises:
        InputError: A condition names a head or output that there is not.
    """
    until = clock() + within_s
    search = Search(predict, goal)
    random = np.random.default_rng((_STREAM, goal.seed))
    search.ask(*_first(search, random))
    for _ in range(_GENERATIONS):
        if clock() > until:
            break
        search.ask(*_children(search, random))
    for _ in range(_SHRINKS):
        if clock() > until:
            break
        search.ask(*_shrunk(search))
    edits = tuple(search.edit(place) for place in _told_apart(search))
    closest = None if edits else search.edit(int(search.best(1)[0]))
    return Sought(edits, closest, len(search.outputs))


def _told_apart(search: Search) -> list[int]:
    """Return the ways to tell, nearest first.

    One that changes what a nearer one changes, and more besides, says little: such ways
    fill up what is left, unless what they change besides is next to nothing.
    """
    ways = search.ways(None)
    if ways and not search.changed[ways[0]].any():
        # The row is there already.
        return ways[:1]
    sets = {way: frozenset(np.flatnonzero(search.changed[way])) for way in ways}
    least: list[int] = []
    for way in ways:
        if not any(sets[known] <= sets[way] for known in least):
            least.append(way)
    others = [way for way in ways if way not in least and _matters(search, way)]
    chosen = [*least, *others][:MOST_EDITS]
    return [way for way in ways if way in chosen]


def _matters(search: Search, way: int) -> bool:
    """Return whether every change of a way is more than a touch."""
    low, high = _bounds(search.goal)
    moved = np.abs(search.values[way] - search.start)
    number = np.asarray([free.kind != "category" for free in search.goal.free])
    # A missing cell that is filled is a change of any size.
    touched = number & (moved < _TOUCH * (high - low))
    return not bool((search.changed[way] & touched).any())


def _first(search: Search, random: np.random.Generator) -> Places:
    """Return each free input moved alone, and many moved at random."""
    goal, size = search.goal, len(search.goal.free)
    changed, values = [], []
    for position, free in enumerate(goal.free):
        count = min(len(free.choices), 50) if free.kind == "category" else _ALONE
        top = len(free.choices) - 1.0 if free.kind == "category" else free.high
        along = np.linspace(0.0 if free.kind == "category" else free.low, top, count)
        alone = np.zeros((count, size), dtype=np.bool_)
        alone[:, position] = True
        moved = np.tile(search.start, (count, 1))
        moved[:, position] = along
        changed.append(alone)
        values.append(moved)
    low, high = _bounds(goal)
    changed.append(random.random((_AT_RANDOM, size)) < random.random((_AT_RANDOM, 1)))
    values.append(random.uniform(low, high, (_AT_RANDOM, size)))
    return np.concatenate(changed), np.concatenate(values)


def _children(search: Search, random: np.random.Generator) -> Places:
    """Return crossings of the best places, moved a little, some drawn back."""
    chosen = np.concatenate([search.best(_ELITE), np.asarray(search.ways(_ELITE), int)])
    chosen = chosen.astype(np.int64)
    one, other = random.choice(chosen, (2, _CHILDREN))
    taken = random.random((_CHILDREN, search.values.shape[1])) < 0.5
    changed = np.where(taken, search.changed[one], search.changed[other])
    values = np.where(taken, search.values[one], search.values[other])
    low, high = _bounds(search.goal)
    size = random.choice([0.02, 0.1, 0.3], (_CHILDREN, 1))
    values = values + random.normal(size=values.shape) * size * (high - low)
    # Some inputs are changed besides, some go back to the row, and some half the way.
    changed = changed ^ (random.random(changed.shape) < 0.12)
    start = np.where(np.isnan(search.start), (low + high) / 2.0, search.start)
    values = np.where(np.isnan(values), start, values)
    back = random.random((_CHILDREN, 1)) * (random.random((_CHILDREN, 1)) < 0.5)
    number = np.asarray([free.kind != "category" for free in search.goal.free])
    return changed, np.where(number, values + back * (start - values), values)


def _shrunk(search: Search) -> Places:
    """Return each way found with one input after another drawn back to the row."""
    shares = np.linspace(0.0, 1.0, _STEPS, endpoint=False)
    changed, values = [], []
    for way in search.ways(2 * MOST_EDITS):
        # All together, then each alone; a class can only go back whole.
        groups = [search.changed[way]]
        groups += list(np.diag(search.changed[way])[search.changed[way]])
        for group in groups:
            for share in shares:
                moved = search.values[way].copy()
                start = np.where(np.isnan(search.start), moved, search.start)
                moved[group] = start[group] + share * (moved - start)[group]
                changed.append(search.changed[way])
                values.append(moved)
    if not changed:
        return np.zeros((0, len(search.start)), dtype=np.bool_), np.zeros(
            (0, len(search.start))
        )
    return np.stack(changed), np.stack(values)


def _bounds(goal: Goal) -> tuple[FloatArray, FloatArray]:
    low = [0.0 if free.kind == "category" else free.low for free in goal.free]
    high = [
        len(free.choices) - 1.0 if free.kind == "category" else free.high
        for free in goal.free
    ]
    return np.asarray(low), np.asarray(high)
