"""Why a run failed, said in a plain sentence with the way out."""

from __future__ import annotations

import errno

from mtcore.errors import BranchboardError

MEMORY = (
    "Memory ran out. Use smaller or fewer layers, a smaller batch size, or a file with "
    "fewer rows or columns."
)
DISK = (
    "The disk is full. Free some space, for instance by deleting runs and data sets, "
    "and resume the run: it goes on from its last checkpoint."
)
BUG = (
    "Something went wrong that is not your doing. The log of the workers tells more; "
    "the run can be resumed from its last checkpoint."
)
LOST_WORKERS = (
    "The run ended its worker {count} times without getting further, most likely "
    "because memory ran out. Use smaller or fewer layers, a smaller batch size, or a "
    "file with fewer rows or columns."
)


def failure_sentence(error: Exception) -> str:
    """Return what a person should know about an error that ended a run.

    Examples:
        >>> failure_sentence(MemoryError())[:16]
        'Memory ran out. '
    """
    match error:
        case BranchboardError():
            return error.message
        case MemoryError():
            return MEMORY
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return DISK
        case OSError():
            reason = error.strerror or str(error)
            return f"A file could not be read or written: {reason}. Try again."
        # TensorFlow's own, which must not be imported to be told apart.
        case _ if type(error).__name__ == "ResourceExhaustedError":
            return MEMORY
        case _:
            return BUG
