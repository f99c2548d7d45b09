"""Who may import whom, and what the server's process never holds.

The tables are ARCHITECTURE.md's arrows. They are read from the source, so an import
inside a function counts too; what is really loaded is asked of a fresh interpreter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from mtcore.home import Home
from tests.conftest import furnish
from tests.fresh_python import fresh_python
from tests.source_code import ROOT, imports_of, source_files

# A part of the project and what it may import besides itself. A module belongs to the
# longest part that its name starts with; to allow a name allows what lies under it.
FOUNDATION = frozenset({"mtcore.arrays", "mtcore.errors", "mtcore.home"})
SPEC = FOUNDATION | {"mtcore.spec"}
VALUES = SPEC | {"mtcore.data.values"}
READING = VALUES | {"mtcore.data.queries", "mtcore.data.reading"}
TOLD = VALUES | {"mtcore.data.reading.report"}
CELLS = TOLD | {"mtcore.data.queries", "mtcore.data.reading.notations"}
# All of a data set that learning and judging take: they never see a file.
ROWS = VALUES | {"mtcore.data.tables", "mtcore.data.splits"}
DATA = SPEC | {"mtcore.data"}
ENGINE = ROWS | {
    "mtcore.trees",
    "mtcore.evaluation.metrics",
    "mtcore.engine.backend",
    "mtcore.engine.progress",
}
ENCODED = frozenset(
    {"mtcore.engine.encode", "mtcore.engine.plans", "mtcore.engine.rows"}
)
RUNS = frozenset({"mtcore.runs.store", "mtcore.runs.cluster"})
MODELS = DATA | RUNS | {"mtcore.engine", "mtcore.evaluation"}
SHARED = frozenset({"mtcore.runs.tasks.held", "mtcore.runs.tasks.failures"})
ARROWS: Mapping[str, frozenset[str]] = {
    "mtcore": frozenset(),
    "mtcore.arrays": frozenset(),
    "mtcore.errors": frozenset(),
    "mtcore.home": frozenset({"mtcore.errors"}),
    "mtcore.spec": FOUNDATION,
    "mtcore.data": frozenset(),
    "mtcore.data.values": FOUNDATION,
    "mtcore.data.queries": VALUES,
    "mtcore.data.reading": READING,
    "mtcore.data.reading.report": SPEC,
    "mtcore.data.reading.files": TOLD,
    "mtcore.data.reading.notations": VALUES | {"mtcore.data.queries"},
    "mtcore.data.reading.columns": CELLS,
    "mtcore.data.reading.lines": CELLS
    | {"mtcore.data.reading.files", "mtcore.data.reading.columns"},
    "mtcore.data.pictures": SPEC | {"mtcore.data.reading.files.archives"},
    "mtcore.data.tables": VALUES | {"mtcore.data.pictures"},
    "mtcore.data.splits": SPEC | {"mtcore.data.tables"},
    "mtcore.data.profile": READING | {"mtcore.data.tables"},
    "mtcore.data.library": READING
    | {"mtcore.data.pictures", "mtcore.data.tables", "mtcore.data.profile"},
    "mtcore.data.suggestions": READING | {"mtcore.data.profile", "mtcore.data.splits"},
    "mtcore.data.checks": VALUES
    | {"mtcore.data.queries", "mtcore.data.tables", "mtcore.data.profile"}
    | {"mtcore.data.suggestions"},
    "mtcore.data.samples": SPEC,
    "mtcore.trees": ROWS,
    "mtcore.evaluation": ROWS | {"mtcore.trees"},
    "mtcore.whatif": DATA,
    "mtcore.charts": DATA | {"mtcore.evaluation"},
    "mtcore.engine": FOUNDATION,
    "mtcore.engine.encode": ENGINE,
    "mtcore.engine.plans": ENGINE | {"mtcore.engine.encode"},
    "mtcore.engine.rows": ENGINE | {"mtcore.engine.encode", "mtcore.engine.plans"},
    "mtcore.engine.layers": ENGINE | ENCODED,
    "mtcore.engine.balance": ENGINE | ENCODED | {"mtcore.engine.layers"},
    "mtcore.engine.program": ENGINE
    | ENCODED
    | {"mtcore.engine.layers", "mtcore.engine.balance"},
    "mtcore.engine.served": ENGINE | ENCODED | {"mtcore.engine.layers"},
    "mtcore.engine.training": ENGINE | {"mtcore.engine"},
    "mtcore.export": frozenset(),
    "mtcore.export.exported": frozenset(),
    "mtcore.export.models": DATA | {"mtcore.engine", "mtcore.export.exported"},
    "mtcore.export.code": DATA | {"mtcore.engine"},
    "mtcore.export.script": DATA
    | {"mtcore.engine", "mtcore.export.models", "mtcore.export.code"},
    "mtcore.export.report": DATA
    | {"mtcore.engine", "mtcore.trees", "mtcore.evaluation", "mtcore.whatif"}
    | {"mtcore.charts", "mtcore.export.models"},
    "mtcore.runs": frozenset(),
    "mtcore.runs.store": DATA,
    "mtcore.runs.cluster": DATA,
    "mtcore.runs.workspace": DATA | RUNS | {"mtcore.whatif"},
    "mtcore.runs.tasks": MODELS | {"mtcore.whatif"},
    "mtcore.runs.tasks.judging": MODELS | SHARED,
    "mtcore.runs.tasks.training": MODELS
    | SHARED
    | {"mtcore.runs.tasks.judging", "mtcore.export.code", "mtcore.search"},
    "mtcore.runs.tasks.takeaways": MODELS | SHARED | {"mtcore.export", "mtcore.whatif"},
    "mtcore.search": DATA | {"mtcore.runs.store", "mtcore.evaluation"},
    "mtcore.cli": DATA
    | {"mtcore.runs.store", "mtcore.runs.cluster.errands", "mtcore.runs.tasks"}
    | {"mtcore.search"},
    "mtcore.__main__": frozenset({"mtcore.cli"}),
    "pages.parts": DATA
    | {"mtcore.runs.store", "mtcore.runs.cluster.errands", "mtcore.runs.workspace"}
    | {"mtcore.evaluation", "mtcore.whatif", "mtcore.charts", "mtcore.search"},
    "pages": DATA
    | {"pages.parts", "mtcore.runs.store", "mtcore.runs.workspace"}
    | {"mtcore.evaluation", "mtcore.whatif", "mtcore.charts"},
    "app": frozenset({"pages.parts"}) | DATA,
}

# A package from outside and the parts that alone may import it.
KEEPERS: Mapping[str, frozenset[str]] = {
    "streamlit": frozenset({"app", "pages", "pages.parts"}),
    "tensorflow": frozenset({"mtcore.engine"}),
    "keras": frozenset({"mtcore.engine"}),
    "mlflow": frozenset({"mtcore.runs.store", "mtcore.runs.tasks.takeaways"}),
    "dask": frozenset({"mtcore.runs.cluster"}),
    "distributed": frozenset({"mtcore.runs.cluster"}),
    "duckdb": frozenset(
        {"mtcore.data.queries", "mtcore.data.reading"}
        | {"mtcore.data.reading.columns", "mtcore.data.reading.lines"}
    ),
    "optuna": frozenset({"mtcore.search"}),
    "plotly": frozenset({"mtcore.charts", "mtcore.export.report", "pages.parts"}),
}

# Home is `app.py`; each has a folder of its own under `pages/parts`.
PAGES = {"home", *(path.stem for path in (ROOT / "pages").glob("*.py"))}

ABSENT_FROM_SERVER = ("tensorflow", "keras", "sklearn")

OPEN_EVERY_PAGE = """
import json, sys
from streamlit.testing.v1 import AppTest

