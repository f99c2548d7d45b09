"""Every error that a person can meet, as one tree.

    BranchboardError                 the one class that boundaries catch
    ├── InputError (ValueError)      what was given is wrong: exit code 2
    │   ├── ReadingError             a file cannot be read as a table
    │   ├── ColumnError              a column is missing or of the wrong kind
    │   ├── ExperimentError          an experiment cannot be built as written
    │   └── MissingError             no data set, run or draft has this id
    └── RunError (RuntimeError)      the work itself failed: exit code 1
        ├── TrainingError            training could not go on
        └── ClusterError             no scheduler or worker answers

A message is one or two plain sentences: what was received, what was expected and the
way out. Errors cross process boundaries, so they hold plain data only.
"""

from __future__ import annotations


class BranchboardError(Exception):
    """Something a person can act on, said in a plain sentence.

    Args:
        message: What was received, what was expected, and the way out.
        where: The head, column, field or line it is about, as people name it.
    """

    def __init__(self, message: str, *, where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling, as errors come back from workers."""
        return (_rebuild, (type(self), self.message, self.where))


class InputError(BranchboardError, ValueError):
    """What was given is wrong and nothing was started."""


class ReadingError(InputError):
    """A file cannot be read as a table."""


class ColumnError(InputError):
    """A column is missing, or its values do not fit what was asked of it."""


class ExperimentError(InputError):
    """An experiment cannot be built as it is written."""


class MissingError(InputError):
    """No data set, run or draft has the given id."""


class RunError(BranchboardError, RuntimeError):
    """The work was well asked for and failed all the same."""


class TrainingError(RunError):
    """Training could not go on."""


class ClusterError(RunError):
    """No scheduler or worker answers."""


def _rebuild(
    kind: type[BranchboardError], message: str, where: str | None
) -> BranchboardError:
    return kind(message, where=where)
