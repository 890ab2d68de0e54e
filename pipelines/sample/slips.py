"""How a return goes wrong: one slip of a clerk a function, from the true return to the files that she sends instead.

A slip gives None where the return offers no occasion (no blank to fill, no number with two digits): another return is
tried then. Unless it is the slip itself, 合计 is what a spreadsheet's SUM makes of the column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from pipelines.sample.county import DUE_DAYS
from pipelines.sample.layout import Printed, Return, add_up, amount, month_end
from pipelines.sample.places import MARK, STEMS

Rows = dict[str, dict[str, Printed]]


@dataclass(frozen=True)
class Sent:
    """A file as it is sent: the return as printed in it, what its name has beyond the usual one, and when."""

    printed: Return
    modified: datetime
    suffix: str = ""


@dataclass(frozen=True)
class Case:
    """A true return, those of the same township and form in the months before it, and the draws."""

    rng: Random
    truth: Return
    before: Sequence[Return]

    def cells(self, element: str, fits: Callable[[Printed], bool]) -> list[str]:
        """The villages whose figure of an element fits, in an order drawn by chance."""
        found = [village for village, row in self.truth.rows.items() if fits(row[element])]
        return self.rng.sample(found, len(found))

    def village(self, fits: Callable[[dict[str, Printed]], bool]) -> str | None:
        """A village whose row fits, drawn by chance."""
        found = [village for village, row in self.truth.rows.items() if fits(row)]
        return self.rng.choice(found) if found else None

    def send(self, rows: Rows, **changes: object) -> list[Sent]:
        """The return with other rows, added up as they are printed."""
        printed = replace(self.truth, **{"rows": rows, "total": add_up(rows), **changes})  # type: ignore[arg-type]
        return [Sent(printed, self.truth.modified)]

    def with_figure(self, village: str, element: str, value: Printed) -> list[Sent]:
        """The return with one other figure."""
        return self.send(self.truth.rows | {village: self.truth.rows[village] | {element: value}})


Slip = Callable[[Case], list[Sent] | None]


def _number(value: Printed) -> bool:
    return isinstance(value, int | float)


def _first(
    case: Case, element: str, fits: Callable[[Printed], bool], other: Callable[[Printed], Printed]
) -> list[Sent] | None:
    """One figure that fits, typed otherwise."""
    villages = case.cells(element, fits)
    return case.with_figure(villages[0], element, other(case.truth.rows[villages[0]][element])) if villages else None


def digits_swapped(element: str) -> Slip:
    """41 for 14."""

    def fits(value: Printed) -> bool:
        return isinstance(value, int) and 12 <= value <= 99 and value % 10 not in (0, value // 10)

    return lambda case: _first(case, element, fits, lambda value: int(str(value)[::-1]))


def digit_twice(element: str) -> Slip:
    """177 for 17."""
    return lambda case: _first(
        case, element, lambda v: isinstance(v, int) and 10 <= v <= 99, lambda v: int(f"{v}{str(v)[-1]}")
    )


def point_lost(element: str) -> Slip:
    """125 for 12.5."""
    return lambda case: _first(
        case, element, lambda v: isinstance(v, float) and v != int(v), lambda v: int(str(v).replace(".", ""))
    )


def dash_before(element: str) -> Slip:
    """-7 for 7: the dash of a list, taken for a minus."""
    return lambda case: _first(case, element, lambda v: isinstance(v, int) and v >= 3, lambda v: -amount(v))


def ten_thousands(element: str) -> Slip:
    """0.3512 for 3512."""
    return lambda case: _first(
        case, element, lambda v: isinstance(v, int) and v >= 1000, lambda v: round(amount(v) / 10_000, 4)
    )


def zero_for_blank(element: str) -> Slip:
    """0 where nothing was counted."""
    return lambda case: _first(case, element, lambda v: v is None, lambda _: 0)


def blank_for_zero(element: str) -> Slip:
    """Nothing where 0 was counted."""
    return lambda case: _first(case, element, lambda v: v == 0, lambda _: None)


def blank_for_figure(element: str) -> Slip:
    """Nothing where something was counted."""
    return lambda case: _first(case, element, lambda v: amount(v) >= 2, lambda _: None)


def word_for_zero(element: str) -> Slip:
    """无 for 0."""
    return lambda case: _first(case, element, lambda v: v == 0, lambda _: "无")


def about(element: str) -> Slip:
    """约30 for 28."""

    def fits(value: Printed) -> bool:
        return isinstance(value, int) and value >= 12 and value % 10 != 0

    return lambda case: _first(case, element, fits, lambda v: f"约{round(amount(v), -1)}")


def number_as_text(element: str) -> Slip:
    """１２ for 12: read as it is meant, but a spreadsheet's SUM leaves it out."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return lambda case: _first(
        case, element, lambda v: isinstance(v, int) and v >= 10, lambda v: str(v).translate(wide)
    )


def unit_in_cell(element: str, unit: str) -> Slip:
    """12小时 for 12."""
    return lambda case: _first(case, element, lambda v: isinstance(v, int) and v >= 3, lambda v: f"{v}{unit}")


def percent_for_count(element: str, whole: str) -> Slip:
    """90% for 9 of 10: the rate, as a text with its sign."""
    return lambda case: _rate(case, element, whole, lambda share: f"{round(share)}%")


def rate_for_count(element: str, whole: str) -> Slip:
    """88.9 for 16 of 18: the rate in percent."""
    return lambda case: _rate(case, element, whole, lambda share: round(share, 1))


