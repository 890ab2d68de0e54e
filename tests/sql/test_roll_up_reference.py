"""Roll-ups of random rosters and frequencies equal what a slow and plain reference gives (see reference.py)."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from pipelines.catalog.periods import Period, containing, parse_code
from tests.sql.reference import SIZE, Unit, within

TOWNS, VILLAGES, CARRY = 5, 4, 4
FORMS = {"month": "m", "quarter": "q"}
MONTHS = [parse_code(f"2014-{month:02d}") for month in range(1, 13)]
QUARTERS = [parse_code(f"2014Q{quarter}") for quarter in range(1, 5)]
LONGER = ["2014Q1", "2014Q2", "2014Q3", "2014Q4", "2014H1", "2014H2", "2014", "M2014H2", "M2014"]
ELEMENTS = ("births", "managed", "staff")


def row_form(code: str, title: str) -> str:
    return f"""
{code}: {{zh: {title}, en: {code}, domain: other, orientation: units_in_rows, row_level: village,
  recognise: {{title: {title}}}, columns: {{unit_name: [村名]}},
  items: [{{element: births, labels: [活产数]}}, {{element: managed, labels: [管理数]}},
          {{element: staff, labels: [人员]}}]}}
"""


def villages() -> dict[str, str]:
    """Each village's township."""
    return {f"x-v{town}{number}": f"x-t{town}" for town in range(TOWNS) for number in range(VILLAGES)}


def county_of(town: str) -> str:
    return "x-county" if int(town[3:]) < 3 else "x-other"


def catalog(roster: str) -> dict[str, str]:
    orgs = ["code,name,level,parent", "x-province,省,province,", "x-county,甲县,county,x-province",
            "x-other,乙县,county,x-province"]  # fmt: skip
    orgs += [f"x-t{town},镇{town},township,{county_of(f'x-t{town}')}" for town in range(TOWNS)]
    orgs += [f"{village},村{village},village,{town}" for village, town in villages().items()]
    return {
        "elements/other.yaml": f"""
births: {{zh: 活产, en: births, unit: persons, kind: flow}}
managed: {{zh: 管理, en: managed, unit: persons, kind: flow}}
staff: {{zh: 人员, en: staff, unit: persons, kind: stock, carry: {CARRY} months}}
""",
        "forms/monthly.yaml": row_form("m", "月报"),
        "forms/survey.yaml": row_form("q", "季报"),
        "indicators/other.yaml": """
share: {zh: 管理率, en: share, unit: percent, editions: [
  {standard: first, edition: e1, type: proportion, numerator: [managed], denominator: [births], document: paper}]}
per_head: {zh: 人均, en: per head, unit: ratio, editions: [
  {standard: first, edition: e1, type: ratio, numerator: [managed], denominator: [staff], document: paper}]}
""",
        "rules.yaml": "",
        "orgs.csv": "\n".join(orgs) + "\n",
        "roster.yaml": roster,
    }


def drawn_roster(draw: random.Random) -> tuple[str, dict[str, set[Period]]]:
    """Who owes what: a township for months, for quarters, both in turn, with gaps, or nothing at all."""
    owed: dict[str, set[Period]] = {}
    text = ""
    for town in range(TOWNS):
        kind = draw.choice(["month", "month", "quarter", "turn", "late"])
        periods = {
            "month": MONTHS, "quarter": QUARTERS, "turn": [*MONTHS[:6], *QUARTERS[2:]], "late": MONTHS[7:],
        }[kind]  # fmt: skip
        for form, length in (("m", "month"), ("q", "quarter")):
            codes = [period.code for period in periods if period.kind == length]
            if codes:
                text += f"{form}_{town}: {{form: {form}, unit: x-t{town}, periods: [{', '.join(codes)}]}}\n"
        owed[f"x-t{town}"] = {m for period in periods for m in (within(period) | {period}) if m.kind == "month"}
    return text, owed


def drawn_statements(draw: random.Random) -> Iterable[tuple[str, Period, str, float | None]]:
    """Village, period, element and value: each element with frequencies and gaps of its own; states among them."""
    for village in villages():
        for element in ELEMENTS:
            months = draw.random() < 0.7
            quarters = not months or draw.random() < 0.3
            stops = draw.choice([12, 12, 12, 5, 8])
            for period in [*(MONTHS[:stops] if months else ()), *(QUARTERS if quarters else ())]:
                if draw.random() < 0.8:
                    yield village, period, element, None if draw.random() < 0.1 else draw.randint(0, 50)


def share_of(thirds: int, owed: int) -> float:
    return min(thirds / owed, 1) if owed else 1


