"""What can be asked for on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from mtcore.cli.boundary import Command
from mtcore.cli.data_commands import inspect_data, suggest
from mtcore.cli.exporting import export
from mtcore.cli.reading_options import add_reading_options
from mtcore.cli.run_commands import evaluate, list_runs, predict
from mtcore.cli.studies import sweep, twins
from mtcore.cli.text import safe
from mtcore.cli.training import train
from mtcore.runs.store.exports import EXPORTS
from mtcore.runs.store.study import MOST_POINTS, MOST_SEEDS
from mtcore.spec.intervals import LEVELS

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction["_Parser"]


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, not in a page of usage."""

    def error(self, message: str) -> NoReturn:
        plain = safe(message[:1].upper() + message[1:])
        self.exit(2, f"{plain}. '{self.prog} --help' lists what can be given.\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; what it parses has the command to run as `command`."""
    parser = _Parser(
        prog="python -m mtcore",
        description="Train and question branched models with several outputs.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_inspect, _add_suggest, _add_train, _add_evaluate, _add_predict):
        add(commands)
    _add_twins(commands)
    _add_sweep(commands)
    _add_export(commands)
    _add_json(_add_command(commands, "runs", list_runs, "list the runs"))
    return parser


def _add_inspect(commands: _Commands) -> None:
    parser = _add_command(commands, "inspect", inspect_data, "tell what is in a file")
    _add_file(parser)
    _add_json(parser)
    add_reading_options(parser)


def _add_suggest(commands: _Commands) -> None:
    parser = _add_command(
        commands, "suggest", suggest, "write an experiment that fits a file"
    )
    _add_file(parser)
    parser.add_argument(
        "--predict",
        action="append",
        required=True,
        metavar="COLUMN",
        help="a column to predict; repeat for several, each becomes a head",
    )
    parser.add_argument(
        "--inputs",
        action="append",
        metavar="COLUMN",
        help="an input column; repeat for several (default: every other of use)",
    )
    parser.add_argument("--name", help="what to call the experiment")
    parser.add_argument("--out", metavar="FILE", help="where to write it")
    add_reading_options(parser)


def _add_train(commands: _Commands) -> None:
    parser = _add_command(commands, "train", train, "train a model")
    parser.add_argument(
        "experiment", metavar="EXPERIMENT", help="a YAML file, such as suggest writes"
    )
    parser.add_argument("--data", required=True, metavar="DATA", help="the file")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        dest="settings",
        help="change a field, such as heads.cooling.weight=2; repeat for several",
    )
    _add_json(parser)
    add_reading_options(parser)


def _add_evaluate(commands: _Commands) -> None:
    parser = _add_command(
        commands, "evaluate", evaluate, "judge a run's model on other rows"
    )
    _add_run(parser)
    parser.add_argument("--data", required=True, metavar="DATA", help="the rows")
    _add_json(parser)
    add_reading_options(parser)


def _add_predict(commands: _Commands) -> None:
    parser = _add_command(
        commands, "predict", predict, "write a model's answers for a file"
    )
    _add_run(parser)
    parser.add_argument("--data", required=True, metavar="DATA", help="the rows")
    parser.add_argument(
        "--out", required=True, metavar="FILE", help="the CSV file to write"
    )
    parser.add_argument(
        "--intervals",
        nargs="?",
        type=float,
        const=0.9,
        choices=LEVELS,
        metavar="LEVEL",
        help="add ranges of numbers and sets of classes that hold the truth in this "
        "share of rows: 0.8, 0.9 (the default) or 0.95",
    )
    parser.add_argument(
        "--joint",
        action="store_true",
        help="with --intervals: those of all heads hold together in that share",
    )
    add_reading_options(parser)


def _add_twins(commands: _Commands) -> None:
    parser = _add_command(
        commands, "twins", twins, "train each head of a run alone: did sharing help?"
    )
    _add_run(parser)
    parser.add_argument(
        "--seeds", type=_count(1, MOST_SEEDS), default=3, metavar="N",
        help="networks of each (default: 3)",
    )  # fmt: skip
    _add_json(parser)


def _add_sweep(commands: _Commands) -> None:
    parser = _add_command(
        commands, "sweep", sweep, "train a run with many weightings of its heads"
    )
    _add_run(parser)
    parser.add_argument(
        "--points", type=_count(2, MOST_POINTS), default=16, metavar="N",
        help="weightings, the run's own among them (default: 16)",
    )  # fmt: skip
    parser.add_argument(
        "--search", type=_count(0, MOST_POINTS), default=0, metavar="N",
        help="further weightings, chosen by what was found (default: 0)",
    )  # fmt: skip
    _add_json(parser)


def _count(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number in a range."""

    def read(text: str) -> int:
        if not text.isdigit() or not least <= int(text) <= most:
            msg = f"'{text}' is no whole number from {least} to {most}"
            raise argparse.ArgumentTypeError(msg)
        return int(text)

    return read


def _add_export(commands: _Commands) -> None:
    parser = _add_command(
        commands, "export", export, "write a run's model for others to use"
    )
    _add_run(parser)
    parser.add_argument("--to", required=True, choices=tuple(EXPORTS), help="what")
    parser.add_argument("--out", required=True, metavar="PATH", help="where to write")


def _add_command(
    commands: _Commands, name: str, command: Command, says: str
) -> argparse.ArgumentParser:
    """Return the parser of one command.

    Args:
        commands: All commands, to which it is added.
        name: What people type.
        command: What runs then.
        says: What it does, for the list of commands.
    """
    parser = commands.add_parser(name, help=says, allow_abbrev=False)
    parser.set_defaults(command=command)
    return parser


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "data", metavar="DATA", help="a CSV, TSV, Excel or Parquet file"
    )


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="a run's id")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
