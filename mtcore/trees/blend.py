"""A network's answers and trees' answers, in shares that held-out rows chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import final
from zipfile import BadZipFile

import numpy as np
from pydantic import Field, ValidationError

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.errors import MissingError
from mtcore.spec.base import Frozen
from mtcore.trees.features import Feature, feature_matrix
from mtcore.trees.forest import Forest, forest_of


class BlendedHead(Frozen):
    """One head's part in a forest's outputs.

    Args:
        name: The head's.
        share: Of the trees in its answers, from 0 to 1.
        forest: Which forest it is in.
        first: Its first output there.
        mean: What is added to each output after `scale`, one an output.
        scale: What each output is multiplied with.
    """

    name: str
    share: float = Field(ge=0.0, le=1.0)
    forest: int = Field(ge=0)
    first: int = Field(ge=0)
    mean: tuple[float, ...]
    scale: tuple[float, ...]


class BlendFacts(Frozen):
    """What a blend is made of, besides its forests.

    Args:
        features: How a table becomes the trees' matrix.
        width: Columns of that matrix.
        heads: The heads that trees have a part in or were tried for.
    """

    features: tuple[Feature, ...]
    width: int = Field(ge=1)
    heads: tuple[BlendedHead, ...]

    def outputs(self, forest: int) -> int:
        """Return how many outputs a forest has."""
        return max(
            (h.first + len(h.mean) for h in self.heads if h.forest == forest), default=0
        )


@final
@dataclass(frozen=True, slots=True)
class Blend:
    """Forests with their shares.

    Args:
        facts: Which head is where.
        forests: By their number; one whose heads all have share 0 is left out.
    """

    facts: BlendFacts
    forests: Mapping[int, Forest]

    @property
    def shares(self) -> dict[str, float]:
        """The trees' share by the head's name, 0 = the network alone."""
        return {head.name: head.share for head in self.facts.heads}

    def mix(
        self, network: Mapping[str, FloatArray], table: Table
    ) -> dict[str, FloatArray]:
        """Return a network's answers with the trees' part in them.

        Args:
            network: `(rows, width)` by the head's name.
            table: The same rows.

        Raises:
            ColumnError: The table lacks an input column.
        """
        mixed = dict(network)
        if not self.forests:
            return mixed
        matrix = feature_matrix(self.facts.features, table).matrix
        answers = {place: f.predict(matrix) for place, f in self.forests.items()}
        for head in self.facts.heads:
            if head.share > 0.0:
                trees = answer_of(head, answers[head.forest])
                mixed[head.name] = mixed_answers(network[head.name], trees, head.share)
        return mixed


def answer_of(head: BlendedHead, outputs: FloatArray) -> FloatArray:
    """Return a head's answers, in its targets' units, from a forest's outputs."""
    own = outputs[:, head.first : head.first + len(head.mean)]
    answers: FloatArray = own * np.asarray(head.scale) + np.asarray(head.mean)
    return answers


def mixed_answers(network: FloatArray, trees: FloatArray, share: float) -> FloatArray:
    """Return (1 - share) · network + share · trees."""
    mixed: FloatArray = (1.0 - share) * network + share * trees
    return mixed


def save_blend(blend: Blend, path: Path) -> None:
    """Write a blend into one file of plain arrays."""
    arrays = {"facts": np.array(blend.facts.model_dump_json())}
    for place, forest in blend.forests.items():
        arrays |= forest.arrays(f"forest{place}")
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def load_blend(path: Path) -> Blend:
    """Return the blend of a file; nothing that may stand in the file is ever run.

    Raises:
        MissingError: The file is damaged or was changed.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        facts = BlendFacts.model_validate_json(str(arrays["facts"]))
        places = {head.forest for head in facts.heads if head.share > 0.0}
        forests = {
            place: forest_of(
                arrays, f"forest{place}", facts.width, facts.outputs(place)
            )
            for place in sorted(places)
        }
    except (OSError, ValueError, KeyError, BadZipFile, ValidationError) as error:
        msg = (
            f"The trees in '{path.name}' can't be read: the file is damaged or was "
            "changed. Train the run again."
        )
        raise MissingError(msg) from error
    return Blend(facts, forests)