class Reference:
    """What must come out, from what was said."""

    def __init__(self, said: Iterable[tuple[str, Period, str, float | None]], owed: dict[str, set[Period]]) -> None:
        self.units: dict[str, Unit] = defaultdict(Unit)
        self.owed = owed
        for village, period, element, value in said:
            self.units[village].say(element, period, value)

    def below(self, above: str) -> list[str]:
        return [v for v, town in villages().items() if above in (v, town, county_of(town), "x-province")]

    def adds(self, above: str, whole: Period) -> bool:
        """Whether there are two periods to add up."""
        spoken = {p for village in self.below(above) for p in self.units[village].spoken()}
        return len(spoken & (within(whole) | {whole})) > 1

    def thirds_owed(self, above: str, whole: Period) -> tuple[int, int]:
        """Villages that owe anything within a period, and the thirds of months that they owe."""
        months = [len(self.owed[villages()[v]] & (within(whole) | {whole})) for v in self.below(above)]
        return sum(count > 0 for count in months), 3 * sum(months)

    def element(self, above: str, whole: Period, element: str) -> tuple[float, int, float] | None:
        """Sum, units and coverage over the rows below; None where nothing is added up."""
        units, value, thirds, shorter = 0, 0.0, 0, False
        for village in self.below(above):
            unit = self.units[village]
            known = unit.known(element)
            if element == "staff":
                found, covered = unit.stock(element, whole, CARRY), SIZE[whole.kind]
                inside = {p for p in known if p in within(whole)}
                shorter |= found is not None and unit.stock(element, whole, CARRY) is not None and bool(inside)
            else:
                found, covered = unit.flow(element, whole)
                shorter |= bool(set(known) & within(whole))
            if found is not None:
                units, value, thirds = units + 1, value + found, thirds + covered
        if not shorter or not units:
            return None
        owing, owed = self.thirds_owed(above, whole)
        coverage = units / max(owing, units) if element == "staff" else share_of(thirds, owed)
        return value, units, round(coverage, 6)

    def rate(self, above: str, whole: Period, below: str) -> tuple[float, float, int, float] | None:
        carry = CARRY if below == "staff" else None
        found = [self.units[village].rate("managed", below, carry, whole) for village in self.below(above)]
        pairs = [(pair, thirds) for pair, thirds in found if pair is not None]
        if not pairs:
            return None
        owed = self.thirds_owed(above, whole)[1]
        tops, bottoms = zip(*(pair for pair, _ in pairs), strict=True)
        return sum(tops), sum(bottoms), len(pairs), round(share_of(sum(t for _, t in pairs), owed), 6)


ELEMENT_ROWS = """
    select org_code, period_code, element_code, value, units_reported, round(coverage, 6)
    from marts.element_value where basis = 'rolled_up' and period_basis = 'aggregated'
"""
RATE_ROWS = """
    select org_code, period_code, indicator_code, numerator, denominator, units_reported, round(coverage, 6)
    from marts.indicator_value where basis = 'rolled_up' and period_basis = 'aggregated'
"""


def compare(found: Any, reference: Reference) -> int:
    """Compares everything; returns how many figures there were."""
    found_elements, found_rates = (
        {row[:3]: tuple(float(value) for value in row[3:]) for row in found.rows(query)}
        for query in (ELEMENT_ROWS, RATE_ROWS)
    )
    for above in ("x-t0", "x-t1", "x-t2", "x-t3", "x-t4", "x-county", "x-other", "x-province"):
        for code in LONGER:
            whole = parse_code(code)
            adds = reference.adds(above, whole)
            for element in ELEMENTS:
                expected = reference.element(above, whole, element) if adds else None
                assert found_elements.get((above, code, element)) == expected, (above, code, element)
            for indicator, below in (("share", "births"), ("per_head", "staff")):
                got = found_rates.get((above, code, indicator))
                # A quarter that all state whole is not put together; the reference does not tell it from one that is.
                if got is not None or (adds and whole.kind != "quarter"):
                    assert got == reference.rate(above, whole, below), (above, code, indicator)
    return len(found_elements) + len(found_rates)


@pytest.mark.parametrize("seed", range(3))
def test_random_rosters_and_frequencies_equal_the_reference(seed: int, make_tiny: Callable[..., Any]) -> None:
    draw = random.Random(seed)
    roster, owed = drawn_roster(draw)
    found = make_tiny(catalog(roster))
    found.periods |= {p.code for month in MONTHS for p in (month, *containing(month))}
    statements = list(drawn_statements(draw))
    draw.shuffle(statements)
    half = len(statements) // 2
    for upto, night in ((half, statements[:half]), (len(statements), statements[half:])):
        for village, period, element, value in night:
            state = "" if value is not None else draw.choice(["blank", "not_collected", "not_carried_out"])
            form, town = FORMS[period.kind], villages()[village]
            found.say(element, value, org=village, period=period.code, form=form, by=town, state=state)
        for number in range(TOWNS if upto == half else 0):  # what a township states for itself is never rolled up
            found.say("births", 10_000, org=f"x-t{number}", period=MONTHS[number].code, form="m", by=f"x-t{number}")
        assert compare(found, Reference(statements[:upto], owed)) > 50
