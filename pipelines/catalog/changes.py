"""Changes of organisations: changes.csv, a row for each old unit and new unit on a day, with the share that moves.

`weight` is the share of the old unit's figures that goes to the new one; those of one old unit and day add up to 1.
`weight_back` (optional) is the share of the new unit's figures that belongs to the old one, for series within older
boundaries; without it what came from several units cannot be divided again.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from pipelines.catalog.orgs import Register
from pipelines.errors import Mistake

COLUMNS = ("old_code", "new_code", "date", "kind", "weight")
KINDS = {  # what each means, and whether the old unit moves whole
    "rename": True,  # another name
    "recode": True,  # another code
    "move": True,  # below another unit
    "merge": True,  # into another unit, that exists or begins
    "split": False,  # divided between several, one of which may be itself
    "transfer": False,  # a part goes to a unit that exists
}
BEGIN = ("rename", "recode", "move", "split")  # their new unit begins that day, unless the register says otherwise
SAID = {  # what is wrong and what to do, in Chinese and English; with the row's old, new, on, kind
    "unknown": ("机构名册中没有 {code}", "unknown unit {code!r}",
                "把它加入 orgs.csv(可写 valid_from、valid_to),或改正代码",
                "add it to orgs.csv (with valid_from, valid_to), or mend the code"),
    "twice": ("{old} → {new} 在同一天出现两次,已见于第 {line} 行",
              "{old} → {new} stands twice on one day, also in line {line}", "合成一行", "make one row of them"),
    "weights": ("{old} 在 {on} 的权重合计 {total},不是 1", "the weights of {old} on {on} add up to {total}, not 1",
                "改正权重;留在原单位的部分也写一行({old},{old},{on},…)",
                "mend them; what stays with the unit has a row too ({old},{old},{on},…)"),
    "weights_back": ("{new} 在 {on} 的 weight_back 合计 {total},大于 1",
                     "weight_back of {new} on {on} adds up to {total}, above 1",
                     "改正 weight_back:新单位的数里属于各旧单位的份额",
                     "mend weight_back: the shares of the new unit's figures that were the old ones'"),
    "whole": ("{kind} 应整体变动:{old} 在 {on} 只写一行,权重 1",
              "a {kind} takes the whole unit: one row for {old} on {on}, weight 1",
              "分成几部分的用 split 或 transfer", "what is divided is a split or a transfer"),
    "undivided": ("{kind} 只有一行:{old} 没有分开", "a {kind} of one row: {old} is not divided",
                  "各部分各写一行;整体变动的用 recode、move 或 merge",
                  "a row for each part; what moves whole is a recode, a move or a merge"),
    "circle": ("{old} 与 {new} 在 {on} 互相并入,绕成一圈", "{old} and {new} lead to each other on {on}: a circle",
               "写净变动,或按先后写不同的日期", "write what moved in the end, or the days one after the other"),
    "day": ("{on} 不在 {code} 的有效期内({lives})", "{on} is outside the validity of {code} ({lives})",
            "改正日期,或改正 orgs.csv 中的 valid_from、valid_to",
            "mend the date, or valid_from and valid_to in orgs.csv"),
    "ends_later": ("{old} 在 {on} 全部变为别的单位,名册却说它到 {end} 才终止",
                   "{old} is given up whole on {on}, yet the register ends it on {end}",
                   "改正日期或 orgs.csv 中的 valid_to", "mend the date, or valid_to in orgs.csv"),
}  # fmt: skip
DAY = timedelta(days=1)
T = TypeVar("T")


@dataclass(frozen=True)
class Change:
    """From the day `on`, `weight` of what was `old` is `new`; `back` of what is `new` was `old` (None: not known)."""

    old: str
    new: str
    on: date
    kind: str
    weight: Fraction
    back: Fraction | None
    note: str
    file: str
    line: int

    def wrong(self, what: str, **words: object) -> Mistake:
        """A mistake in this row: what `SAID` says of it."""
        named = {"old": self.old, "new": self.new, "on": self.on, "kind": self.kind, **words}
        return Mistake(self.file, self.line, *(text.format(**named) for text in SAID[what]))


def read_changes(path: Path, mistakes: list[Mistake]) -> list[Change]:
    """The rows of a changes.csv that can be read; `mistakes` takes what is wrong with the others."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        mistakes.append(Mistake(str(path), 1, f"不是 UTF-8:{error}", f"is not UTF-8: {error}", "存为 UTF-8 的 CSV",
                              "save it as CSV in UTF-8"))  # fmt: skip
        return []
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        mistakes.append(
            Mistake(str(path), 1, f"缺少列 {'、'.join(missing)}", f"lacks the columns {', '.join(missing)}",
                  f"第一行应为 {','.join(COLUMNS)}(可再加 weight_back,note)",
                  f"the first line must be {','.join(COLUMNS)} (then weight_back,note)")
        )  # fmt: skip
        return []
    found = []
    for row in reader:
        said = {name: (value or "").strip() for name, value in row.items() if name and not isinstance(value, list)}
        if any(said.values()):
            change = _read(said, str(path), reader.line_num, mistakes)
            found += [change] if change else []
    return found


