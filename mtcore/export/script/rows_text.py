"""How a script reads its file: cells as inputs, targets and weights.

What differs from one experiment to another stands before it as constants.
"""

from __future__ import annotations

READING = '''

def unpacked_table(path):
    """Return the file, or the table in it where it is packed."""
    with open(path, "rb") as file:
        if file.read(2) == b"\\x1f\\x8b":
            return gzip.open(path)
    if not zipfile.is_zipfile(path):
        return path
    with zipfile.ZipFile(path) as archive:
        return io.BytesIO(archive.read(TABLE))


def read_cells(path):
    """Return the cells of the file as texts; lines that gave no row are left out."""
    return pd.read_csv(
        unpacked_table(path), sep=DELIMITER, encoding=ENCODING, header=None,
        quotechar=QUOTE or '"', quoting=0 if QUOTE else 3, skiprows=SKIPPED, dtype=str,
        keep_default_na=False,
    )


def numbers(cells, decimal, group):
    """Return cells as numbers, NaN where one is missing or infinite or none."""

    def number(text):
        plain = text.strip().replace(group, "") if group else text.strip()
        try:
            return float(plain.replace(decimal, "."))
        except ValueError:
            return math.nan

    places, words = pd.factorize(cells)
    values = np.array([*(number(word) for word in words), math.nan])[places]
    unknown = ~np.isfinite(values) | np.isin(values, MISSING_NUMBERS)
    return np.where(unknown, math.nan, values)


def moments(cells, form):
    """Return cells as seconds since 1970 UTC, NaN where one is missing or no moment."""
    found = pd.to_datetime(cells.str.strip(), format=form, errors="coerce", utc=True)
    seconds = (found - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
    return seconds.to_numpy("float64")


def texts(cells, missing, spelled):
    """Return cells as texts, empty where one is missing."""

    def text(cell):
        plain = cell.strip()
        if plain.casefold() in MISSING_WORDS[missing] or plain in MISSING_TEXTS:
            return ""
        return spelled.get(plain.casefold(), plain)

    places, words = pd.factorize(cells)
    return np.array([*(text(word) for word in words), ""], dtype=object)[places]


def numerals(cells, decimal, group):
    """Return cells that hold numbers as texts, whole ones without decimals."""

    def text(value):
        if math.isnan(value):
            return ""
        whole = value.is_integer() and abs(value) < 2**53
        return str(int(value)) if whole else repr(value)

    values = numbers(cells, decimal, group)
    return np.array([text(value) for value in values.tolist()], dtype=object)


WAYS = {"numbers": numbers, "moments": moments, "texts": texts, "numerals": numerals}


def read(frame, column, kind):
    """Return a column of the file as it is read for a kind of use."""
    place, way, *options = READ[column, kind]
    return WAYS[way](frame[place], *options)
'''

LESSONS = '''

def inputs_of(frame):
    """Return what the model takes, `(rows, 1)` a column."""
    found = {name: read(frame, COLUMNS[name], kind) for name, kind in READ_AS.items()}
    return {
        name: tf.constant(cells.tolist() if READ_AS[name] == "text" else cells)[:, None]
        for name, cells in found.items()
    }


def labels_of(frame):
    """Return targets and weights, float32 `(rows, targets)` a head; 0 = no label."""
    counts = np.ones(len(frame))
    if ROW_WEIGHT is not None:
        counts = read(frame, ROW_WEIGHT, "number") / ROW_WEIGHT_UNIT
        counts = np.where(np.isnan(counts), 1.0, counts)
    targets, weights = {}, {}
    for head, lesson in LESSONS.items():
        values = targets_of(frame, lesson)
        labelled = ~np.isnan(values)
        filled = np.where(labelled, values, 0.0)
        weight = labelled * counts[:, None]
        if lesson["class_weights"]:
            weight = weight * np.array(lesson["class_weights"])[filled.astype(int)]
        targets[head] = np.where(labelled, learned(filled, lesson), 0.0)
        weights[head] = weight
    return (
        {head: tf.constant(values, tf.float32) for head, values in targets.items()},
        {head: tf.constant(values, tf.float32) for head, values in weights.items()},
    )


def targets_of(frame, lesson):
    """Return a head's targets, `(rows, targets)`: NaN where there is no label."""
    if lesson["reads"] == "number":
        found = [read(frame, column, "number") for column in lesson["columns"]]
    else:
        found = [
            coded(read(frame, column, "text"), codes, lesson["other"])
            for column, codes in zip(lesson["columns"], lesson["codes"])
        ]
    return np.stack(found, axis=1)


def coded(cells, codes, other):
    """Return each text's code; NaN where it is missing, or unknown and no other."""
    unknown = math.nan if other is None else other
    return np.array([codes.get(cell, unknown) if cell else math.nan for cell in cells])


def learned(values, lesson):
    """Return targets on the scale that the network learns."""
    if lesson["logs"]:
        size, mean, deviation = np.array(lesson["logs"]).T
        return (np.arcsinh(values / size) - mean) / deviation
    return (values - np.array(lesson["mean"])) / np.array(lesson["scale"])


def unpacked(text):
    """Return the whole numbers that a constant holds, one a row."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), "uint8").astype(int)
'''