def _rate(case: Case, element: str, whole: str, shown: Callable[[float], Printed]) -> list[Sent] | None:
    def fits(row: dict[str, Printed]) -> bool:
        share = 100 * amount(row[element]) / (amount(row[whole]) or 1)
        return 4 <= amount(row[whole]) < 60 and 62 < share < 100 and round(share, 1) != round(share)

    village = case.village(fits)
    if village is None:
        return None
    row = case.truth.rows[village]
    return case.with_figure(village, element, shown(100 * amount(row[element]) / amount(row[whole])))


def cumulative(element: str) -> Slip:
    """The figure since October for that of the month."""

    def slip(case: Case) -> list[Sent] | None:
        village = case.village(lambda row: amount(row[element]) >= 3)
        if village is None or len(case.before) < 4:
            return None
        months = [*case.before, case.truth]
        return case.with_figure(village, element, sum(amount(month.rows[village][element]) for month in months))

    return slip


def neighbours_transposed(left: str, right: str) -> Slip:
    """The figures of two columns beside each other, each in the other's place."""

    def slip(case: Case) -> list[Sent] | None:
        village = case.village(lambda row: _number(row[left]) and _number(row[right]) and row[left] != row[right])
        if village is None:
            return None
        row = case.truth.rows[village]
        return case.send(case.truth.rows | {village: row | {left: row[right], right: row[left]}})

    return slip


def column_shifted(start: str) -> Slip:
    """From one column on a village's figures stand one column too far right; the last one in 备注."""

    def slip(case: Case) -> list[Sent] | None:
        village = case.village(lambda row: amount(row[start]) >= 4)
        if village is None:
            return None
        row = case.truth.rows[village]
        values, at = list(row.values()), list(row).index(start)
        moved = [*values[:at], None, *values[at:-1]]
        shifted = dict(zip(row, moved, strict=True))
        notes = case.truth.notes | ({village: str(values[-1])} if values[-1] is not None else {})
        return case.send(case.truth.rows | {village: shifted}, notes=notes)

    return slip


def last_month_copied(case: Case) -> list[Sent] | None:
    """Last month's figures under this month's head."""
    return case.send(case.before[-1].rows) if case.before else None


def villages_swapped(case: Case) -> list[Sent]:
    """Two villages' figures, each in the other's row."""
    one, other = case.rng.sample(list(case.truth.rows), 2)
    return case.send(case.truth.rows | {one: case.truth.rows[other], other: case.truth.rows[one]})


def total_not_updated(element: str) -> Slip:
    """A village was put right, 合计 stayed."""

    def slip(case: Case) -> list[Sent] | None:
        total = amount(case.truth.total[element])
        stale = total - case.rng.randint(1, 3)
        return case.send(case.truth.rows, total=case.truth.total | {element: stale}) if stale > 0 else None

    return slip


def unknown_village(case: Case) -> list[Sent]:
    """The name of a village that the township does not have."""
    village = case.rng.choice(list(case.truth.names))
    names = set(case.truth.names.values())
    name = case.rng.choice([f"{stem}村{MARK}" for stem in STEMS if f"{stem}村{MARK}" not in names])
    return case.send(case.truth.rows, names=case.truth.names | {village: name})


def village_named_twice(case: Case) -> list[Sent] | None:
    """A village's row under the name of the one above it."""
    above, village = case.rng.choice(list(zip(list(case.truth.rows), list(case.truth.rows)[1:], strict=False)))
    if None in case.truth.rows[above].values():  # the figure below would count in its place
        return None
    return case.send(case.truth.rows, names=case.truth.names | {village: case.truth.names[above]})


def partial_file(case: Case) -> list[Sent]:
    """The upper half of the villages."""
    kept = list(case.truth.rows)[: len(case.truth.rows) // 2]
    return case.send({village: case.truth.rows[village] for village in kept})


def wrong_year(case: Case) -> list[Sent]:
    """Last year's form, filled in again, its head as it was."""
    return [Sent(replace(case.truth, year=case.truth.year - 1), case.truth.modified)]


def sent_twice(case: Case) -> list[Sent]:
    """The same file again, two hours later."""
    again = case.truth.modified + timedelta(hours=2)
    return [Sent(case.truth, case.truth.modified), Sent(case.truth, again, "(1)")]


def older_resent(element: str) -> Slip:
    """A draft, the right file, and then the draft again."""

    def slip(case: Case) -> list[Sent] | None:
        villages = case.cells(element, lambda v: amount(v) >= 4)[:3]
        if len(villages) < 3:
            return None
        draft: Rows = {v: {element: amount(case.truth.rows[v][element]) - case.rng.randint(1, 3)} for v in villages}
        [first] = case.send({village: row | draft.get(village, {}) for village, row in case.truth.rows.items()})
        one, two = first.modified + timedelta(days=1), first.modified + timedelta(days=2)
        return [first, Sent(replace(case.truth, modified=one), one, "(更正)"), Sent(first.printed, two, "(重发)")]

    return slip


def late(days: int) -> Slip:
    """Right, but so many days after the day by which it is due."""

    def slip(case: Case) -> list[Sent] | None:
        sent = month_end(case.truth.year, case.truth.month) + timedelta(days=DUE_DAYS + days - 1, hours=10)
        return [Sent(replace(case.truth, modified=sent), sent)]

    return slip


def never_sent(_: Case) -> list[Sent]:
    """Nothing comes."""
    return []
