"""YAML without its surprises, in and out."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

from mtcore.errors import ExperimentError


def parse_yaml(text: str) -> object:
    """Return what a YAML or JSON text holds, as plain data.

    `yes`, `no` and dates stay texts, no key may come twice, and aliases are refused,
    as a few lines of them can stand for gigabytes.

    Raises:
        ExperimentError: With the line that cannot be read.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}: " if mark is not None else ""
        msg = f"This is not readable YAML: {line}{error.problem}. Correct it there."
        raise ExperimentError(msg) from error
    except yaml.YAMLError as error:
        msg = "This is not readable YAML: it holds characters that no text has."
        raise ExperimentError(msg) from error


def write_yaml(plain: object) -> str:
    """Return plain data as YAML, lists of scalars on one line."""
    return yaml.dump(
        plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )


class _Loader(yaml.SafeLoader):
    """Safe YAML in which words stay words."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            msg = "an experiment has no aliases"
            raise yaml.composer.ComposerError(problem=msg)
        return super().compose_node(parent, index)

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                msg = f"'{key.value}' is given twice"
                raise yaml.constructor.ConstructorError(
                    problem=msg, problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag.rpartition(":")[2] in ("null", "int", "float")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false|True|False)$"), list("tfTF")
)


class _Dumper(yaml.SafeDumper):
    """YAML with indented lists."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, indentless=False)


def _represent_list(dumper: yaml.SafeDumper, entries: list[Any]) -> yaml.Node:
    scalars = not any(isinstance(entry, dict | list) for entry in entries)
    return dumper.represent_sequence(
        "tag:yaml.org,2002:seq", entries, flow_style=scalars
    )


_Dumper.add_representer(list, _represent_list)
