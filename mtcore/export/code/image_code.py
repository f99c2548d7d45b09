"""The Keras code of what reads pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mtcore.engine.encode.input_encoding import ImageEncoding
from mtcore.engine.plans.encoder_plans import (
    COLOURS,
    FILTERS,
    PIXELS_AT_ONCE,
    POOLED,
    SHORTCUT,
    STAGES,
)
from mtcore.engine.plans.plan import NetworkPlan

Named = Sequence[tuple[str, ImageEncoding]]

SCALED = """
    # Pictures: red, green and blue from 0 to 1; one that is black all over is missing.
    scaled = layers.Rescaling(1 / 255, name={scaled})(inputs["{name}"])
"""

THERE = """    there = ops.cast(ops.max(scaled, axis=(1, 2, 3)) > 0.0, "float32")
    parts.append(seen * ops.expand_dims(there, -1))
"""


def image_input(name: str, given: ImageEncoding) -> str:
    """Return the line of a picture's input."""
    shape = (*given.reading.size, COLOURS)
    return f'        "{name}": keras.Input({shape}, name="{name}", dtype="uint8"),\n'


def image_lines(images: Named, plan: NetworkPlan) -> list[str]:
    """Return the lines that turn pictures into features."""
    lines = []
    for place, (name, given) in enumerate(images):
        reading = given.reading

        def layer(part: str, place: int = place) -> str:
            quoted = f'"image_{place}_{part}"'
            return f'f"{{prefix}}{quoted[1:]}' if plan.has_own_features else quoted

        lines.append(SCALED.format(name=name, scaled=layer("scaled")))
        if reading.encoder == "conv":
            lines.append(
                _convolution("seen", "scaled", FILTERS, layer("conv"), "valid")
            )
            pooled = f"layers.MaxPooling2D({POOLED}, name={layer('pooled')})"
            lines.append(f"    seen = {pooled}(seen)\n")
        else:
            lines.append("    seen = scaled - 0.5\n")
            lines += _small_lines(layer)
        dense = f'layers.Dense({reading.units}, "relu", name={layer("units")})'
        flat = f"layers.Flatten(name={layer('flat')})(seen)"
        if reading.encoder == "small":
            flat = f"ops.concatenate([{flat}, ops.max(seen, axis=(1, 2))], 1)"
        lines.append(f"    seen = {flat}\n")
        lines.append(f"    seen = {dense}(seen)\n")
        lines.append(THERE)
    return lines


def _small_lines(layer: Callable[[str], str]) -> list[str]:
    lines = []
    for place, filters in enumerate(STAGES):
        lines.append(_convolution("seen", "seen", filters, layer(f"stage_{place}")))
        halved = f"layers.MaxPooling2D({POOLED}, name={layer(f'halved_{place}')})"
        lines.append(f"    seen = {halved}(seen)\n")
        if filters == SHORTCUT:
            lines += [
                _convolution("inner", "seen", SHORTCUT, layer("inner")),
                _convolution(
                    "inner", "inner", SHORTCUT, layer("outer"), activation=None
                ),
                "    seen = ops.relu(seen + inner)\n",
            ]
    return lines


def _convolution(  # noqa: PLR0913
    made: str,
    read: str,
    filters: int,
    name: str,
    padding: str = "same",
    activation: str | None = "relu",
) -> str:
    return (
        f"    {made} = layers.Conv2D(\n"
        f'        {filters}, {PIXELS_AT_ONCE}, padding="{padding}", '
        f"activation={activation!r}, name={name}\n    )({read})\n"
    )
