"""What is declared, what is imported, and what is pinned say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.source_code import ROOT, imports_of, source_files

RUN, DEV = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"

# Packages of ours; some distributions bring a folder of the same name.
OURS = frozenset({"tests"})

# Needed by name though no line of ours imports them, and why.
NOT_IMPORTED = {
    "pandas-stubs": "read by mypy",
    "types-pyyaml": "read by mypy",
    "types-psutil": "read by mypy",
    "pytest-cov": "loaded by pytest",
    "pytest-timeout": "loaded by pytest",
    "pytest-xdist": "loaded by pytest",
    "ruff": "a command",
    "mypy": "a command",
    "tf2onnx": "loaded by Keras",
}


def requirement_lines(path: Path) -> Iterator[tuple[Requirement, str]]:
    """Yield each requirement of a list with the comment beside it."""
    for line in path.read_text("utf-8").splitlines():
        text, _, reason = line.partition("#")
        if text.strip() and not text.startswith("-"):
            yield Requirement(text.strip()), reason.strip()


def declared(*paths: Path) -> set[str]:
    """Return the canonical names that the lists declare."""
    return {
        canonicalize_name(requirement.name)
        for path in paths
        for requirement, _ in requirement_lines(path)
    }


def imported_distributions(*folders: str) -> set[str]:
    """Return the canonical names of the distributions that our source imports."""
    owners = metadata.packages_distributions()
    found = {
        owner
        for path in source_files(*folders)
        for name in imports_of(path.read_text("utf-8"))
        if name.split(".")[0] not in OURS
        for owner in owners.get(name.split(".")[0], [])
    }
    # mlflow is one import name of several distributions that come together.
    return {
        "mlflow" if name.startswith("mlflow") else canonicalize_name(name)
        for name in found
    }


@pytest.mark.parametrize("path", [RUN, DEV], ids=lambda path: path.name)
def test_every_upper_bound_has_a_reason_beside_it(path: Path) -> None:
    for requirement, reason in requirement_lines(path):
        operators = {part.operator for part in requirement.specifier}
        assert operators == {">=", "<"}, f"{requirement} is no range"
        assert len(reason.split()) >= 3, f"{requirement} does not say why"


def test_the_pinned_versions_lie_in_the_ranges() -> None:
    pinned = dict(
        re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.M)
    )
    versions = {canonicalize_name(name): found for name, found in pinned.items()}
    for path in (RUN, DEV):
        for requirement, _ in requirement_lines(path):
            version = versions[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"{requirement}: {version}"


def test_what_the_dashboard_imports_is_declared() -> None:
    assert imported_distributions("mtcore", "pages") - declared(RUN) == set()


def test_what_is_declared_is_used() -> None:
    folders = ("mtcore", "pages", "tests", "benchmarks")
    unused = declared(RUN, DEV) - imported_distributions(*folders)
    assert unused == set(NOT_IMPORTED)
