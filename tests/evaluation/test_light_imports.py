"""What the server's process draws and judges with, it can load lightly."""

from __future__ import annotations

import json
import pkgutil
from pathlib import Path

import mtcore.charts
import mtcore.evaluation
import mtcore.whatif
from tests.fresh_python import fresh_python

IMPORT_AND_LIST = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""


def test_reports_charts_and_questions_load_neither_tensorflow_nor_scikit_learn(
    tmp_path: Path,
) -> None:
    names = [
        module.name
        for package in (mtcore.charts, mtcore.evaluation, mtcore.whatif)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    root = Path(__file__).parents[2]
    printed = fresh_python("-c", IMPORT_AND_LIST, *names, folder=root, home=tmp_path)
    loaded = set(json.loads(printed.splitlines()[-1]))
    assert set(names) <= loaded
    assert not loaded & {"tensorflow", "keras", "sklearn", "scipy", "streamlit"}