def _read(said: Mapping[str, str], file: str, line: int, mistakes: list[Mistake]) -> Change | None:
    before = len(mistakes)

    def value(name: str, read: Callable[[str], T], zh: str, en: str) -> T | None:
        try:
            return read(said.get(name, ""))
        except (ValueError, ZeroDivisionError, KeyError):
            shown = said.get(name, "")
            mistakes.append(Mistake(file, line, f"{name} 的“{shown}”不对", f"{name} is {shown!r}", zh, en))
            return None

    on = value("date", date.fromisoformat, "写成 2020-07-01 的样子", "write it as 2020-07-01")
    kinds = ", ".join(KINDS)
    kind = value("kind", lambda text: {name: name for name in KINDS}[text], f"应为 {kinds} 之一", f"one of {kinds}")
    share = ("写大于 0、不大于 1 的数,如 0.6 或 1/3", "write a number above 0 and up to 1, as 0.6 or 1/3")
    weight = value("weight", lambda text: _share(text or "1"), *share)
    back = value("weight_back", lambda text: _share(text) if text else None, *share)
    if len(mistakes) > before or on is None or kind is None or weight is None:
        return None
    return Change(said["old_code"], said["new_code"], on, kind, weight, back, said.get("note", ""), file, line)


def _share(text: str) -> Fraction:
    found = Fraction(text)
    if not 0 < found <= 1:
        raise ValueError
    return found


# ---- checks


def check_changes(changes: Sequence[Change], register: Register, places: Container[str] = ()) -> Iterator[Mistake]:
    """Unknown codes, weights that do not add up, kinds that do not fit, circles, days outside a unit's validity.

    `places`: units ('orgs/x-town') whose rows were told of already.
    """
    known = list[Change]()
    for change in changes:
        lost = [code for code in dict.fromkeys((change.old, change.new)) if code not in register]
        yield from (change.wrong("unknown", code=code) for code in lost if f"orgs/{code}" not in places)
        known += [] if lost else [change]
    yield from _weights(known)
    yield from _kinds(known)
    circles = list(_circles(known))
    yield from circles or _days(known, register)


def _weights(changes: Sequence[Change]) -> Iterator[Mistake]:
    seen: dict[tuple[str, str, date], int] = {}
    by_old, by_new = (defaultdict[tuple[str, date], list[Change]](list) for _ in range(2))
    for change in changes:
        key = (change.old, change.new, change.on)
        if key in seen:
            yield change.wrong("twice", line=seen[key])
            continue
        seen[key] = change.line
        by_old[change.old, change.on].append(change)
        by_new[change.new, change.on].append(change)
    for rows in by_old.values():
        total = sum((row.weight for row in rows), Fraction(0))
        if total != 1:
            yield rows[0].wrong("weights", total=_text(total))
    for rows in by_new.values():
        total = sum((row.back for row in rows if row.back is not None), Fraction(0))
        if total > 1:
            yield rows[0].wrong("weights_back", total=_text(total))


def _text(number: Fraction) -> str:
    return f"{float(number):.12g}"


