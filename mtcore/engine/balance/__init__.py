"""Ways to weigh heads against each other, one small file each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtcore.engine.balance.balance import Balance, Moment, moment_of
from mtcore.engine.balance.famo import Famo
from mtcore.engine.balance.log_sum import LogSum
from mtcore.engine.balance.pcgrad import PCGrad
from mtcore.engine.balance.static import Static
from mtcore.engine.balance.uncertainty import Uncertainty
from mtcore.engine.plans.plan import HeadPlan
from mtcore.spec.training import BalanceKind

__all__ = ["BALANCES", "Balance", "Moment", "build_balance", "moment_of"]

BALANCES: Mapping[BalanceKind, type[Balance]] = {
    "static": Static,
    "log_sum": LogSum,
    "uncertainty": Uncertainty,
    "famo": Famo,
    "pcgrad": PCGrad,
}


def build_balance(kind: BalanceKind, heads: Sequence[HeadPlan]) -> Balance:
    """Return a balance that has learned nothing yet.

    Args:
        kind: Of the experiment's training.
        heads: The network's heads.
    """
    return BALANCES[kind](heads)
