"""How a script trains: first weights, batches, steps, and the best epoch kept.

What differs from one experiment to another stands before it as constants, but for how
heads are weighed and pictures changed: of that there is the code that is used, alone.
"""

from __future__ import annotations

from mtcore.export.script.balance_text import BalanceText
from mtcore.export.script.random_text import AUGMENT, AUGMENTING, WORDS


def training_code(balance: BalanceText, *, augments: bool) -> str:
    """Return what trains a network.

    Args:
        balance: How the heads are weighed.
        augments: Whether pictures are changed at random.
    """
    return "".join(
        [
            _COURSE,
            WORDS if augments or balance.turns else "",
            AUGMENTING if augments else "",
            balance.code,
            _TRAINER,
            AUGMENT if augments else "",
            _SUMS,
            balance.before_move,
            _MOVE,
            balance.after_move,
            _EPOCHS,
        ]
    )


_COURSE = '''

def learning_rate(step, steps):
    """Return the rate of a step: a linear rise, then a cosine fall."""
    warmup = min(0.05 * steps, 500)
    if step < warmup:
        return RATE * (step + 1.0) / max(warmup, 1.0)
    share = min((step - warmup) / max(steps - warmup, 1.0), 1.0)
    return RATE * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * share)))


def name_of(variable):
    """Return `layer/kind` of a variable."""
    parts = [part for part in variable.path.split("/") if not part.endswith("_cell")]
    return "/".join(parts[-2:])


def first_weights(shapes, seed):
    """Return first weights by the variable's name, a function of the seed alone."""
    random = np.random.default_rng((0xFEED, seed))
    weights = {}
    for name in (name for part in PARTS for name in part):
        layer, kind = name.split("/")
        shape = shapes[name]
        values = np.zeros(shape)
        if kind == "kernel" and not layer.endswith("_skip"):
            limit = math.sqrt(6.0 / (math.prod(shape[:-2]) * (shape[-2] + shape[-1])))
            values = random.uniform(-limit, limit, shape)
        elif kind == "recurrent_kernel":
            turned, upper = np.linalg.qr(random.normal(size=shape).T)
            values = (turned * np.sign(np.diag(upper))).T
        elif kind == "bias" and layer.endswith("_lstm"):
            values = np.repeat([0.0, 1.0, 0.0, 0.0], shape[0] // 4)
        elif kind == "embeddings":
            values = random.normal(0.0, 0.1, shape)
            values[0] = 0.0
        elif kind == "bias" and layer.removesuffix("_raw") in CONSTANTS:
            values = np.array(CONSTANTS[layer.removesuffix("_raw")])
        weights[name] = values
    return weights


def batches_of(rows, seed, epoch):
    """Yield the rows of each step: all of them shuffled, dealt out evenly."""
    random = np.random.default_rng((0x0DE2, seed, epoch, 0))
    shuffled = rows[random.permutation(len(rows))]
    steps = -(-len(rows) // BATCH_SIZE)
    for step in range(steps):
        yield shuffled[step::steps]


def seed_of(seed, place):
    """Return the seed of a network: the one given for the first."""
    if place == 0:
        return seed
    return int(np.random.SeedSequence((seed, place)).generate_state(1)[0] >> 1)


def rows_of(place, weights):
    """Return the rows that teach a network, and those that choose its best epoch."""
    parts = unpacked(ROW_PARTS) if ROW_PARTS else random_parts()
    weighing = np.any([values.numpy().any(axis=1) for values in weights.values()], 0)
    taught = np.flatnonzero((parts == 0) & weighing)
    judging = np.flatnonzero(parts == 1)
    if not ROW_TURNS:
        return taught, judging
    both = np.concatenate([taught, judging])
    held = unpacked(ROW_TURNS)[both] == place
    return both[~held], both[held]


def random_parts():
    """Return 0 for training, 1 for validation and 2 for test rows, by the seed."""
    order = np.random.default_rng((0x5EED, SEED)).permutation(ROWS)
    test, validation = (max(round(ROWS * share), 1) for share in (TEST, VALIDATION))
    parts = np.zeros(ROWS, int)
    parts[order[:test]], parts[order[test : test + validation]] = 2, 1
    return parts


def without_some_words(texts, share):
    """Return texts, `(rows, 1)`, with a share of their words left out at random."""
    words = tf.strings.split(texts[:, 0])
    kept = tf.random.uniform(tf.shape(words.values)) >= share
    left = tf.ragged.boolean_mask(words, words.with_values(kept))
    return tf.strings.reduce_join(left, axis=1, separator=" ")[:, None]

'''

