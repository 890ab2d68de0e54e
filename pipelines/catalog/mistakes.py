"""What is wrong with an entry and what to do about it, in Chinese and English, on the line of its file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from pipelines.catalog.nodes import Where
from pipelines.catalog.said import CHECKS, EXAMPLES, MODEL, PYTHON_SAYS, WRITTEN, Said
from pipelines.errors import Mistake


class Wrong(NamedTuple):
    """A mistake in an entry ('forms/monthly') at the part that `where` leads to; the line is found later."""

    entry: str
    where: Where
    what: str  # a key of `said.CHECKS`
    words: Mapping[str, object]


def wrong(entry: str, where: Where, what: str, /, **words: object) -> Wrong:
    """A mistake with the words that its text needs."""
    return Wrong(entry, where, what, words)


def mistake(file: object, line: int, what: str, name: str = "", /, **words: object) -> Mistake:
    """The text of a mistake at its place; `name`: the entry or the part of it."""
    said = CHECKS[what]
    zh, en, remedy_zh, remedy_en = (text.format(**words) for text in said)
    before = (f"{name}:", f"{name}: ") if name else ("", "")
    return Mistake(str(file), line, before[0] + zh, before[1] + en, remedy_zh, remedy_en)


def told(found: Mapping[str, Any], model: Any, codes: Mapping[str, str]) -> Said:
    """One of Pydantic's mistakes for people.

    Args:
        found: the mistake as Pydantic gives it.
        model: the type of the whole entry.
        codes: codes of the catalog by their Chinese names, as people write a name where a code belongs.
    """
    said = MODEL.get(found["type"], Said(found["msg"], found["msg"], "改正这一处", "mend it"))
    value, field = found.get("input"), str(found["loc"][-1]) if found["loc"] else ""
    context = {name: str(part) for name, part in found.get("ctx", {}).items()}
    example = EXAMPLES.get(field, "")
    words = {
        "value": value, **context, **_choices(found, context, model, codes),
        "example_zh": f",如 {example}" if example else "", "example_en": f", e.g. {example}" if example else "",
    }  # fmt: skip
    shown = isinstance(value, str | int | float) and found["type"] not in ("missing", "extra_forbidden")
    before = f"{value!r} " if shown else ""
    zh, en, remedy_zh, remedy_en = (text.format(**words) for text in said)
    return Said(before + zh, before + en, remedy_zh, remedy_en)


def _choices(found: Mapping[str, Any], context: dict[str, str], model: Any, codes: Mapping[str, str]) -> dict[str, str]:
    """The values or fields that could stand there, and the one that was probably meant."""
    meant, kind = str(context.get("tag", found.get("input"))), found["type"]
    if kind == "value_error":
        zh, _, en = PYTHON_SAYS.get(context["error"], context["error"]).partition(" / ")
        return {"zh": zh, "en": en or zh}
    if kind == "extra_forbidden":
        meant, known = str(found["loc"][-1]), fields_at(model, found["loc"][:-1])
    else:
        known = re.findall(r"'([^']*)'", context.get("expected", "") or context.get("expected_tags", ""))
    near = codes.get(meant) or next(iter(get_close_matches(meant, known, 1)), "")
    pattern = context.get("pattern", "")
    written_zh, written_en = WRITTEN.get(pattern, (pattern, pattern))
    return {
        "zh": "、".join(known), "en": ", ".join(known), "written_zh": written_zh, "written_en": written_en,
        "near_zh": f";是不是 {near}?" if near else "", "near_en": f"; did you mean {near}?" if near else "",
        "field_zh": f"是不是 {near}?" if near else "", "field_en": f"did you mean {near}? " if near else "",
    }  # fmt: skip


def fields_at(model: Any, steps: Iterable[Any]) -> list[str]:
    """The fields of the model that a way through an entry leads to.

    >>> from pipelines.catalog.models import Unit
    >>> fields_at(Unit, ())
    ['zh', 'en', 'labels', 'counts']
    """
    here = _models(model)
    for step in steps:
        below = [
            found for one in here if step in one.model_fields for found in _models(one.model_fields[step].annotation)
        ]
        tagged = [
            one for one in here if "kind" in one.model_fields and step in get_args(one.model_fields["kind"].annotation)
        ]
        here = below or tagged or here
    return list(dict.fromkeys(name for one in here for name in one.model_fields))


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models that a type is made of: itself, or those inside a tuple, a mapping, a union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models(part)]


def meant_by(name: str, known: Mapping[str, str]) -> tuple[str, str]:
    """A question in both languages whether a known code was meant; '' where none is near.

    Args:
        name: what was written: a code, or the Chinese name of one.
        known: the Chinese names by their codes.
    """
    by_name = {zh: code for code, zh in known.items() if zh}
    near = by_name.get(name, "")
    if not near and not name.isdigit():  # of numbers any other one is near
        near = next(iter(get_close_matches(name, known, 1, 0.75)), "")
        near = near or by_name.get(next(iter(get_close_matches(name, by_name, 1, 0.75)), ""), "")
    called_zh, called_en = (f"({known[near]})", f" ({known[near]})") if known.get(near) else ("", "")
    return (f"是不是 {near}{called_zh}?", f"did you mean {near}{called_en}? ") if near else ("", "")
