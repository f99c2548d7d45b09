"""The code blocks of our documents, so that tests can run them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """One fenced block.

    Args:
        language: What stands behind the opening fence, such as "python".
        text: The lines between the fences.
        line: The line of the block's first line in its document, counted from 1.
    """

    language: str
    text: str
    line: int


def code_blocks(document: Path) -> tuple[CodeBlock, ...]:
    """Return the fenced blocks of a Markdown document in their order."""
    text = document.read_text(encoding="utf-8")
    return tuple(
        CodeBlock(
            language=found["language"],
            text=found["text"],
            line=text.count("\n", 0, found.start("text")) + 1,
        )
        for found in _FENCE.finditer(text)
    )