_TRAINER = '''

class Trainer:
    """Trains one network: every head's loss over its constant's, times its weight."""

    def __init__(self, network, columns, targets, weights, seed):
        self.columns, self.targets, self.weights = columns, targets, weights
        self.seed, self.balance = seed, Balance()
        self.model = keras.Model(
            network.input,
            {head: network.get_layer(layer).output for head, layer in RAW.items()},
        )
        known = {name_of(v): v for v in network.trainable_variables}
        self.parts = [[known[name] for name in part] for part in PARTS]
        self.variables = [variable for part in self.parts for variable in part]
        self.optimizer = OPTIMIZERS[OPTIMIZER]()
        if OPTIMIZER == "adamw":
            biases = [v for v in self.variables if len(v.shape) < 2]
            self.optimizer.exclude_from_weight_decay(var_list=biases)
        self.optimizer.build(self.variables)
        rows, step = tf.TensorSpec([None], tf.int64), tf.TensorSpec([], tf.int32)
        self.step = tf.function(self.take_step, [rows, step], autograph=False)
        self.judge = tf.function(self.sums, [rows], autograph=False)

    def sums(self, rows, step=None):
        """Return the summed losses and weights of every head on some rows.

        `step` says how many steps came before; without one nothing is learned.
        """
        columns = {name: tf.gather(given, rows) for name, given in self.columns.items()}
        if step is not None:
            for name, share in WORD_DROPOUT.items():
                columns[name] = without_some_words(columns[name], share)
'''

_SUMS = '''        raw = self.model(columns, training=step is not None)
        lost, weighed = [], []
        for head, loss in LOSSES.items():
            weight = tf.gather(self.weights[head], rows)
            values = loss(tf.gather(self.targets[head], rows), raw[head]) * weight
            lost.append(tf.reduce_sum(values))
            weighed.append(tf.reduce_sum(weight))
        return tf.stack(lost), tf.stack(weighed)

    def losses(self, rows, step):
        """Return every head's mean loss on a batch, and whether it has labels there."""
        lost, weighed = self.sums(rows, step)
        return lost / tf.where(weighed > 0.0, weighed, 1.0), weighed > 0.0

    def take_step(self, rows, step):
        """Move the network by one batch."""
        with tf.GradientTape(persistent=True) as tape:
            losses, labelled = self.losses(rows, step)
            weights = tf.stop_gradient(self.balance.weights(losses, labelled))
            weighted = tf.unstack(weights * losses)
            # A head of weight 0 learns, and moves nothing that is not its own.
            moving = [loss * moves for loss, moves in zip(weighted, MOVES)]
            together = tf.add_n(moving)
            totals = [together] + [
                together + (0.0 if moves else loss)
                for loss, moves in zip(weighted, MOVES)
            ]
        found = [tape.gradient(total, part) for part, total in zip(self.parts, totals)]
'''

_MOVE = """        gradients = []
        for part in found:
            part = [tf.convert_to_tensor(gradient) for gradient in part]
            if OPTIMIZER == "adamw" and part:
                norm = tf.linalg.global_norm(part)
                part = [gradient / tf.maximum(norm, 1.0) for gradient in part]
            gradients += part
        self.optimizer.apply(gradients, self.variables)
"""

_EPOCHS = '''
    def monitor(self, rows):
        """Return the mean loss of the monitored heads, 1 = as good as a constant."""
        sums = np.zeros((2, len(LOSSES)))
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            sums += [part.numpy() for part in self.judge(some)]
        known = [k for k in MONITORED if sums[1, k] > 0.0]
        means = [sums[0, k] / sums[1, k] / CONSTANT_LOSSES[k] for k in known]
        return sum(means) / len(means) if means else None

    def train(self, taught, judging):
        """Train, keep the best epoch, and return it with its monitor."""
        shapes = {name_of(v): tuple(v.shape) for v in self.variables}
        first = first_weights(shapes, self.seed)
        for variable in self.variables:
            variable.assign(first[name_of(variable)].astype("float32"))
        steps = EPOCHS * -(-len(taught) // BATCH_SIZE)
        best, best_epoch, kept, step = math.inf, 0, None, 0
        for epoch in range(EPOCHS):
            for rows in batches_of(taught, self.seed, epoch):
                self.optimizer.learning_rate.assign(learning_rate(step, steps))
                self.step(rows, step)
                step += 1
            found = self.monitor(judging)
            if found is None or found < best:
                best, best_epoch = best if found is None else found, epoch + 1
                kept = [variable.numpy() for variable in self.variables]
            if epoch + 1 - best_epoch >= PATIENCE:
                break
        for variable, value in zip(self.variables, kept or []):
            variable.assign(value)
        return {"best_epoch": best_epoch, "epochs": epoch + 1, "monitor": best}


OPTIMIZERS = {
    "adamw": lambda: keras.optimizers.AdamW(weight_decay=0.01, epsilon=1e-7),
    "adam": lambda: keras.optimizers.Adam(epsilon=1e-7),
    "sgd": lambda: keras.optimizers.SGD(momentum=0.9, nesterov=True),
}
'''
