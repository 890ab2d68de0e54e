"""Finding an organisation by the name that a return prints.

A name is no key: 285 units are called 市辖区. It leads to those that bear it on the day, as name or as alias; the
sender's folder, or the names of the units above it, tell which of them is meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.catalog.models import Org
from pipelines.catalog.orgs import MASK, Register, holds
from pipelines.intake.tables import Refusal
from pipelines.intake.text import label

if TYPE_CHECKING:
    import polars as pl

HIDES = re.compile(MASK)
UNIT_END = re.compile("[村镇乡县区市州盟旗省院所站局]|街道|社区|委会|中心")
ALIKE = 60  # of 100, by rapidfuzz: 柳何镇 for 柳河镇 has 67


class OrgIndex:
    """Organisations by code, name and alias, on a day or at any time."""

    def __init__(self, orgs: Mapping[str, Org]) -> None:
        self.orgs = orgs if isinstance(orgs, Register) else Register.of(orgs.values())
        self._children: dict[str, dict[str, list[Org]]] = {}

    def resolve(self, printed: str, sender: str = "", on: date | None = None) -> Org:
        """The one organisation called `printed` (a code, name, alias, or a path of names such as 中卫市柔远镇).

        Args:
            printed: what the return says.
            sender: the code of the folder's organisation; it decides between units of one name: the one below it.
            on: the last day of the return's period; a name or alias counts while it is valid. None: any time, and of
                several units those that still exist.

        Raises:
            Refusal: unknown or ambiguous name, with the candidates; a name that was not yet or is no longer valid.
        """
        name = label(printed)
        if name in self.orgs:
            return self.orgs[name]
        codes = self._called(name, on) or self._by_path(name, on) or self._masked(name, on)
        if len(codes) > 1 and on is None:
            codes = {code for code in codes if self.orgs[code].valid_to is None} or codes
        if len(codes) > 1 and sender:
            codes = {code for code in codes if sender in self.path(code, on)} or codes
        if len(codes) == 1:
            code = next(iter(codes))
            return self.orgs.at(code, on) or self.orgs[code]
        if codes:
            raise _ambiguous(printed, [self._told(code, on) for code in sorted(codes)])
        other_times = sorted(self._called(name, None)) if on else []
        if on and other_times:
            raise _not_then(printed, on, [self._history(code) for code in other_times])
        raise _unknown(printed, self.nearest(name, sender, on))

    def named_in(self, text: str, sender: str = "", on: date | None = None) -> Org | None:
        """The one unit with the longest name that stands in a text (of a file's name); None where there is none.

        Only names that end as those of units do are looked for.
        """
        words = label(text)
        ends = [match.end() for match in UNIT_END.finditer(words)]
        spans = sorted(((end - start, start, end) for end in ends for start in range(end - 1)), reverse=True)
        for _, start, end in spans:
            called = self._called(words[start:end], on)
            codes = {code for code in called if sender in self.path(code, on)} if sender else called
            if len(codes) == 1:
                return self.orgs[codes.pop()]
        return None

    def below(self, area: str, printed: str, on: date | None = None) -> list[Org]:
        """Every organisation called `printed` (code, name or alias) below `area`: directly, else at any depth."""
        found = self.children(area, printed, on)
        if found:
            return found
        name = label(printed)
        codes = {name} if name in self.orgs else self._called(name, on) if name else set()
        inside = [code for code in codes if area in self.path(code, on)[:-1]]
        return [self.orgs.at(code, on) or self.orgs[code] for code in sorted(inside)]

    def nearest(self, printed: str, area: str = "", on: date | None = None) -> list[str]:
        """At most three names that a misspelt name may mean: of the units directly below `area`, else of any unit."""
        return self.nearest_below(area, printed, on) or alike(label(printed), self._names[0])

    def nearest_below(self, area: str, printed: str, on: date | None = None) -> list[str]:
        """At most three names of units directly below `area` that a misspelt name may mean."""
        below = {org.name for org in self.orgs.below(area) if on is None or holds(org, on)} if area else set()
        return alike(label(printed), sorted(below))

    def child(self, parent: str, printed: str, on: date | None = None) -> Org | None:
        """The organisation called `printed` directly below `parent`; None where there is none, or more than one."""
        found = self.children(parent, printed, on)
        return found[0] if len(found) == 1 else None

    def children(self, parent: str, printed: str, on: date | None = None) -> list[Org]:
        """Every organisation called `printed` (code, name or alias) directly below `parent`, on a day."""
        if parent not in self._children:
            self._children[parent] = _by_name(self.orgs.below(parent))
        by_name, name = self._children[parent], label(printed)
        found = by_name.get(name) or (by_name.get(f"\0{masked(name)}") if HIDES.search(name) else None) or []
        if len(found) == 1:
            return list(found) if on is None or holds(found[0], on) else []
        return list({org.code: org for org in found if on is None or holds(org, on)}.values())

    def only_child(self, parent: str, name: str, on: date) -> Org | None:
        """The one organisation with this label directly below `parent` on a day, where its children are known already.

        None says nothing: `below` looks closer.
        """
        found = self._children.get(parent, {}).get(name, ())
        return found[0] if len(found) == 1 and holds(found[0], on) else None

    def path(self, code: str, on: date | None = None) -> list[str]:
        """The codes from the top of the hierarchy down to `code`."""
        return self.orgs.path(code, on)

    @cached_property
    def _names(self) -> tuple[list[str], list[int]]:
        """Every name and alias as it compares, in order, and the row of the register that bears it."""
        import polars as pl

        rows = self.orgs.table.select("name", "aliases", at=pl.int_range(pl.len(), dtype=pl.Int32))
        aliases = rows.filter(pl.col("aliases") != "").select("at", name=pl.col("aliases").str.split(";"))
        every = pl.concat([rows.select("at", "name"), aliases.explode("name")])
        compared = every.select("at", name=_compared("name")).filter(pl.col("name") != "").sort("name", "at")
        return compared["name"].to_list(), compared["at"].to_list()

    def _called(self, name: str, on: date | None) -> set[str]:
        """The units that bear a name on a day."""
        names, rows = self._names
        found = [self.orgs.version(row) for row in rows[bisect_left(names, name) : bisect_right(names, name)]]
        return {org.code for org in found if on is None or holds(org, on)}

    def _by_path(self, name: str, on: date | None) -> set[str]:
        """Units whose name ends `name` and whose ancestors' names, in order, make the rest of it."""
        found = set()
        for start in range(1, len(name) - 1):
            for code in self._called(name[start:], on):
                rest = name[:start]
                for above in reversed(self.path(code, on)[:-1]):
                    rest = rest.removesuffix(label((self.orgs.at(above, on) or self.orgs[above]).name))
                if not rest:
                    found.add(code)
        return found

    @cached_property
    def _hidden(self) -> dict[str, list[Org]]:
        """The units whose name the source masks, by the name with every mask alike."""
        import polars as pl

        found = self.orgs.table.filter(pl.col("name").str.contains(MASK))
        by_name = defaultdict(list)
        for code in found["code"].unique().to_list():
            for org in self.orgs.versions(code):
                by_name[masked(label(org.name))].append(org)
        return by_name

    def _masked(self, name: str, on: date | None) -> set[str]:
        found = self._hidden.get(masked(name), ()) if HIDES.search(name) else ()
        return {org.code for org in found if on is None or holds(org, on)}

    def _told(self, code: str, on: date | None) -> str:
        names = [(self.orgs.at(c, on) or self.orgs[c]).name for c in self.path(code, on)]
        return f"{code} {'/'.join(names)}"

    def _history(self, code: str) -> str:
        versions = self.orgs.versions(code)
        return f"{code} " + ", ".join(f"{o.name} {o.valid_from or ''}—{o.valid_to or ''}" for o in versions)


def alike(text: str, names: Sequence[str], least: int = ALIKE) -> list[str]:
    """At most three of the names that a misspelt text may mean, the nearest first (rapidfuzz, 0 to 100).

    >>> alike("柳何镇", ["柳河镇", "城关镇"])
    ['柳河镇']
    """
    from rapidfuzz import fuzz, process

    found = process.extract(text, names, scorer=fuzz.ratio, score_cutoff=least, limit=3)
    return list(dict.fromkeys(name for name, _, _ in found))


def with_nearest(printed: str, nearest: Sequence[str]) -> str:
    """A name that is not known, with those that it may mean.

    >>> with_nearest("柳何镇", ["柳河镇"]), with_nearest("柳何镇", [])
    ('柳何镇 (柳河镇?)', '柳何镇')
    """
    return f"{printed} ({' / '.join(nearest)}?)" if nearest else printed


def masked(name: str) -> str:
    """A name with every mask alike.

    >>> masked("××村"), masked("***村"), masked("某某村")
    ('*村', '*村', '*村')
    """
    return HIDES.sub("*", name)


def _by_name(orgs: Iterable[Org]) -> dict[str, list[Org]]:
    found = defaultdict(list)
    for org in orgs:
        names = {org.code, *map(label, (org.name, *org.aliases))}
        for name in names | {f"\0{masked(name)}" for name in names if HIDES.search(name)}:
            found[name].append(org)
    return found


def _compared(column: str) -> pl.Expr:
    """`label` of a whole column."""
    import polars as pl

    return pl.col(column).str.normalize("NFKC").str.replace_all(r"\s+", "").str.strip_chars_end(":")


def _unknown(printed: str, nearest: list[str]) -> Refusal:
    zh, en = (f"是否为 {'、'.join(nearest)}?", f" Is it {' or '.join(nearest)}?") if nearest else ("", "")
    return Refusal(
        "unknown_unit",
        f"填报单位“{printed}”不在机构名册中。{zh}",
        f"The reporting unit {printed!r} is not in the register of organisations.{en}",
        "请核对单位全称;新单位请先加入机构名册(orgs.csv)再重报。",
        "Check the full name; add a new unit to the register (orgs.csv) first, then send the file again.",
    )


def _ambiguous(printed: str, told: list[str]) -> Refusal:
    names = ", ".join(told)
    return Refusal(
        "ambiguous_unit",
        f"名为“{printed}”的单位有 {len(told)} 个:{names}。",
        f"{len(told)} units are called {printed!r}: {names}.",
        "请写上级单位加本单位的全称,或填 12 位区划代码。",
        "Write the names of the units above it too, or its 12-digit code.",
    )


def _not_then(printed: str, on: date, told: list[str]) -> Refusal:
    names = "; ".join(told)
    return Refusal(
        "unit_not_valid",
        f"{on} 没有名为“{printed}”的单位;这个名称属于:{names}。",
        f"On {on} no unit was called {printed!r}; the name belongs to: {names}.",
        "请写当时的名称或单位代码;名称的有效期有误的,改正机构名册(orgs.csv)的 valid_from、valid_to。",
        "Write the name that it had then, or its code; where the dates of the name are wrong, mend valid_from and "
        "valid_to in the register (orgs.csv).",
    )
