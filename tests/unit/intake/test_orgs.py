"""Finding the unit that a return names."""

from __future__ import annotations

import pytest

from pipelines.catalog.models import Org
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
