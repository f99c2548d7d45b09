from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from mtcore.errors import MissingError, RunError
from mtcore.home import Home
from mtcore.runs.cluster import errands
from mtcore.runs.cluster.errands import HOMES, TaskName, answer_plainly
from mtcore.runs.tasks.failures import BUG, DISK, MEMORY, failure_sentence
from tests.conftest import furnish
from tests.fresh_python import ROOT, fresh_python

WHAT_IS_LOADED = """
import sys
from pathlib import Path
from mtcore.home import Home
from mtcore.runs.workspace import open_workspace

open_workspace(Home(Path(sys.argv[1])))
print(*sorted(sys.modules))
"""


def test_every_task_is_where_errands_look_for_it() -> None:
    assert set(HOMES) == set(get_args(TaskName))
    for task, module in HOMES.items():
        assert callable(getattr(import_module(module), task))


def test_opening_a_workspace_loads_neither_engine_nor_tasks(
    home: Home, empty_database: Path
) -> None:
    root = furnish(home, empty_database).root
    printed = fresh_python("-c", WHAT_IS_LOADED, str(root), folder=ROOT, home=root)
    loaded = set(printed.splitlines()[-1].split())
    assert "mtcore.runs.workspace" in loaded
    for absent in ("tensorflow", "keras", "sklearn", "mtcore.runs.tasks"):
        assert absent not in loaded


def test_what_a_scheduler_unpacks_loads_no_run_store(tmp_path: Path) -> None:
    script = "import sys, mtcore.runs.cluster.errands; print(*sorted(sys.modules))"
    printed = fresh_python("-c", script, folder=ROOT, home=tmp_path)
    assert "mlflow" not in printed.splitlines()[-1].split()


def test_an_error_of_ours_comes_back_as_it_was(
    home: Home, empty_database: Path
) -> None:
    furnish(home, empty_database)
    with pytest.raises(MissingError, match="There is no run") as caught:
        answer_plainly("predict_records", ("nothing", [], str(home.root)))
    assert caught.value.where == "nothing"


def test_an_error_that_is_a_bug_comes_back_alone_with_a_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(task: TaskName, arguments: tuple[object, ...]) -> Mapping[str, object]:
        raise ZeroDivisionError((task, arguments))

    monkeypatch.setattr(errands, "run_errand", fail)
    with pytest.raises(RunError, match=r"ZeroDivisionError.*reference") as caught:
        answer_plainly("response", ())
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MissingError("There is no such thing."), "There is no such thing."),
        (MemoryError(), MEMORY),
        (OSError(28, "No space left on device"), DISK),
        (OSError(5, "Input/output error"), "Input/output error"),
        (type("ResourceExhaustedError", (Exception,), {})(), MEMORY),
        (KeyError("x"), BUG),
    ],
)
def test_a_failed_run_says_why_in_words(error: Exception, sentence: str) -> None:
    assert sentence in failure_sentence(error)
