"""What the catalog holds, searched in Chinese, in pinyin or in English."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pipelines.catalog.check import name_of
from pipelines.catalog.kinds import KINDS
from pipelines.catalog.org_file import places_of
from pipelines.catalog.orgs import Register
from pipelines.catalog.wording import UNIT_SIGNS, Words, formula

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import ControlValue, RosterEntry, Target


@dataclass(frozen=True)
class Entry:
    """An entry of the catalog for people: its kind, code and names, where it stands, its formulas.

    `also`: other texts by which it is found (printed labels, numbers of documents, codes of a list).
    """

    kind: str
    code: str
    zh: str
    en: str
    place: str
    formulas: tuple[tuple[str, Words], ...] = ()
    also: tuple[str, ...] = ()


def find(catalog: Catalog, words: Iterable[str] = (), kinds: Iterable[str] = ()) -> list[Entry]:
    """The entries in which every word is found, the nearest first; all of them where there is no word.

    A word is Chinese, or pinyin (whole syllables, initials or both, without tones and blanks), or English.
    """
    asked = [word.casefold() for word in words]
    ranked = []
    for number, entry in enumerate(entries(catalog, tuple(kinds) or tuple(KINDS))):
        ranks = [_rank(entry, word) for word in asked]
        if all(rank is not None for rank in ranks):
            ranked.append((sum(filter(None, ranks)), number, entry))
    return [entry for _, _, entry in sorted(ranked, key=lambda found: found[:2])]


def entries(catalog: Catalog, kinds: Iterable[str]) -> Iterator[Entry]:
    """Every entry of the kinds, by kind and code."""
    labels = _labels(catalog)
    for kind in kinds:
        folder = KINDS[kind][0]
        orgs = places_of(catalog.orgs) if kind == "org" and isinstance(catalog.orgs, Register) else {}
        for code, found in sorted(getattr(catalog, folder).items()):
            zh, en, also = _told(catalog, kind, found)
            place = orgs.get(code) or catalog.places.get(f"{folder}/{code}", "")
            called = labels.get((kind, code), ())
            formulas = tuple(_formulas(catalog, found)) if kind == "indicator" else ()
            yield Entry(kind, code, zh, en, place, formulas, (*also, *called))


def _labels(catalog: Catalog) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Under which labels elements and indicators are printed."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for form in catalog.forms.values():
        for item in form.items:
            found["element", item.element].update(dict.fromkeys(item.labels))
        for claim in form.claims:
            found["indicator", claim.indicator].update(dict.fromkeys(claim.labels))
    return {key: tuple(labels) for key, labels in found.items()}


def _formulas(catalog: Catalog, indicator: Any) -> Iterator[tuple[str, Words]]:
    for edition in indicator.editions:
        yield f"{edition.standard} {edition.edition}", formula(catalog, indicator, edition)


def _told(catalog: Catalog, kind: str, found: Any) -> tuple[str, str, tuple[str, ...]]:
    """The names of an entry, and what else it is found by."""
    tell = TELL.get(kind)
    return tell(catalog, found) if tell else (name_of(found), getattr(found, "en", ""), ())


def _target(catalog: Catalog, found: Target) -> tuple[str, str, tuple[str, ...]]:
    indicator, unit = catalog.indicators[found.indicator], UNIT_SIGNS[found.unit]
    scope = catalog.orgs[found.scope].name if found.scope in catalog.orgs else found.scope
    value = f"{found.comparator} {found.value.normalize():f}"
    years = f"{found.valid_from} – {found.valid_to}"
    return (
        f"{scope}{'' if not scope else ' '}{indicator.zh} {value}{unit.zh}({years})",
        f"{scope}{'' if not scope else ' '}{indicator.en} {value}{unit.en} ({years})",
        (found.zh, found.indicator),
    )


def _control(catalog: Catalog, found: ControlValue) -> tuple[str, str, tuple[str, ...]]:
    indicator, unit = catalog.indicators[found.indicator], UNIT_SIGNS[found.unit]
    scope = catalog.orgs[found.scope].name if found.scope in catalog.orgs else found.scope
    value = f"{found.value.normalize():f}"
    return (
        f"{scope or '全国'} {indicator.zh} {value}{unit.zh}({found.period})",
        f"{scope or 'the nation'} {indicator.en} {value}{unit.en} ({found.period})",
        (found.indicator,),
    )


def _roster(catalog: Catalog, found: RosterEntry) -> tuple[str, str, tuple[str, ...]]:
    form = catalog.forms[found.form]
    who = catalog.orgs[found.unit].name if found.unit else f"{found.scope} {found.level}".strip()
    when = ", ".join(found.periods) or f"{found.valid_from} – {found.valid_to}"
    return f"{form.zh}:{who}({when})", f"{form.en}: {who} ({when})", (found.form,)


TELL: dict[str, Callable[[Catalog, Any], tuple[str, str, tuple[str, ...]]]] = {
    "target": _target,
    "control": _control,
    "roster": _roster,
    "document": lambda _, document: (
        " ".join(filter(None, (document.title, document.number))), "", (document.number, document.issuer)
    ),
    "org": lambda _, org: (org.name, "", org.aliases),
    "unit": lambda _, unit: (unit.zh, unit.en, unit.labels),
    "codes": lambda _, codes: (
        codes.zh, codes.en, tuple(text for code in codes.codes.values() for text in (code.zh, code.en))
    ),
}  # fmt: skip


def _rank(entry: Entry, word: str) -> int | None:
    """How near an entry is to a word: 0 is itself, greater is further; None: not at all."""
    names = (entry.code, entry.zh.casefold(), entry.en.casefold())
    if word in names:
        return 0
    if any(name.startswith(word) for name in names) or any(word == text.casefold() for text in entry.also):
        return 1
    if any(word in name for name in names):
        return 2
    if any(word in text.casefold() for text in entry.also):
        return 3
    if not re.fullmatch(r"[a-z0-9-]+", word):
        return None
    return 4 if sounds_like(word, entry.zh) else None


def sounds_like(word: str, name: str) -> bool:
    """Whether some part of a Chinese name is read as the word: syllables or their initials, the last one begun.

    >>> [sounds_like(word, "孕产妇系统管理率") for word in ("yunchanfu", "xtgl", "xitgll", "guanl", "guanx")]
    [True, True, True, True, False]
    """
    signs = [sign for sign in name.casefold() if sign.isalnum()]
    return any(_read(word, signs, start) for start in range(len(signs)))


def _read(word: str, signs: list[str], at: int) -> bool:
    if not word:
        return True
    if at == len(signs):
        return False
    for sound in _sounds(signs[at]):
        if sound.startswith(word):
            return True
        whole, initial = word.startswith(sound), word[0] == sound[0]
        if (whole and _read(word[len(sound) :], signs, at + 1)) or (initial and _read(word[1:], signs, at + 1)):
            return True
    return False


@cache
def _sounds(sign: str) -> tuple[str, ...]:
    """The readings of a character without tones; a letter or digit is read as itself."""
    if sign.isascii():
        return (sign,)
    # Only the table of characters is needed: that of phrases takes ten times as long to load.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    import pypinyin

    readings = pypinyin.pinyin(sign, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(readings[0])) if readings else ()
