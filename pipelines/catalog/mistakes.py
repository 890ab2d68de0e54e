"""What is wrong with an entry, in Chinese and English, and on which line of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

TEXTS = {
    "missing": ("缺少这一栏", "this field is missing; add it"),
    "extra_forbidden": ("没有这一栏", "there is no such field; remove it or mend its name"),
    "literal_error": ("应为 {expected} 之一", "must be one of {expected}"),
    "string_pattern_mismatch": ("写法不对,应合 {pattern}", "is not written as {pattern}"),
    "string_type": ("应为文字", "must be text; put it between quotes"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "int_type": ("应为整数", "must be a whole number"),
    "int_from_float": ("应为整数", "must be a whole number"),
    "decimal_parsing": ("应为数", "must be a number"),
    "decimal_type": ("应为数", "must be a number"),
    "tuple_type": ("应为列表 […]", "must be a list […]"),
    "dict_type": ("应为映射 {{…}}", "must be a mapping {{…}}"),
    "model_type": ("应为映射 {{…}}", "must be a mapping {{…}}"),
    "date_from_datetime_parsing": ("应为日期,如 2014-01-01", "must be a date as 2014-01-01"),
    "date_type": ("应为日期,如 2014-01-01", "must be a date as 2014-01-01"),
    "date_parsing": ("应为日期,如 2014-01-01", "must be a date as 2014-01-01"),
    "greater_than_equal": ("不得小于 {ge}", "must be at least {ge}"),
    "less_than_equal": ("不得大于 {le}", "must be at most {le}"),
    "union_tag_invalid": (
        "没有这一种,应为 {expected_tags} 之一",
        "there is no such kind; must be one of {expected_tags}",
    ),
    "union_tag_not_found": ("没有写 kind", "has no kind"),
    "value_error": ("{error}", "{error}"),
}


def told(code: str, wrong: Mapping[str, Any]) -> str:
    """One of Pydantic's mistakes for people: where in the entry, what it holds, what is expected."""
    zh, en = TEXTS.get(wrong["type"], (wrong["msg"], wrong["msg"]))
    context = {name: str(value) for name, value in wrong.get("ctx", {}).items()}
    words = " / ".join(dict.fromkeys(text.format(**context) for text in (zh, en)))
    place = ".".join([code, *map(str, wrong["loc"])])
    value = wrong.get("input")
    shown = f" {value!r}" if isinstance(value, str | int | float | bool) and wrong["type"] != "missing" else ""
    return f"{place}:{shown} {words}"


def line_of(key: yaml.Node, value: yaml.Node, where: tuple[Any, ...]) -> int:
    """The line (from 1) of the part of an entry that `where` leads to, as far as it is there."""
    line, node = key.start_mark.line, value
    for step in where:
        found = _child(node, step)
        if found is None:
            continue  # a field that is missing, or the name of a rule's kind
        line, node = found
    return int(line) + 1


def _child(node: yaml.Node, step: Any) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if str(key.value) == str(step):
                return key.start_mark.line, value
    return None
