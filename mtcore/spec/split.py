"""Which rows teach, which choose the epoch, and which judge."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mtcore.spec.base import Frozen, Text

Share = Annotated[float, Field(gt=0.0, lt=1.0)]


class _Split(Frozen):
    validation: Share = 0.15
    test: Share = 0.15

    @model_validator(mode="after")
    def _leave_rows_to_train_on(self) -> Self:
        if self.validation + self.test >= 1.0:
            msg = (
                f"Validation ({self.validation:g}) and test ({self.test:g}) together "
                "leave no rows to train on. Choose shares that add up to less than 1."
            )
            raise ValueError(msg)
        return self


class RandomSplit(_Split):
    """Rows drawn at random."""

    kind: Literal["random"] = "random"


class StratifiedSplit(_Split):
    """Rows drawn so that every class has its share in every part."""

    kind: Literal["stratified"] = "stratified"


class GroupSplit(_Split):
    """Rows with the same value of a column stay together."""

    kind: Literal["group"] = "group"
    column: Text = Field(min_length=1)


class TimeSplit(_Split):
    """The latest rows judge, those just before them choose the epoch."""

    kind: Literal["time"] = "time"
    column: Text = Field(min_length=1)


class GivenSplit(_Split):
    """A column says `train`, `validation` or `test`; the shares are not used."""

    kind: Literal["given"] = "given"
    column: Text = Field(min_length=1)


Split = Annotated[
    RandomSplit | StratifiedSplit | GroupSplit | TimeSplit | GivenSplit,
    Field(discriminator="kind"),
]