for page in sys.argv[1:]:
    opened = AppTest.from_file(page, default_timeout=240).run()
    assert not opened.exception, (page, opened.exception)
print(json.dumps(sorted(sys.modules)))
"""

IMPORT_EVERYTHING = """
import importlib, json, sys

for module in sys.argv[1:]:
    importlib.import_module(module)
print(json.dumps(sorted(sys.modules)))
"""


def module_name(path: Path) -> str:
    """Return the dotted name of a file under the project's root."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def part_of(module: str) -> str | None:
    """Return the part that a module belongs to, None when it is not ours."""
    parts = [name for name in ARROWS if lies_under(module, name)]
    return max(parts, key=len, default=None)


def lies_under(name: str, part: str) -> bool:
    """Return whether a dotted name is a part or something inside it."""
    return f"{name}.".startswith(f"{part}.")


def loads_tensorflow(module: str) -> bool:
    """Return whether a module may load it: what is plain data in the engine may not."""
    return lies_under(module, "mtcore.engine") and not any(
        lies_under(module, f"mtcore.engine.{part}") for part in ("encode", "plans")
    )


def page_of(module: str) -> str | None:
    """Return the page that a module is or is a piece of, None where pages share it."""
    name = module.removeprefix("pages.parts.").removeprefix("pages.").split(".")[0]
    return "home" if name == "app" else name if name in PAGES else None


