"""What kind of column the measured cells make, and why in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcore.data.reading.columns.measures import Measure
from mtcore.data.reading.columns.plans import (
    BooleanPlan,
    DatePlan,
    NumberPlan,
    Plan,
    TextPlan,
)
from mtcore.data.reading.notations.dates import is_epoch
from mtcore.data.values.moments import has_date
from mtcore.spec.inputs import ColumnKind

_NAMES_OF_IDS = frozenset(
    {"id", "ids", "idx", "index", "uuid", "guid", "key", "rowid", "rownum", "pk"}
)
_WHOLE_NAMES_OF_IDS = frozenset({"no", "nr", "no.", "nr.", "#", "row", "unnamed: 0"})
_NAMES_OF_CODES = frozenset(
    {"zip", "zipcode", "postcode", "postal", "plz", "postleitzahl", "cep", "fips",
     "phone", "telephone", "tel", "mobile", "fax", "ssn", "isbn", "issn", "ean", "upc",
     "gtin", "sku", "iban", "bic", "siret", "siren", "npi", "icd", "naics", "sic"}
)  # fmt: skip
_NAMES_OF_CLASSES = frozenset(
    {"class", "classes", "klass", "klasse", "label", "labels", "category", "cat",
     "categorie", "kategorie", "type", "typ", "code", "cluster", "segment", "species",
     "kind", "status", "gender", "sex", "race", "region"}
)  # fmt: skip
_NAMES_OF_TEXTS = frozenset(
    {"text", "texts", "caption", "captions", "comment", "comments", "description",
     "review", "reviews", "message", "tweet", "note", "notes", "sentence", "feedback",
     "remark", "remarks", "summary", "abstract", "texte", "texto", "kommentar",
     "beschreibung", "bemerkung", "nachricht", "commentaire", "remarque", "avis",
     "comentario", "descripción", "descripcion", "mensaje"}
)  # fmt: skip
_MOST_CLASSES = 30
_FEWEST_A_CLASS = 3  # rows on average; a code in nearly every row tells nothing
_YEARS = (1900, 2100)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+")
_FEW_ROWS = 20  # fewer say nothing about a text that differs in every row


@dataclass(frozen=True, slots=True)
class Kind:
    """A column's kind and the reason for it."""

    kind: ColumnKind
    reason: str


def kind_of(name: str, plan: Plan, measure: Measure, *, counts_rows: bool) -> Kind:
    """Return the kind of a column.

    Args:
        name: The column's name.
        plan: What its cells are read as.
        measure: What they come to.
        counts_rows: Whether it stands where files put the number of a row: first,
            and without a name.
    """
    if measure.read == 0:
        return Kind("constant", "no cell has a value")
    if measure.distinct == 1:
        return Kind("constant", "every cell with a value holds the same one")
    match plan:
        case NumberPlan():
            return _number_kind(name, plan, measure, counts_rows=counts_rows)
        case BooleanPlan():
            no, yes = dict.fromkeys(plan.spellings.values())
            return Kind("boolean", f"two values, {no} and {yes}")
        case DatePlan():
            return Kind("datetime", _date_reason(plan))
        case TextPlan():
            return _text_kind(name, plan, measure)


def is_named_like_an_id(name: str) -> bool:
    """Return whether a name says that its column tells rows apart.

    >>> is_named_like_an_id("customerID"), is_named_like_an_id("humidity")
    (True, False)
    """
    return (
        bool(words_of_name(name) & _NAMES_OF_IDS)
        or name.strip().lower() in _WHOLE_NAMES_OF_IDS
    )


def words_of_name(name: str) -> set[str]:
    """Return the words of a column's name in small letters, its digits left out.

    >>> sorted(words_of_name("Subject_ID#2"))
    ['id', 'subject']
    """
    return {word.lower() for word in _WORD.findall(name)}


def _number_kind(
    name: str, plan: NumberPlan, measure: Measure, *, counts_rows: bool
) -> Kind:
    whole = measure.whole == measure.read
    differs = measure.distinct == measure.read
    counted = measure.low in (0, 1) and measure.high - measure.low == measure.read - 1
    if whole and differs and counts_rows and counted:
        return Kind("id", "a column without a name that counts the rows")
    if whole and differs and is_named_like_an_id(name):
        return Kind("id", "named like an id, and no two rows share a value")
    if whole and (coded := _coded_kind(name, measure)):
        return coded
    written = plan.written
    how = "with a decimal comma" if written.decimal == "," and not whole else ""
    if written.group:
        how = f"{how} with thousands set apart".strip()
    if written.unit:
        how = f"{how} with a currency or percent sign".strip()
    if written.scaled:
        how = f"{how} with letters for thousands, millions and more".strip()
    if written.suffix:
        how = f"{how} with the unit {written.suffix}".strip()
    size = "whole numbers" if whole else "numbers"
    years = whole and _YEARS[0] <= measure.low <= measure.high <= _YEARS[1]
    if years and {"year", "yr", "jahr", "annee", "año"} & words_of_name(name):
        size = "years"
    found = f"{size} {how}".strip()
    return Kind("number", f"{found}, {measure.distinct:,} different")


def _coded_kind(name: str, measure: Measure) -> Kind | None:
    """Return the kind of whole numbers that are names rather than quantities."""
    words = words_of_name(name)
    if words & _NAMES_OF_CODES:
        if measure.distinct >= 0.98 * measure.read and measure.read >= _FEW_ROWS:
            return Kind("id", "named like a code, and nearly every row has another")
        return Kind(
            "category",
            f"named like a code, so no quantity: {measure.distinct:,} different "
            "whole numbers",
        )
    few = 2 < measure.distinct <= _MOST_CLASSES
    often = measure.read >= _FEWEST_A_CLASS * measure.distinct
    if words & _NAMES_OF_CLASSES and few and often:
        return Kind(
            "category",
            f"named like classes, so no quantity: {measure.distinct:,} different "
            "whole numbers",
        )
    return None


def _date_reason(plan: DatePlan) -> str:
    written = plan.written
    if is_epoch(written):
        return f"{written.formats[0]}, such as {written.example}"
    what = "moments" if any(map(has_date, written.formats)) else "times of day"
    shown = f"{what} such as {written.example}"
    if written.day_first is None:
        return shown
    return f"{shown}, the {'day' if written.day_first else 'month'} first"


def _text_kind(name: str, plan: TextPlan, measure: Measure) -> Kind:
    share = measure.distinct / measure.read
    if measure.pictures > 0.5 * measure.read:
        return Kind("image", "names of picture files")
    long = (measure.words >= 4 and measure.letters >= 20) or measure.letters >= 60
    if long and measure.distinct > max(10, 0.3 * measure.read):
        words = round(measure.words)
        return Kind("text", f"free text, {words} words a cell on average")
    named = bool(words_of_name(name) & _NAMES_OF_TEXTS)
    if plan.phrases and plan.phrases.are_telling(named=named):
        what = f"phrases of {round(plan.phrases.words)} words that share their words"
        return Kind("text", f"named like texts, {what}" if named else what)
    telling = bool(plan.code) or is_named_like_an_id(name) or measure.read >= _FEW_ROWS
    if share >= 0.98 and telling:
        why = f"{plan.code}, and " if plan.code else ""
        return Kind("id", f"{why}nearly every row has another value")
    why = f"{plan.code}: " if plan.code else ""
    return Kind("category", f"{why}{measure.distinct:,} different texts")
