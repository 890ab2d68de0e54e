"""YAML as plain values and as nodes that know their lines; much quicker than the library's own Python half.

The library takes the last of two equal keys without a word; here the second one is a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

STR, MAP, SEQ = (f"tag:yaml.org,2002:{name}" for name in ("str", "map", "seq"))
PLAIN = {f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null", "timestamp")}
Where = tuple[Any, ...]  # the way to a part of an entry: keys and numbers


class _Loader(yaml.CSafeLoader):
    """Remembers what a scalar without quotes is taken for."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            return _tag(value) if implicit[0] else STR
        return MAP if kind is yaml.MappingNode else SEQ


@cache
def _tag(value: str) -> str:
    return str(yaml.resolver.Resolver().resolve(yaml.ScalarNode, value, (True, False)))  # type: ignore[no-untyped-call]


def compose(text: str) -> yaml.Node | None:
    """The tree of a YAML text; None for an empty one.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node


def value_of(node: yaml.Node) -> Any:
    """The plain value of a node. A day that there is not (2014-02-30) stays text: the model says what is wrong."""
    if node.tag == STR:
        return node.value
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): value_of(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [value_of(child) for child in node.value]
    if node.tag not in PLAIN:
        return node.value
    try:
        return _constructor.construct_object(node)
    except ValueError:
        return node.value


_constructor = yaml.constructor.SafeConstructor()


def repeated_keys(node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Every key of a mapping inside the node that has stood before, with the key that it repeats."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if str(key.value) in seen:
                yield key, seen[str(key.value)]
            seen.setdefault(str(key.value), key)
            yield from repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from repeated_keys(child)


def line_of(key: yaml.Node, value: yaml.Node, where: Where) -> int:
    """The line (from 1) of the part of an entry that `where` leads to, as far as it is there."""
    return int(part_of(key, value, where)[0]) + 1


def part_of(key: yaml.Node, value: yaml.Node, where: Where) -> tuple[int, Where]:
    """The line (from 0) of a part, and the way to it without the steps that are not in the file."""
    line, node, way = key.start_mark.line, value, []
    for step in where:
        found = _child(node, step)
        if found is not None:  # else: a field that is missing, or the name of a rule's kind
            line, node = found
            way.append(step)
    return line, tuple(way)


def _child(node: yaml.Node, step: Any) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if str(key.value) == str(step):
                return key.start_mark.line, value
    return None
