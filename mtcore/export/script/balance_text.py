"""How a script weighs its heads against each other: one class, that of its balance.

They do what `mtcore.engine.balance` does, written for somebody who reads one script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mtcore.spec.training import BalanceKind

_STATIC = '''

class Balance:
    """The heads' weights stay as given."""

    def weights(self, losses, labelled):
        """Return what each head's loss is multiplied with."""
        return tf.constant(SCALES)
'''

_LOGARITHMS = '''

def logarithms(relative):
    """Return the logarithm of each relative loss, and its slope.

    Below 1e-4 it goes on as a line; a loss that is a logarithm already stands as it is.
    """
    held = tf.maximum(relative, 1e-4)
    logs = tf.math.log(held) + tf.minimum(relative - held, 0.0) / held
    return tf.where(SIGNED, relative, logs), tf.where(SIGNED, 1.0, 1.0 / held)
'''

_LOG_SUM = '''

class Balance:
    """Each loss counts by its logarithm: one that halves counts alike, however large.

    Chennupati and others, MultiNet++, 2019.
    """

    def weights(self, losses, labelled):
        """Return what each head's loss is multiplied with."""
        return logarithms(losses / CONSTANT_LOSSES)[1] * SCALES
'''

_SMALL_ADAM = '''

class SmallAdam:
    """Adam on one number a head, all of them 0 at first."""

    def __init__(self):
        self.state = [tf.Variable(tf.zeros(len(LOSSES))) for _ in range(3)]
        self.numbers = self.state[0]

    def move(self, gradient, moving, step):
        """Take a step down with the numbers that are moving."""
        number, mean, square = (vector.read_value() for vector in self.state)
        count = tf.cast(step, tf.float32) + 1.0
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        root = tf.sqrt(square / (1.0 - 0.999**count)) + 1e-8
        moved = number - BALANCE_RATE * mean / (1.0 - 0.9**count) / root
        for vector, new in zip(self.state, (moved, mean, square)):
            vector.assign(tf.where(moving, new, vector))
'''

_UNCERTAINTY = '''

class Balance:
    """Each loss is divided by a noise level e^s that is learned beside the network.

    Kendall, Gal and Cipolla, Multi-Task Learning Using Uncertainty, 2018.
    """

    def __init__(self):
        self.adam = SmallAdam()

    def weights(self, losses, labelled):
        """Return what each head's loss is multiplied with."""
        return tf.exp(-self.adam.numbers) * SCALES

    def learn(self, losses, labelled, step):
        """Move s down the slope of e^-s L + s, times the head's weight."""
        shares = np.multiply(SCALES, CONSTANT_LOSSES).astype("float32")
        relative = losses / CONSTANT_LOSSES * tf.exp(-self.adam.numbers)
        moving = labelled & ~tf.constant(SIGNED)
        self.adam.move(shares * (1.0 - relative), moving, step)
        self.adam.numbers.assign(tf.clip_by_value(self.adam.numbers, -6.0, 6.0))
'''

_FAMO = '''

class Balance:
    """Heads weigh so that all losses fall at the same pace.

    Liu, Feng, Stone and Liu, FAMO: Fast Adaptive Multitask Optimization, 2023.
    """

    def __init__(self):
        self.adam = SmallAdam()

    def shares(self, active):
        """Return the softmax of the active heads' numbers, 0 for the others."""
        numbers = tf.where(active, self.adam.numbers, -tf.float32.max)
        return tf.where(active, tf.nn.softmax(numbers), 0.0)

    def weights(self, losses, labelled):
        """Return what each head's loss is multiplied with."""
        active = labelled & (tf.constant(MOVES) > 0.0)
        paces = self.shares(active) * logarithms(losses / CONSTANT_LOSSES)[1]
        whole, count = tf.reduce_sum(paces), tf.reduce_sum(tf.cast(active, tf.float32))
        chosen = count * paces / tf.where(whole > 0.0, whole, 1.0)
        # A head that does not move the trunk has only its own weights to move.
        return tf.where(tf.constant(MOVES) > 0.0, chosen, 1.0) * SCALES

    def learn(self, losses, after, labelled, step):
        """Let what fell least in this step weigh more in the next."""
        active = labelled & (tf.constant(MOVES) > 0.0)
        before = logarithms(losses / CONSTANT_LOSSES)[0]
        fallen = before - logarithms(after / CONSTANT_LOSSES)[0]
        fallen = tf.where(active, fallen, 0.0)
        shares = self.shares(active)
        slope = shares * (fallen - tf.reduce_sum(shares * fallen))
        self.adam.move(slope + BALANCE_DECAY * self.adam.numbers, active, step)
