"""The losses of heads as code: what a row loses, by its targets and raw outputs.

They are those of `mtcore.engine.program.losses`, written for somebody who reads one
script.
"""

from __future__ import annotations

from collections.abc import Mapping

from mtcore.engine.plans.plan import HeadPlan

_CODE: Mapping[tuple[str, str], str] = {
    ("linear", "mse"): '''
def mse(targets, raw):
    """Squared error."""
    return tf.square(raw - targets)
''',
    ("linear", "mae"): '''
def mae(targets, raw):
    """Absolute error."""
    return tf.abs(raw - targets)
''',
    ("linear", "huber"): '''
def huber(targets, raw):
    """Half the square up to one standard deviation of the target, then linear."""
    error = tf.abs(raw - targets)
    near = tf.minimum(error, 1.0)
    return near * (error - 0.5 * near)
''',
    ("linear", "log_cosh"): '''
def log_cosh(targets, raw):
    """The logarithm of the error's hyperbolic cosine."""
    error = tf.abs(raw - targets)
    return error + tf.math.softplus(-2.0 * error) - math.log(2.0)
''',
    ("linear", "gaussian_nll"): '''
def gaussian_nll(targets, raw):
    """Moves as beta-NLL with beta = 0.5, and is told as a CRPS."""
    count = targets.shape[1]
    deviation = tf.math.softplus(raw[:, count:]) + 0.001
    off = (targets - raw[:, :count]) / deviation
    likelihood = tf.math.log(deviation) + 0.5 * tf.square(off)
    slope = tf.stop_gradient(deviation) * likelihood
    density = tf.exp(-0.5 * tf.square(off)) / math.sqrt(2.0 * math.pi)
    score = off * tf.math.erf(off / math.sqrt(2.0)) + 2.0 * density
    told = tf.stop_gradient(deviation * (score - 1.0 / math.sqrt(math.pi)))
    return told + (slope - tf.stop_gradient(slope))
''',
    ("exponential", "poisson"): '''
def poisson(targets, raw):
    """Half the deviance of a Poisson count whose mean is e to the raw output."""
    some = targets > 0.0
    above = tf.where(some, raw - tf.math.log(tf.where(some, targets, 1.0)), 0.0)
    lost = targets * (tf.math.expm1(above) - above)
    return tf.where(some, lost, tf.exp(tf.where(some, 0.0, raw)))
''',
    ("sigmoid", "binary_crossentropy"): '''
def binary_crossentropy(targets, raw, smoothing):
    """Cross-entropy of one label a column."""
    labels = (1.0 - smoothing) * targets + smoothing / 2.0
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=raw)
''',
    ("sigmoid", "focal"): '''
def binary_focal(targets, raw, smoothing, focus):
    """Cross-entropy times (1 - chance of the truth) to the focus."""
    labels = (1.0 - smoothing) * targets + smoothing / 2.0
    held = tf.maximum(tf.sigmoid(-raw), 1e-7) ** focus * tf.math.softplus(-raw)
    other = tf.maximum(tf.sigmoid(raw), 1e-7) ** focus * tf.math.softplus(raw)
    return labels * held + (1.0 - labels) * other
''',
    ("softmax", "categorical_crossentropy"): '''
def categorical_crossentropy(targets, raw, smoothing):
    """Cross-entropy of one class a row."""
    classes = raw.shape[1]
    labels = tf.one_hot(tf.cast(targets[:, 0], tf.int32), classes)
    labels = (1.0 - smoothing) * labels + smoothing / classes
    return -tf.reduce_sum(tf.nn.log_softmax(raw) * labels, axis=1, keepdims=True)
''',
    ("softmax", "focal"): '''
def categorical_focal(targets, raw, smoothing, focus):
    """Cross-entropy times (1 - chance of the class) to the focus."""
    classes = raw.shape[1]
    labels = tf.one_hot(tf.cast(targets[:, 0], tf.int32), classes)
    labels = (1.0 - smoothing) * labels + smoothing / classes
    chances = tf.nn.log_softmax(raw)
    wrong = tf.maximum(1.0 - tf.exp(chances), 1e-7) ** focus
    return tf.reduce_sum(-wrong * chances * labels, axis=1, keepdims=True)
''',
    ("rising", "pinball"): '''
def pinball(targets, raw, levels):
    """The mean over the levels of how far off, by level and side."""
    shares, error = tf.constant(levels, tf.float32), targets - rising(raw)
    losses = tf.maximum(shares * error, (shares - 1.0) * error)
    return tf.reduce_mean(losses, axis=1, keepdims=True)
''',
    ("chained", "corn"): '''
def corn(targets, raw):
    """Cross-entropy of each step, over the rows that have come as far."""
    steps = tf.range(raw.shape[1], dtype=tf.float32)
    passed = tf.cast(targets > steps, tf.float32)
    lost = tf.nn.sigmoid_cross_entropy_with_logits(labels=passed, logits=raw)
    come = tf.cast(targets >= steps, tf.float32)
    return tf.reduce_sum(come * lost, axis=1, keepdims=True)
''',
}


def loss_functions(heads: tuple[HeadPlan, ...]) -> str:
    """Return the functions that the heads' losses need, each once."""
    keys = dict.fromkeys((head.activation, head.loss) for head in heads)
    return "".join(f"\n{_CODE[key]}" for key in keys)


def loss_table(heads: tuple[HeadPlan, ...]) -> str:
    """Return the assignment of `LOSSES`: a function of targets and raw outputs a head.

    The functions must stand before it.
    """
    lines = [
        f'    "{head.id}": lambda targets, raw: {_call(head)},\n' for head in heads
    ]
    return f"\n\nLOSSES = {{\n{''.join(lines)}}}\n"


def _call(head: HeadPlan) -> str:
    name = _CODE[head.activation, head.loss].split("(")[0].removeprefix("\ndef ")
    settings = head.settings
    given = {
        "smoothing": settings.smoothing,
        "focus": settings.focus,
        "levels": settings.levels,
    }
    signature = _CODE[head.activation, head.loss].split(")")[0]
    named = [f"{key}={value!r}" for key, value in given.items() if key in signature]
    return f"{name}({', '.join(['targets', 'raw', *named])})"
