"""The probability that an answer gave to what is true, for heads of classes."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.spec import BinaryHead, MulticlassHead, MultilabelHead, OrdinalHead

ClassesHead = BinaryHead | MultilabelHead | MulticlassHead | OrdinalHead


def chances_of_truth(
    head: ClassesHead, targets: FloatArray, outputs: FloatArray
) -> FloatArray:
    """Return the probability given to each label as it is.

    Args:
        head: Says whether outputs are probabilities of labels or of classes.
        targets: `(rows, k)`, NaN where there is no label.
        outputs: `(rows, width)`, decoded.

    Returns:
        `(rows, k)`: a column a label, or one for all classes; NaN without a label.
    """
    match head:
        case BinaryHead() | MultilabelHead():
            given = np.where(targets > 0.5, outputs, 1.0 - outputs)
        case MulticlassHead() | OrdinalHead():
            places = np.nan_to_num(targets[:, 0]).astype(np.int64)
            given = outputs[np.arange(len(outputs)), places, np.newaxis]
    return np.where(np.isnan(targets), np.nan, given)
