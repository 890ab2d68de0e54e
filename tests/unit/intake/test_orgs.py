"""Finding the unit that a return names."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.catalog.models import Org
from pipelines.catalog.orgs import Register
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import Refusal

FIRST, SECOND = "510101000000", "510201000000"


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("甲县", "510100000000"),
        (" 甲 县:", "510100000000"),
        ("510100000000", "510100000000"),
        ("\uff15\uff11\uff10100000000", "510100000000"),
        ("乙", "510200000000"),
        ("城关卫生院", f"{FIRST}-clinic"),
        ("**县", "x-masked-county"),
        ("\uff0a\uff0a县", "x-masked-county"),
        ("甲县城关镇", FIRST),
        ("乙县城关镇", SECOND),
        ("四川省乙县城关镇", SECOND),
        ("四川省 甲县 城关镇", FIRST),
    ],
)
def test_a_unit_is_found_by_code_name_alias_or_path(printed: str, code: str, orgs: dict[str, Org]) -> None:
    assert OrgIndex(orgs).resolve(printed).code == code


@pytest.mark.parametrize(
    ("sender", "code"), [("510100000000", FIRST), ("510200000000", SECOND), (SECOND, SECOND), (FIRST, FIRST)]
)
def test_the_sender_decides_between_units_of_one_name(sender: str, code: str, orgs: dict[str, Org]) -> None:
    assert OrgIndex(orgs).resolve("城关镇", sender).code == code


@pytest.mark.parametrize("sender", ["", "510000000000", "x-masked-county"])
def test_an_ambiguous_name_is_refused_with_every_candidate_and_its_path(sender: str, orgs: dict[str, Org]) -> None:
    with pytest.raises(Refusal) as caught:
        OrgIndex(orgs).resolve("城关镇", sender)
    refusal = caught.value
    assert refusal.reason == "ambiguous_unit"
    for candidate in (f"{FIRST} 四川省/甲县/城关镇", f"{SECOND} 四川省/乙县/城关镇"):
        assert candidate in refusal.zh
        assert candidate in refusal.en


@pytest.mark.parametrize("printed", ["丙县", "", "丙县城关镇", "城关镇甲县", "城关"])
def test_an_unknown_name_is_refused_with_what_to_do(printed: str, orgs: dict[str, Org]) -> None:
    with pytest.raises(Refusal) as caught:
        OrgIndex(orgs).resolve(printed)
    assert caught.value.reason == "unknown_unit"
    assert "orgs.csv" in caught.value.remedy_en


def test_the_path_of_a_unit_runs_from_the_top(orgs: dict[str, Org]) -> None:
    assert OrgIndex(orgs).path(FIRST) == ["510000000000", "510100000000", FIRST]


def test_a_circle_of_parents_ends() -> None:
    circle = {c: Org(code=c, name=c, level="county", parent=p) for c, p in (("x-a", "x-b"), ("x-b", "x-a"))}
    assert OrgIndex(circle).path("x-a") == ["x-b", "x-a"]


def village(code: str, name: str, parent: str = FIRST, start: str = "", end: str = "", alias: str = "") -> Org:
    days = {name: date.fromisoformat(day) for name, day in (("valid_from", start), ("valid_to", end)) if day}
    return Org(code=code, name=name, level="village", parent=parent, aliases=tuple(filter(None, [alias])), **days)


@pytest.fixture
def register(orgs: dict[str, Org]) -> Register:
    """A village that was renamed and moved, one that took its old name, two of one name, and masked ones."""
    return Register.of(
        [
            *orgs.values(),
            village("x-east", "东村", end="2020-01-01", alias="东庄"),
            village("x-east", "新东村", SECOND, start="2020-01-01", alias="东村委会"),
            village("x-later", "东村", start="2022-01-01"),
            village("x-west1", "西村"),
            village("x-west2", "西村"),
            village("x-m1", "××村"),
            village("x-m2", "**村", SECOND),
        ]
    )


@pytest.mark.parametrize(
    ("printed", "day", "code"),
    [
        ("东村", "2019-12-31", "x-east"),
        ("东庄", "2019-12-31", "x-east"),
        ("新东村", "2020-01-01", "x-east"),
        ("东村委会", "2020-01-01", "x-east"),
        ("东村", "2022-01-01", "x-later"),
        ("甲县城关镇东村", "2019-06-30", "x-east"),
        ("乙县城关镇新东村", "2020-06-30", "x-east"),
        ("x-east", "1999-01-01", "x-east"),
    ],
)
def test_a_name_leads_to_who_bore_it_on_the_day(printed: str, day: str, code: str, register: Register) -> None:
    assert OrgIndex(register).resolve(printed, on=date.fromisoformat(day)).code == code


@pytest.mark.parametrize(
    ("printed", "day"),
    [("东村", "2021-06-30"), ("新东村", "2019-12-31"), ("东庄", "2020-01-01"), ("东村委会", "2019-12-31")],
)
def test_a_name_outside_its_days_is_refused_and_told_whose_it_is(printed: str, day: str, register: Register) -> None:
    with pytest.raises(Refusal) as caught:
        OrgIndex(register).resolve(printed, on=date.fromisoformat(day))
    assert caught.value.reason == "unit_not_valid"
    for text in (caught.value.zh, caught.value.en):
        assert "x-east" in text
        assert "2020-01-01" in text
    assert "valid_from" in caught.value.remedy_en


def test_without_a_day_a_unit_that_exists_goes_before_one_that_is_gone() -> None:
    two = [village("x-a", "东村", end="2020-01-01"), village("x-b", "东村", start="2020-01-01")]
    assert OrgIndex(Register.of(two)).resolve("东村").code == "x-b"


def test_a_row_of_a_table_finds_its_unit_below_the_sender_on_the_day(register: Register) -> None:
    index, before, after = OrgIndex(register), date(2019, 12, 31), date(2020, 1, 31)
    assert [org.code for org in index.children(FIRST, "东村", before)] == ["x-east"]
    assert index.children(SECOND, "东村", before) == index.children(FIRST, "新东村", after) == []
    assert [org.code for org in index.children(SECOND, "新东村", after)] == ["x-east"]
    assert index.child(FIRST, "西村", after) is None
    assert [org.code for org in index.children(FIRST, "西村", after)] == ["x-west1", "x-west2"]
    assert index.child(FIRST, "x-west2", after) == register["x-west2"]


def test_masks_are_alike_but_never_stand_for_a_name(register: Register) -> None:
    index = OrgIndex(register)
    assert index.child(FIRST, "***村") == index.child(FIRST, "某某村") == register["x-m1"]
    assert index.child(SECOND, "XX村") == register["x-m2"]
    assert index.child("510100000000", "**镇") is None, "a masked name is not everybody's"
    assert index.resolve("**村").code == "x-m2", "as it is printed"
    with pytest.raises(Refusal) as caught:
        index.resolve("xx村")
    assert caught.value.reason == "ambiguous_unit"
