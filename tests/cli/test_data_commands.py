"""`inspect` and `suggest`, and what is said when a file is no table."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from mtcore.cli.data_commands import take_apart
from mtcore.data.samples import write_sample
from mtcore.spec import load_experiment
from tests.cli.commands import run_apart, run_here
from tests.data.sheets import write_workbook

FIELDS = {"rows", "outcome", "dialect", "columns", "left_out", "warnings", "choices"}


@pytest.fixture(scope="module")
def sensors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample("sensors", tmp_path_factory.mktemp("sensors"))


@pytest.fixture
def semicolons(tmp_path: Path) -> Path:
    path = tmp_path / "semicolons.csv"
    rows = [f"{row},5;{row % 3};kind {row % 4};{row * 2},25" for row in range(1, 60)]
    path.write_text("\n".join(["a;b;c,d;y", *rows]), encoding="utf-8")
    return path


def test_inspect_prints_the_designs_object(sensors: Path) -> None:
    ended = run_here("inspect", sensors, "--json")
    assert ended.code == 0
    assert ended.errors == ""
    assert set(ended.object) == FIELDS
    assert ended.object["rows"] == 5_000
    assert ended.object["outcome"] == "import"
    assert ended.object["dialect"]["delimiter"] == ","
    assert ended.object["columns"][0].keys() == {
        "name", "kind", "reason", "missing", "distinct",
    }  # fmt: skip


def test_inspect_in_words_names_every_column(semicolons: Path) -> None:
    ended = run_here("inspect", semicolons)
    assert ended.code == 0
    assert "semicolons.csv: 59 rows, 4 columns" in ended.output
    assert "delimiter ';'" in ended.output
    assert "decimal mark ','" in ended.output
    for name in ("a", "b", "c,d", "y"):
        assert f"\n{name} " in ended.output


def test_reading_options_go_before_what_is_found(semicolons: Path) -> None:
    found = run_here("inspect", semicolons, "--json", "--header-line", 0).object
    assert found["dialect"]["header_line"] is None
    assert found["rows"] == 60
    tabs = run_here("inspect", semicolons, "--json", "--delimiter", "tab").object
    assert tabs["dialect"]["delimiter"] in ("\t", None)
    assert len(tabs["columns"]) == 1


def test_cells_of_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "steer.csv"
    rows = "\n".join(f"{row},x{row % 2}" for row in range(300))
    path.write_text(f"a,b\u202e\x9b31m\n{rows}\n", encoding="utf-8")
    ended = run_here("inspect", path)
    assert ended.code == 0
    assert "\u202e" not in ended.output
    assert "\x9b" not in ended.output


def test_suggest_writes_a_whole_experiment_with_its_reasons(
    sensors: Path, tmp_path: Path
) -> None:
    out = tmp_path / "e.yaml"
    ended = run_here("suggest", sensors, "--predict", "temperature,humidity",
                     "--name", "My sensors", "--out", out)  # fmt: skip
    assert ended.code == 0
    assert "Heads 'temperature' and 'humidity' are regressions" in ended.output
    asked = load_experiment(out)
    assert asked.name == "My sensors"
    assert [head.name for head in asked.heads] == ["temperature", "humidity"]
    assert len(asked.inputs or ()) == 10
    assert out.read_text(encoding="utf-8").startswith("# Heads 'temperature' and ")


def test_suggest_without_a_file_prints_the_yaml(sensors: Path) -> None:
    inputs = ("--inputs", "light_klux,rain_mm", "--inputs", "wind_m_s")
    ended = run_here("suggest", sensors, "--predict", "humidity", *inputs)
    assert ended.code == 0
    assert "heads:" in ended.output
    assert "temperature" not in ended.output


def test_a_name_with_a_comma_is_one_column(semicolons: Path) -> None:
    ended = run_here("suggest", semicolons, "--predict", "c,d", "--inputs", "a,y")
    assert ended.code == 0
    assert "name: c,d" in ended.output
    assert take_apart(["c,d,a"], ["c,d", "a"]) == ("c", "d", "a")


def test_markers_that_are_given_stand_in_the_suggestion(semicolons: Path) -> None:
    ended = run_here("suggest", semicolons, "--predict", "y", "--missing", "-200",
                     "--missing", "n.v.")  # fmt: skip
    assert ended.code == 0
    assert '"-200"' in ended.output.replace("'", '"')
    assert "n.v." in ended.output


def picture() -> bytes:
    header = b"\x00\x00\x00\x08\x00\x00\x00\x08\x08\x00\x00\x00\x00"
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n" + len(header).to_bytes(4, "big") + chunk
        + zlib.crc32(chunk).to_bytes(4, "big")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "empty"), (b"\n \n\n", "blank lines"), (picture(), "PNG")],
)
def test_what_is_no_table_is_refused_in_one_sentence(
    content: bytes, word: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    ended = run_here("inspect", path, "--json")
    assert ended.code == 2
    assert word in ended.sentence
    assert set(ended.object) == FIELDS
    assert ended.object["outcome"] == "reject"
    assert run_here("suggest", path, "--predict", "y").code == 2


def test_a_file_of_one_column_has_nothing_to_learn_from(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("y\n" + "\n".join(str(row * 1.5) for row in range(50)))
    ended = run_here("suggest", path, "--predict", "y")
    assert ended.code == 2
    assert "No input is left" in ended.sentence


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("inspect", "gone.csv"), "There is no file 'gone.csv'. Check its path."),
        (("inspect", "."), "The folder '.' must hold one table"),
        (("inspect", "{data}", "--encoding", "utf-9"), "'utf-9', which is not known"),
        (("inspect", "{data}", "--delimiter", "ab"), "must be one character"),
        (("inspect", "{data}", "--header-line", "-1"), "--header-line is -1"),
        (("inspect", "{data}", "--decimal", "x"), "choose from"),
        (("inspect",), "'python -m mtcore inspect --help' lists"),
        (("exports", "r"), "choose from"),
        ((), "COMMAND"),
        (("suggest", "{data}", "--predict", "temperatur"), "'temperature'"),
        (("suggest", "{data}", "--predict", "humidity", "--out", "no/such/e.yaml"),
         "can't be written"),
        (("train", "gone.yaml", "--data", "{data}"), "'gone.yaml' cannot be read"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said_in_one_sentence(
    arguments: tuple[str, ...], words: str, sensors: Path
) -> None:
    ended = run_here(*(part.format(data=sensors) for part in arguments))
    assert ended.code == 2
    assert words in ended.sentence
    assert ended.output == ""


def test_help_lists_every_command() -> None:
    ended = run_here("--help")
    assert ended.code == 0
    for command in ("inspect", "suggest", "train", "evaluate", "predict", "export"):
        assert f"\n    {command} " in ended.output
    assert "\n    runs " in ended.output


def test_a_bug_ends_in_a_sentence_and_its_trace_in_the_log(
    sensors: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import mtcore.data.profile.profile as profile\n"
        "def fail(*_): raise ZeroDivisionError('oops')\n"
        "profile.profile_table = fail\n"
    )
    ended = run_apart("inspect", sensors, home=home, path=tmp_path)
    assert ended.code == 1
    assert "Something went wrong that is not your doing" in ended.sentence
    (log,) = (home / "logs").iterdir()
    assert "ZeroDivisionError: oops" in log.read_text(encoding="utf-8")


def test_inspecting_keeps_nothing(sensors: Path, tmp_path: Path) -> None:
    ended = run_apart("inspect", sensors, home=tmp_path / "home")
    assert ended.code == 0
    assert ended.errors == ""
    assert not (tmp_path / "home").exists()


def test_a_sheet_that_was_asked_for_stays_in_the_experiment(tmp_path: Path) -> None:
    loads = [["x", "y"], *([row, row * 2.5] for row in range(30))]
    sheets = {"Notes": [["about", "who"], ["loads", "us"]], "Loads": loads}
    path = write_workbook(tmp_path / "book.xlsx", sheets)
    found = run_here("inspect", path, "--json").object
    assert found["dialect"]["sheet"] == "Notes"
    assert [c["others"] for c in found["choices"] if c["about"] == "sheet"] == [
        ["Loads"]
    ]
    out = tmp_path / "book.yaml"
    ended = run_here(
        "suggest", path, "--sheet", "Loads", "--predict", "y", "--out", out
    )
    assert ended.code == 0
    reading = load_experiment(out).reading
    assert reading is not None
    assert reading.sheet == "Loads"
    assert run_here("inspect", path, "--sheet", "None").code == 2