def broken_rules(module: str, source: str) -> list[str]:
    """Return a sentence for every import that the two tables do not allow."""
    home = part_of(module)
    assert home is not None, f"{module} belongs to no part: give it a row in ARROWS"
    sentences = []
    for name in imports_of(source):
        keepers = KEEPERS.get(name.split(".")[0])
        target = part_of(name)
        if name.startswith("."):
            sentences.append(f"{module} imports {name}: write the absolute name")
        elif target not in (None, home) and not any(
            lies_under(name, part) for part in ARROWS[home]
        ):
            sentences.append(f"{module} imports {name}: {home} may not use it")
        elif keepers is not None and home not in keepers:
            sentences.append(f"{module} imports {name}: only {sorted(keepers)} may")
    return sentences


def test_every_import_follows_the_arrows() -> None:
    broken = [
        sentence
        for path in source_files("mtcore", "pages")
        for sentence in broken_rules(module_name(path), path.read_text("utf-8"))
    ]
    assert broken == []


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("mtcore.data.tables.table", "import streamlit", "only"),
        ("mtcore.runs.store.store", "def f():\n    import keras", "only"),
        ("mtcore.export.code.keras_code", 'keras = import_module("keras")', "only"),
        ("mtcore.spec.trunk", "from mtcore.data import table", "may not use it"),
        ("mtcore.runs.store.store", "from mtcore import engine", "may not use it"),
        ("mtcore.runs.store.store", "import distributed", "only"),
        ("mtcore.export.code.fixed_text", "import plotly", "only"),
        ("mtcore.runs.cluster.errands", "import mtcore.runs.store.run", "may not use"),
        ("mtcore.data.tables.table", "from .profile import Profile", "absolute"),
        ("mtcore.data.checks.leaks", "import duckdb", "only"),
        ("mtcore.data.reading.reader", "import mtcore.data.profile", "may not use"),
        ("mtcore.data.reading.files.records", "import duckdb", "only"),
        ("mtcore.engine.rows.rows", "from mtcore.data import reading", "may not use"),
        (
            "pages.train",
            "from mtcore.engine.training.trainer import train",
            "may not use it",
        ),
    ],
)
def test_an_import_against_an_arrow_is_noticed(
    module: str, source: str, complaint: str
) -> None:
    [sentence] = broken_rules(module, source)
    assert complaint in sentence


def test_a_page_uses_no_piece_of_another_page() -> None:
    """What two pages need lies beside their folders, not in one of them."""
    borrowed = [
        f"{module_name(path)} imports {name}"
        for path in source_files("pages")
        for name in imports_of(path.read_text("utf-8"))
        if page_of(name) not in (None, page_of(module_name(path)))
    ]
    assert borrowed == []


def loaded_by(script: str, arguments: list[str], home: Path) -> frozenset[str]:
    """Run a script in a fresh interpreter and return the modules it printed."""
    printed = fresh_python("-c", script, *arguments, folder=ROOT, home=home)
    return frozenset(json.loads(printed.splitlines()[-1]))


def test_only_the_engine_loads_tensorflow(tmp_path: Path) -> None:
    modules = [
        module_name(path)
        for path in source_files("mtcore", "pages")
        if part_of(module_name(path)) not in {"app", "pages"}
        and not loads_tensorflow(module_name(path))
        and path.name != "__main__.py"
    ]
    loaded = loaded_by(IMPORT_EVERYTHING, modules, tmp_path)
    assert set(modules) <= loaded
    assert [name for name in ABSENT_FROM_SERVER if name in loaded] == []


@pytest.mark.cluster
def test_opening_every_page_loads_no_tensorflow(
    home: Home, empty_database: Path
) -> None:
    pages = [str(ROOT / "app.py"), *map(str, sorted((ROOT / "pages").glob("*.py")))]
    root = furnish(home, empty_database).root
    loaded = loaded_by(OPEN_EVERY_PAGE, pages, root)
    assert {"streamlit", "mtcore.runs.workspace"} <= loaded
    assert [name for name in ABSENT_FROM_SERVER if name in loaded] == []
