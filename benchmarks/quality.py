"""How good the models are that `suggest` proposes, beside scikit-learn's.

    python benchmarks/quality.py DATA_FOLDER [--json] [--quick] [--only NAME]

Multi-target files: relative root mean squared error (the root of a target's squared
error over that of the training rows' mean), averaged over targets and ten fixed folds.
"suggested" is what `suggest` proposes: networks in turns, blended with trees. "turns"
is that without the trees, "network" a single network, "seeds" the mean of five. It must
be within 5 % of the best peer, or one standard error of the paired difference over the
folds where that is more, and not the worst. The other tables are judged once, on their
test rows, and must reach the floors shown. Exits with 1 where something is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.judging.cases import MIXED, MULTI_TARGET, mixed_case, multi_target_case
from benchmarks.judging.folds import FOLDS, FoldsResult, run_folds
from benchmarks.judging.peers import PEERS
from benchmarks.judging.tables import MixedResult, run_mixed

QUICK_FOLDS = 2


def _table(folds: list[FoldsResult], mixed: list[MixedResult]) -> Iterator[str]:
    """Yield Markdown: one table for the files in folds, one for the others."""
    if folds:
        models = list(folds[0].errors)
        yield _line("file", *models, "allowed", "train, s a fold", "")
        yield _line(*["---"] * (len(models) + 4))
        for found in folds:
            shown = [f"{found.errors[model]:.3f}" for model in models]
            verdict = "MISSED" if found.failures else "ok"
            yield _line(
                found.name, *shown, f"{found.allowed:.3f}", f"{found.seconds:.1f}",
                verdict,
            )  # fmt: skip
        yield ""
    if mixed:
        models = ["suggested", "network", *PEERS]
        yield _line(
            "table", "head", "metric", *models, "floor", "trees", "train, s", ""
        )
        yield _line(*["---"] * (len(models) + 7))
        for result in mixed:
            for head, scores in result.scores.items():
                yield _mixed_line(result, head, scores, models)


def _mixed_line(
    result: MixedResult, head: str, scores: Mapping[str, float], models: list[str]
) -> str:
    floor = result.floors.get(head)
    shown = [f"{scores[m]:.3f}" if m in scores else "-" for m in models]
    verdict = ("ok" if scores["suggested"] >= floor else "MISSED") if floor else ""
    trees = result.trees.get(head)
    return _line(
        result.name, head, result.metrics[head], *shown, floor or "-",
        "-" if trees is None else f"{trees:.1f}", f"{result.seconds:.1f}", verdict,
    )  # fmt: skip


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 where something is missed.

    Args:
        arguments: As on the command line.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder of data sets")
    parser.add_argument("--json", action="store_true", help="print one object")
    parser.add_argument(
        "--quick", action="store_true", help="two folds, without the large table"
    )
    names = [*MULTI_TARGET, *MIXED]
    parser.add_argument("--only", choices=names, action="append", metavar="NAME")
    given = parser.parse_args(arguments)
    begun = time.monotonic()
    chosen = given.only or [n for n in names if not (given.quick and n == "gen_large")]
    folds = [
        run_folds(
            multi_target_case(given.folder, name),
            name,
            QUICK_FOLDS if given.quick else FOLDS,
        )
        for name in chosen
        if name in MULTI_TARGET
    ]
    mixed = [
        run_mixed(mixed_case(given.folder, name), name)
        for name in chosen
        if name in MIXED
    ]
    failures = [failure for result in (*folds, *mixed) for failure in result.failures]
    if given.json:
        shown: dict[str, Any] = {
            "folds": [asdict(result) for result in folds],
            "mixed": [asdict(result) for result in mixed],
            "failures": failures,
            "seconds": time.monotonic() - begun,
        }
        print(json.dumps(shown))
    else:
        print("\n".join(_table(folds, mixed)))
        print(f"\n{time.monotonic() - begun:.0f} s. ", *failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
