"""What the documents say is run, linked and as short as promised."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

import pytest

from mtcore.spec import Head
from mtcore.spec.heads.base import HeadBase
from tests.cli.commands import run_here
from tests.code_blocks import code_blocks
from tests.tables import write_building_loads

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MOST_LINES = {"README.md": 120, "CONTRIBUTING.md": 50, "ARCHITECTURE.md": 80}
HALF_A_PAGE = 30
# A kind of head in the README: `kind`, what it predicts, output, losses, metrics.
ROW = re.compile(r"^\| `(?P<kind>\w+)` \|.*\| (?P<output>\w+) \|(?P<rest>.*)\|$", re.M)


def head_kinds() -> tuple[type[HeadBase], ...]:
    """Return the classes of the union `Head`, without the discriminator."""
    union = get_args(Head)[0] if get_args(Head) else Head
    return get_args(union)


@pytest.mark.parametrize("name", sorted(MOST_LINES))
def test_a_document_is_as_short_as_promised(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= MOST_LINES[name]


def test_a_decision_takes_half_a_page() -> None:
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert len(path.read_text("utf-8").splitlines()) <= HALF_A_PAGE, path.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8"))
    local = [target for target in targets if "://" not in target]
    missing = [name for name in local if not (path.parent / name).exists()]
    assert missing == []


def test_every_kind_of_head_has_a_true_row_in_the_readme() -> None:
    rows = {row["kind"]: row for row in ROW.finditer(README.read_text("utf-8"))}
    kinds = {kind.model_fields["kind"].default: kind for kind in head_kinds()}
    assert set(rows) == set(kinds)
    for name, kind in kinds.items():
        assert rows[name]["output"] == kind.activation
        losses, metrics = rows[name]["rest"].split("|")
        assert tuple(re.findall(r"`(\w+)`", losses)) == kind.losses
        assert tuple(re.findall(r"`(\w+)`", metrics)) == kind.available_metrics


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = [block for block in code_blocks(README) if block.language == "python"]
    assert blocks
    for block in blocks:
        exec(compile(block.text, f"<README.md:{block.line}>", "exec"), {})
    assert "cooling" in capsys.readouterr().out


def readme_commands() -> list[list[str]]:
    """Return the README's `python -m mtcore` lines, each as its words."""
    return [
        shlex.split(line, comments=True)
        for block in code_blocks(README)
        for line in block.text.splitlines()
        if line.startswith("python -m mtcore")
    ]


@pytest.mark.engine
# What MLflow and Keras ask of their own libraries.
@pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept")
def test_the_commands_of_the_readme_run_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_building_loads(tmp_path, rows=200)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRANCHBOARD_HOME", str(tmp_path / "home"))
    run = "none yet"
    done = []
    for command in readme_commands():
        words = [run if word == "RUN" else word for word in command]
        if words[3] == "train":
            quick = ("training.epochs=2", "training.seeds=2")
            words += [*(part for setting in quick for part in ("--set", setting))]
            words += ["--json"]
        ended = run_here(*words[3:])
        assert ended.code == 0, ended.errors
        if words[3] == "train":
            run = ended.object["run"]
        done.append(words[3])
    assert done == ["inspect", "suggest", "train", "runs", "predict", "export"]
    assert len((tmp_path / "predicted.csv").read_text("utf-8").splitlines()) == 201
