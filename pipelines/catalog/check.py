"""Cross-checks over a whole catalog: what one entry names, another must hold; what is kept once stands once."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

from pipelines.catalog import contradictions
from pipelines.catalog.mistakes import Wrong, meant_by, wrong
from pipelines.catalog.models import Level
from pipelines.catalog.models.rules import comparisons
from pipelines.catalog.nodes import Where
from pipelines.catalog.references import references

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import Term

Found = Iterator[Wrong]
KINDS = {  # what an entry of a kind is called, and where it is written
    "domains": ("领域", "domain", "domains.yaml"),
    "elements": ("数据元", "element", "elements/*.yaml"),
    "indicators": ("指标", "indicator", "indicators/*.yaml"),
    "forms": ("报表", "form", "forms/*.yaml"),
    "units": ("计量单位", "unit of measure", "units.yaml"),
    "codes": ("分组表", "code list", "codes.yaml"),
    "breakdowns": ("分组编码", "breakdown", "codes.yaml"),
    "standards": ("标准", "standard", "standards.yaml"),
    "documents": ("依据文件", "document", "documents.yaml"),
    "orgs": ("机构", "organisation", "orgs.csv"),
}
NAMED = ("domains", "elements", "indicators", "forms", "rules", "units", "codes", "standards", "obligations", "causes")
MOST_COMPARED = 5000
SNAKE = re.compile(r"[a-z][a-z0-9_]*")


def cross_check(catalog: Catalog) -> list[Wrong]:
    """Every reference that leads nowhere and every contradiction between entries."""
    checks = (_unknown, _codes, _names, *contradictions.CHECKS, _cycles, _repeated)
    return [found for check in checks for found in check(catalog)]


def names_of(catalog: Catalog, kind: str) -> Mapping[str, str]:
    """What the codes of a kind are called in Chinese."""
    entries = catalog.breakdown_names() if kind == "breakdowns" else getattr(catalog, kind)
    return {code: name_of(entry) for code, entry in entries.items()}


def name_of(entry: Any) -> str:
    """What an entry of any kind is called in Chinese; '' where it has no name of its own."""
    return str(getattr(entry, "zh", "") or getattr(entry, "title", "") or getattr(entry, "name", ""))


def _unknown(catalog: Catalog) -> Found:
    """What is named but not there. An entry that is there but wrong has been told of already."""
    names = {kind: {**dict.fromkeys(catalog.written(kind), ""), **names_of(catalog, kind)} for kind in KINDS
             if kind != "orgs"}  # fmt: skip
    names["orgs"] = dict.fromkeys(catalog.written("orgs"), "")
    whole = catalog.is_whole("codes")
    for entry, where, kind, code in references(catalog):
        if code in names[kind] or (kind == "breakdowns" and not whole) or (kind == "orgs" and code in catalog.orgs):
            continue
        kind_zh, kind_en, file = KINDS[kind]
        near_zh, near_en = meant_by(code, orgs_near(catalog) if kind == "orgs" else names[kind])
        words = {"code": code, "kind_zh": kind_zh, "kind_en": kind_en, "file": file}
        yield wrong(entry, where, "unknown", near_zh=near_zh, near_en=near_en, **words)


def orgs_near(catalog: Catalog) -> Mapping[str, str]:
    """The names of the organisations, where they are few enough to look for one that is nearly so written."""
    return names_of(catalog, "orgs") if len(catalog.orgs) <= MOST_COMPARED else {}


def _codes(catalog: Catalog) -> Found:
    """Every code is written so that tables and addresses can hold it."""
    for place in catalog.places:
        kind, _, code = place.partition("/")
        if kind != "orgs" and not SNAKE.fullmatch(code):
            yield wrong(place, (), "no_code", code=code)


def _names(catalog: Catalog) -> Found:
    """Every name is there, and the orders of standards name levels."""
    for kind in NAMED:
        for code, entry in getattr(catalog, kind).items():
            for field in ("zh", "en"):
                if not getattr(entry, field).strip():
                    yield wrong(f"{kind}/{code}", (field,), "no_name", field=field)
    for code, order in catalog.default_standards.items():
        if order.level not in (levels := ("*", *get_args(Level))):
            words = {"value": order.level, "field": "level", "values": ", ".join(levels)}
            yield wrong(f"default_standards/{code}", ("level",), "no_value_of_field", **words)


def _cycles(catalog: Catalog) -> Found:
    """Chains that come back to where they began."""
    documents = {code: document.successor for code, document in catalog.documents.items()}
    codes = {code: breakdown.successor for code, breakdown in catalog.breakdown_names().items()}
    lists = {code: name for name, codes in catalog.codes.items() for code in codes.codes}
    for code in sorted(in_cycle(documents)):
        yield _cycle(f"documents/{code}", ("successor",), "后续文件", "successors", documents[code])
    for code in sorted(in_cycle(codes)):
        yield _cycle(f"codes/{lists[code]}", ("codes", code, "successor"), "后续编码", "successors", codes[code])


def _cycle(place: str, where: Where, chain_zh: str, chain_en: str, following: str) -> Wrong:
    return wrong(place, where, "cycle", chain_zh=chain_zh, chain_en=chain_en, next=following)


def in_cycle(follows: Mapping[str, str]) -> set[str]:
    """The codes whose chain leads back to themselves.

    >>> sorted(in_cycle({"a": "b", "b": "a", "c": "a", "d": ""}))
    ['a', 'b']
    """
    done, found = set[str](), set[str]()
    for start in follows:
        path: list[str] = []
        seen: dict[str, int] = {}
        code = start
        while code and code not in done and code not in seen:
            seen[code] = len(path)
            path.append(code)
            code = follows.get(code, "")
        if code in seen:
            found.update(path[seen[code] :])
        done.update(path)
    return found


Stand = tuple[str, Where, Hashable, str]  # entry, where in it, what may stand once, its name


def _repeated(catalog: Catalog) -> Found:
    """What the warehouse keeps once."""
    seen: dict[Hashable, str] = {}
    for place, where, key, name in (*_kept_once(catalog), *_sides(catalog)):
        if key in seen:
            yield wrong(place, where, "stands_twice", name=name, first=seen[key])
        seen.setdefault(key, catalog.places.get(place, place))


def _kept_once(catalog: Catalog) -> Iterator[Stand]:
    """A breakdown's code, a return owed, an edition, a partition."""
    for name, codes in catalog.codes.items():
        yield from ((f"codes/{name}", ("codes", code), ("code", code), code) for code in codes.codes)
    for code, owed in catalog.roster.items():
        for number, period in enumerate(owed.periods if owed.unit else ()):
            key = ("owed", owed.form, owed.unit, period)
            yield f"roster/{code}", ("periods", number), key, f"{owed.form} {owed.unit} {period}"
    for code, indicator in catalog.indicators.items():
        for number, edition in enumerate(indicator.editions):
            name = f"{edition.standard} {edition.edition}"
            yield f"indicators/{code}", ("editions", number, "edition"), ("edition", code, name), name
    for code, form in catalog.forms.items():
        for number, total in enumerate(form.totals):
            name = f"{total.total} {total.partition}"
            yield f"forms/{code}", ("totals", number, "partition"), ("partition", code, name), name


def _sides(catalog: Catalog) -> Iterator[Stand]:
    """A term of a sum."""
    for code, indicator in catalog.indicators.items():
        for number, edition in enumerate(indicator.editions):
            for side in ("numerator", "denominator"):
                yield from _terms(f"indicators/{code}", ("editions", number, side), getattr(edition, side))
    for code, form in catalog.forms.items():
        for number, total in enumerate(form.totals):
            yield from _terms(f"forms/{code}", ("totals", number, "parts"), total.parts)
    for code, rule in catalog.rules.items():
        for number, found in enumerate(comparisons(rule, catalog.breakdown_codes)):
            yield from _terms(f"rules/{code}", ("left",), found.left, number)
            yield from _terms(f"rules/{code}", ("right",), found.right, number)


def _terms(place: str, where: Where, side: Iterable[Term], number: int = 0) -> Iterator[Stand]:
    for term in side:
        what = (term.element, term.breakdown, term.period, term.level)
        yield place, where, (place, where, number, *what), term.element
