"""The page about Sequential is run whole on the installed Keras."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.code_blocks import CodeBlock, code_blocks

PAGE = Path(__file__).parents[1] / "docs" / "why-not-sequential.md"


def wrong_claims(blocks: Sequence[CodeBlock]) -> list[str]:
    """Run the blocks in one namespace and return the claims that did not hold.

    Args:
        blocks: "python" blocks are executed, "pycon" blocks are claims to compare.
    """
    names: dict[str, object] = {}
    failures: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    for block in blocks:
        if block.language == "python":
            exec(compile(block.text, f"<{PAGE.name}:{block.line}>", "exec"), names)
            continue
        claims = doctest.DocTestParser().get_doctest(
            block.text, names, f"line {block.line}", PAGE.name, block.line
        )
        runner.run(claims, out=failures.append, clear_globs=False)
        names.update(claims.globs)
    return failures


@pytest.mark.engine
def test_every_block_of_the_page_runs_and_every_claim_holds() -> None:
    """The page's chains fail and its branched models train, as it says."""
    assert wrong_claims(code_blocks(PAGE)) == []


def test_a_false_claim_is_noticed() -> None:
    """Without this, the test above could pass without comparing anything."""
    false = CodeBlock(language="pycon", text=">>> 1 + 1\n3\n", line=1)
    assert "Expected:\n    3" in "".join(wrong_claims([false]))


def test_each_mistake_stands_beside_its_branched_equivalent() -> None:
    """Three chains, three branched models, in turn."""
    models = [
        name
        for block in code_blocks(PAGE)
        if block.language == "python"
        for name in ("chain", "branched")
        if f"{name} = keras." in block.text
    ]
    assert models == ["chain", "branched"] * 3
