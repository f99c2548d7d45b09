"""Scikit-learn's handwritten digits as a table: which digit, and is it even?"""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtcore.data.samples.sample import Columns, Sample
from mtcore.errors import InputError
from mtcore.spec import (
    BinaryHead,
    Experiment,
    MulticlassHead,
    NumberInput,
    SharedTrunk,
    StratifiedSplit,
    Training,
)

PIXELS = tuple(f"row{row}_col{column}" for row in range(8) for column in range(8))
# These are white in every picture, so they can't be inputs.
BLANK = ("row0_col0", "row4_col0", "row4_col7")

SAMPLE = Sample(
    id="digits",
    title="Handwritten digits: which one, odd or even",
    description=(
        "1,797 handwritten digits as 8 by 8 grey pixels. One head names the digit, the "
        "other says whether it is odd or even."
    ),
    experiment=Experiment(
        name="Handwritten digits",
        inputs=tuple(NumberInput(column=name) for name in PIXELS if name not in BLANK),
        exclude=BLANK,
        trunk=SharedTrunk(layers=(128, 64), activation="relu"),
        heads=(
            MulticlassHead(name="digit", columns=("digit",)),
            BinaryHead(name="parity", columns=("parity",), positive="odd"),
        ),
        split=StratifiedSplit(),
        training=Training(epochs=100, batch_size=64, patience=20),
    ),
)


def make_columns() -> Columns:
    """Return the table as it is written.

    Raises:
        InputError: Scikit-learn's copy of the digits is not installed.
    """
    cells = _read_digits()
    columns: Columns = {
        name: [str(value) for value in cells[:, index]]
        for index, name in enumerate(PIXELS)
    }
    digits = cells[:, -1]
    columns["digit"] = [str(digit) for digit in digits]
    columns["parity"] = ["odd" if digit % 2 else "even" for digit in digits]
    return columns


def _read_digits() -> NDArray[np.int64]:
    """Return 64 pixels from 0 to 16 and the digit, `(1797, 65)`.

    The file is read as it lies in scikit-learn, as importing scikit-learn would cost
    the server 100 MB.
    """
    package = find_spec("sklearn")
    folders = package.submodule_search_locations if package is not None else None
    path = Path((folders or ["."])[0]) / "datasets" / "data" / "digits.csv.gz"
    if not path.is_file():
        msg = "The digits come with scikit-learn, which is not installed. Install it."
        raise InputError(msg)
    with gzip.open(path, "rt", encoding="ascii") as file:
        return np.loadtxt(file, delimiter=",", dtype=np.int64)
