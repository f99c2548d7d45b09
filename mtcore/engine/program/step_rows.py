"""What each step of an epoch reads: rows picked one by one, or laid out before."""

from __future__ import annotations

from typing import final

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.program.program_key import ProgramKey
from mtcore.engine.rows.rows import EncodedRows

# More than this is not held twice.
MOST_COPIED_BYTES = 128 * 1024**2


@final
class StepRows:
    """Gives steps their rows.

    Where XLA compiles for a processor, rows that a step picks one by one take longer
    than its largest product. Picked for all steps at once, outside, they are copied
    whole, and a step reads one piece of memory.

    Args:
        key: Of the program whose steps these are.
    """

    def __init__(self, key: ProgramKey) -> None:
        plan, self._size = key.plan, key.batch_size
        targets = sum(head.targets for head in plan.heads)
        width = plan.dense_width + 2 * targets + plan.codes_width
        fits = 4 * width * key.order_length <= MOST_COPIED_BYTES
        self._copies = fits and key.by_xla_on_processor
        self._copied: tuple[EncodedRows, Tensor, dict[str, Tensor]] | None = None

    def given(self, data: EncodedRows, order: Tensor) -> dict[str, Tensor]:
        """Return what the compiled functions are given.

        The last copy is kept, as an epoch has many calls.

        Args:
            data: The rows.
            order: Int32 `(order_length,)`: the rows of each step, one after another.
        """
        if not self._copies:
            return {"numbers": data.numbers, "codes": data.codes, "order": order}
        kept = self._copied
        if kept is None or kept[0] is not data or kept[1] is not order:
            numbers, codes = (
                tf.gather(data.numbers, order),
                tf.gather(data.codes, order),
            )
            kept = self._copied = data, order, {"numbers": numbers, "codes": codes}
        return kept[2]

    def forget(self) -> None:
        """Hold no rows any longer."""
        self._copied = None

    def of_step(self, given: dict[str, Tensor], step: Tensor) -> tuple[Tensor, Tensor]:
        """Return the numbers and the codes of a step's rows.

        Args:
            given: As `given` returns it.
            step: Counted from the epoch's first.
        """
        start, size = step * self._size, self._size
        numbers, codes = given["numbers"], given["codes"]
        if self._copies:
            return (
                tf.slice(numbers, [start, 0], [size, numbers.shape[1]]),
                tf.slice(codes, [start, 0], [size, codes.shape[1]]),
            )
        rows = tf.slice(given["order"], [start], [size])
        return tf.gather(numbers, rows), tf.gather(codes, rows)