def _kinds(changes: Sequence[Change]) -> Iterator[Mistake]:
    parts = Counter((change.old, change.on) for change in changes)
    for change in changes:
        divided = parts[change.old, change.on] > 1
        if KINDS[change.kind] and (change.weight != 1 or divided):
            yield change.wrong("whole")
        elif not KINDS[change.kind] and not divided:
            yield change.wrong("undivided")


def _circles(changes: Sequence[Change]) -> Iterator[Mistake]:
    """Units that on one day lead to each other: who got what then depends on the order, which nobody has told."""
    steps = defaultdict[tuple[str, date], list[str]](list)
    moves = [change for change in changes if change.old != change.new]
    for change in moves:
        steps[change.old, change.on].append(change.new)
    for change in moves:
        reached, waiting = set[str](), [change.new]
        while waiting:
            code = waiting.pop()
            if code not in reached:
                reached.add(code)
                waiting += steps.get((code, change.on), ())
        if change.old in reached:
            yield change.wrong("circle")


def _days(changes: Sequence[Change], register: Register) -> Iterator[Mistake]:
    lives = Lives(register, changes)
    for change in changes:
        for code, day in ((change.old, change.on - DAY), (change.new, change.on)):
            if not lives.alive(code, day):
                yield change.wrong("day", code=code, lives=lives.text(code))
        spans = [end for start, end in lives.of(change.old) if end and (start or date.min) < change.on < end]
        if spans and lives.gives_up(change.old, change.on):
            yield change.wrong("ends_later", end=spans[0])


class Lives:
    """From when to when units exist: as the register says, and where it says nothing, as the changes imply."""

    def __init__(self, register: Register, changes: Sequence[Change]) -> None:
        self.register = register
        self._old = defaultdict[str, dict[date, bool]](dict)  # whether something stays with the unit
        self._new = defaultdict[str, set[date]](set)
        self._found: dict[str, list[tuple[date | None, date | None]]] = {}
        for change in changes:
            self._old[change.old][change.on] = self._old[change.old].get(change.on, False) or change.old == change.new
            if change.old != change.new and change.kind in BEGIN:
                self._new[change.new].add(change.on)

    def gives_up(self, code: str, on: date) -> bool:
        """Whether nothing of a unit stays with it on a day."""
        return self._old[code].get(on) is False

    def of(self, code: str) -> list[tuple[date | None, date | None]]:
        """When a unit exists: from a day up to, not including, another; None: since ever, for ever."""
        if code not in self._found:
            self._found[code] = self._lives(code)
        return self._found[code]

    def alive(self, code: str, day: date) -> bool:
        """Whether a unit exists on a day."""
        return any((start or date.min) <= day and (end is None or day < end) for start, end in self.of(code))

    def text(self, code: str) -> str:
        """The validity, for people."""
        return ", ".join(f"{start or ''}—{end or ''}" for start, end in self.of(code)) or "—"

    def _lives(self, code: str) -> list[tuple[date | None, date | None]]:
        told = list[tuple[date | None, date | None]]()
        for org in self.register.versions(code):
            if told and told[-1][1] == org.valid_from:
                told[-1] = (told[-1][0], org.valid_to)
            else:
                told.append((org.valid_from, org.valid_to))
        if len(told) != 1:
            return told
        [(start, end)] = told
        ends = {on: "end" for on, stays in self._old[code].items() if not stays and end is None}
        begins = {on: "begin" for on in self._new[code] if on not in self._old[code]}
        if start is not None or end is not None:
            begins = {}
        events = sorted({**ends, **begins}.items())
        return _intervals(start, end, [event for event in events if start is None or event[0] > start])


def _intervals(
    start: date | None, end: date | None, events: Sequence[tuple[date, str]]
) -> list[tuple[date | None, date | None]]:
    """The spans between beginnings and ends; before a first beginning there is nothing."""
    found = list[tuple[date | None, date | None]]()
    alive = not events or events[0][1] != "begin"
    for on, what in events:
        if what == "begin" and not alive:
            start, alive = on, True
        elif what == "end" and alive:
            found.append((start, on))
            alive = False
    return [*found, (start, end)] if alive else found
