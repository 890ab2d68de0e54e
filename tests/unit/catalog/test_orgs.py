"""A register is read, checked and looked up as one table; a unit may stand in it once for each of its validities."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.catalog.models import Org
from pipelines.catalog.org_file import check_orgs, read_orgs
from pipelines.catalog.orgs import Register
from pipelines.errors import Mistake

HEAD = "code,name,level,parent,kind,aliases,valid_from,valid_to\n"
GOOD = (
    HEAD + "x-c,县,county,,,,,\n"
    "x-t,镇,township,x-c,,甲镇;老镇,,\n"
    "x-v,旧村,village,x-t,,,,2020-01-01\n"
    "x-v,新村,village,x-u,,,2020-01-01,\n"
    "x-u,乡,township,x-c,,,,\n"
)


def read(tmp_path: Path, text: str) -> tuple[Register, list[Mistake]]:
    path, faults = tmp_path / "orgs.csv", list[Mistake]()
    path.write_text(text, encoding="utf-8")
    register = Register.laid_over([read_orgs(path, faults)])
    return register, [*faults, *check_orgs(register)]


def test_a_unit_is_as_its_last_version_says_and_each_version_holds_in_its_days(tmp_path: Path) -> None:
    register, faults = read(tmp_path, GOOD)
    assert faults == []
    assert [*register] == ["x-c", "x-t", "x-u", "x-v"]
    assert (register["x-v"].name, register["x-v"].parent) == ("新村", "x-u")
    assert [org.name for org in register.versions("x-v")] == ["旧村", "新村"]
    on = {day: register.at("x-v", date.fromisoformat(day)) for day in ("2019-12-31", "2020-01-01")}
    assert {day: org.name if org else "" for day, org in on.items()} == {"2019-12-31": "旧村", "2020-01-01": "新村"}
    assert register.path("x-v", date(2019, 1, 1)) == ["x-c", "x-t", "x-v"]
    assert register.path("x-v") == ["x-c", "x-u", "x-v"]
    assert register["x-t"].aliases == ("甲镇", "老镇")


def test_a_key_is_the_place_of_the_code_in_their_order(tmp_path: Path) -> None:
    register, _ = read(tmp_path, GOOD)
    assert [register.key(code) for code in register] == [1, 2, 3, 4]
    assert register.key("x-nobody") is None
    assert "x-nobody" not in register
    with pytest.raises(KeyError):
        register["x-nobody"]


def test_units_of_a_level_below_a_unit_are_found_however_deep(tmp_path: Path) -> None:
    register, _ = read(tmp_path, GOOD + "x-v2,村,village,x-t,farm,,,\nx-other,村,village,,,,,\n")
    assert register.under("x-c", "village") == ["x-v", "x-v2"]
    assert register.under("x-t", "village") == ["x-v2"]
    assert register.under("", "village") == ["x-other", "x-v", "x-v2"]
    assert register.under("", "village", ("farm",)) == ["x-v2"]
    assert register.under("x-nobody", "village") == []


@pytest.mark.parametrize(
    ("row", "line", "said"),
    [
        ("x-B,镇,township,x-c,,,,", 7, "x-B"),
        ("x-b,,township,x-c,,,,", 7, "name"),
        ("x-b,镇,town,x-c,,,,", 7, "township"),
        ("x-b,镇,township,x-nobody,,,,", 7, "x-nobody"),
        ("x-b,镇,township,x-c,,,2020-13-01,", 7, "2020-13-01"),
        ("x-b,镇,township,x-c,,,2020-01-02,2020-01-01", 7, "valid_from is not before valid_to"),
        ("x-t,镇,township,x-c,,,2021-01-01,", 7, "stands twice"),
        ("x-v,村,village,x-u,,,2019-06-01,2019-07-01", 7, "stands twice"),
        ("x-b,镇,township,x-b,,,,", 7, "lead back to itself"),
        ('\n\n"x-B\n",镇,township,x-c,,,,', 10, "x-B"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_remedy(tmp_path: Path, row: str, line: int, said: str) -> None:
    _, [fault] = read(tmp_path, f"{GOOD}{row}\n")
    assert (fault.line, said in f"{fault.zh} {fault.en} {fault.remedy_en}") == (line, True)
    assert fault.remedy_zh
    assert fault.remedy_en


def test_a_circle_of_parents_is_told_of_its_units_only(tmp_path: Path) -> None:
    circle = "x-1,甲,county,x-2,,,,\nx-2,乙,county,x-1,,,,\nx-3,丙,township,x-2,,,,\n"
    _, faults = read(tmp_path, GOOD + circle)
    assert sorted(fault.line for fault in faults) == [7, 8]


@pytest.mark.parametrize(
    "content", [b"", "code,name\nx-a,甲\n".encode(), "code,name,level,parent\nx-a,甲县,county,\n".encode("gbk")]
)
def test_what_is_no_register_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    path, faults = tmp_path / "orgs.csv", list[Mistake]()
    path.write_bytes(content)
    assert read_orgs(path, faults).is_empty()
    assert len(faults) == 1


def test_a_mark_at_the_files_head_blanks_and_missing_columns_do_not_matter(tmp_path: Path) -> None:
    register, faults = read(
        tmp_path, "\ufeffcode,name,level,parent,more\n x-a ,甲县,county,,x\n\nx-b,镇,township,x-a\n"
    )
    assert faults == []
    assert {code: org.parent for code, org in register.items()} == {"x-a": "", "x-b": "x-a"}


def test_a_register_of_organisations_at_hand_is_the_same(tmp_path: Path) -> None:
    register, _ = read(tmp_path, GOOD)
    again = Register.of(register.version(row) for row in range(5))
    assert [again.versions(code) for code in again] == [register.versions(code) for code in register]
    assert isinstance(again["x-t"], Org)