'''

_PCGRAD = '''

class Balance:
    """On the trunk, heads' gradients that oppose each other are turned aside.

    Each head's meets the others' in an order drawn for the step, and loses what points
    against them. All of that is done on their dot products: a row of `mixed` says of
    how much of each gradient a head's is made. Yu and others, Gradient Surgery for
    Multi-Task Learning, 2020.
    """

    def weights(self, losses, labelled):
        """Return what each head's loss is multiplied with."""
        return tf.constant(SCALES)

    def turned(self, gradients, seed, step):
        """Return the sum of the heads' gradients, `(heads, numbers)`, turned aside."""
        heads = len(LOSSES)
        drawn = random_words(heads * heads, seed, step, 0x9C6)
        order = tf.argsort(tf.reshape(tf.cast(drawn, tf.float32), [heads, heads]))
        products = tf.matmul(gradients, gradients, transpose_b=True)
        squares, mixed = tf.linalg.diag_part(products), tf.eye(heads)
        for turn in range(heads):
            met = order[:, turn]
            dots = tf.reduce_sum(mixed * tf.gather(products, met), 1)
            square = tf.gather(squares, met)
            against = (dots < 0.0) & (met != tf.range(heads)) & (square > 0.0)
            taken = tf.where(against, dots / tf.where(against, square, 1.0), 0.0)
            mixed -= taken[:, None] * tf.one_hot(met, heads)
        return tf.linalg.matvec(gradients, tf.reduce_sum(mixed, 0), transpose_a=True)
'''

_TURN = """\
        # On the trunk, heads' gradients are turned aside where they oppose each other.
        trunk = self.parts[0]
        each = [
            tape.gradient(loss, trunk, unconnected_gradients="zero") for loss in moving
        ]
        flat = [tf.concat([tf.reshape(g, [-1]) for g in found], 0) for found in each]
        turned = self.balance.turned(tf.stack(flat), self.seed, step)
        pieces = tf.split(turned, [math.prod(v.shape) for v in trunk])
        found[0] = [tf.reshape(piece, v.shape) for piece, v in zip(pieces, trunk)]
"""

_LEARN = """        self.balance.learn(losses, labelled, step)
"""

_LEARN_AFTER = """        after, _ = self.losses(rows, step)
        self.balance.learn(losses, after, labelled, step)
"""


@dataclass(frozen=True, slots=True)
class BalanceText:
    """What a balance is in a script.

    Args:
        code: The class `Balance` and what it needs.
        before_move: Lines of a step that change the gradients found.
        after_move: Lines of a step once the network has moved.
        turns: Whether it turns gradients aside, in an order that is drawn at random.
        learns: Whether it has a learning rate.
        decays: Whether what it learns is drawn to 0.
        takes_logarithms: Whether losses that are logarithms stand apart.
    """

    code: str
    before_move: str = ""
    after_move: str = ""
    turns: bool = False
    learns: bool = False
    decays: bool = False
    takes_logarithms: bool = False


BALANCES: Mapping[BalanceKind, BalanceText] = {
    "static": BalanceText(_STATIC),
    "log_sum": BalanceText(_LOGARITHMS + _LOG_SUM, takes_logarithms=True),
    "uncertainty": BalanceText(
        _SMALL_ADAM + _UNCERTAINTY,
        after_move=_LEARN,
        learns=True,
        takes_logarithms=True,
    ),
    "famo": BalanceText(
        _LOGARITHMS + _SMALL_ADAM + _FAMO,
        after_move=_LEARN_AFTER,
        learns=True,
        decays=True,
        takes_logarithms=True,
    ),
    "pcgrad": BalanceText(_PCGRAD, before_move=_TURN, turns=True),
}
