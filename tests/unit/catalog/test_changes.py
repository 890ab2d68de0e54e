"""changes.csv: what is read, and what is told of every mistake."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from pipelines.catalog.changes import Change, Lives, check_changes, read_changes
from pipelines.catalog.models import Org
from pipelines.catalog.orgs import Register
from pipelines.errors import Mistake

HEAD = "old_code,new_code,date,kind,weight,weight_back,note\n"


def org(code: str, start: str = "", end: str = "") -> Org:
    days = {name: date.fromisoformat(day) for name, day in (("valid_from", start), ("valid_to", end)) if day}
    return Org(code=code, name=code, level="village", **days)


REGISTER = Register.of(
    [*(org(f"x-{letter}") for letter in "abcdef"), org("x-old", "", "2020-01-01"), org("x-new", "2020-01-01")]
)


def told(tmp_path: Path, text: str) -> tuple[list[Change], list[Mistake]]:
    path, faults = tmp_path / "changes.csv", list[Mistake]()
    path.write_text(HEAD + text, encoding="utf-8")
    changes = read_changes(path, faults)
    return changes, [*faults, *check_changes(changes, REGISTER)]


def test_rows_are_read_with_weights_as_decimals_or_fractions(tmp_path: Path) -> None:
    text = "x-a,x-b,2020-07-01,split,1/3,,甲\nx-a,x-c,2020-07-01,split,2/3,,\nx-d,x-e,2021-01-01,merge,,0.25,\n"
    changes, faults = told(tmp_path, text)
    assert faults == []
    assert [change.weight for change in changes] == [Fraction(1, 3), Fraction(2, 3), 1]
    assert [change.back for change in changes] == [None, None, Fraction(1, 4)]
    assert (changes[0].on, changes[0].note, changes[0].line) == (date(2020, 7, 1), "甲", 2)


@pytest.mark.parametrize(
    ("text", "lines", "said"),
    [
        ("x-a,x-b,2020-07-01,split,0.6,,\nx-a,x-c,2020-07-01,split,0.3,,\n", [2], "add up to 0.9, not 1"),
        ("x-a,x-b,2020-07-01,split,0.6,,\nx-a,x-c,2020-07-01,split,0.5,,\n", [2], "add up to 1.1, not 1"),
        ("x-a,x-zz,2020-07-01,merge,1,,\n", [2], "unknown unit 'x-zz'"),
        ("x-zz,x-a,2020-07-01,merge,1,,\n", [2], "unknown unit 'x-zz'"),
        ("x-a,x-b,2020-07-01,merge,1,,\nx-b,x-a,2020-07-01,merge,1,,\n", [2, 3], "circle"),
        ("x-a,x-b,2020-07-01,merge,1,,\nx-b,x-c,2020-07-01,merge,1,,\nx-c,x-a,2020-07-01,merge,1,,\n", [2, 3, 4],
         "circle"),
        ("x-old,x-a,2020-07-01,merge,1,,\n", [2], "outside the validity of x-old"),
        ("x-a,x-new,2019-07-01,merge,1,,\n", [2], "outside the validity of x-new"),
        ("x-a,x-b,2020-07-01,merge,1,,\nx-a,x-c,2021-07-01,merge,1,,\n", [3], "outside the validity of x-a"),
        ("x-old,x-a,2019-07-01,merge,1,,\n", [2], "ends it on 2020-01-01"),
        ("x-a,x-b,2020-02-30,merge,1,,\n", [2], "date is '2020-02-30'"),
        ("x-a,x-b,2020-02-03,eat,1,,\n", [2], "kind is 'eat'"),
        ("x-a,x-b,2020-02-03,merge,1.2,,\n", [2], "weight is '1.2'"),
        ("x-a,x-b,2020-02-03,merge,1/0,,\n", [2], "weight is '1/0'"),
        ("x-a,x-b,2020-02-03,merge,0.5,,\nx-a,x-c,2020-02-03,merge,0.5,,\n", [2, 3], "takes the whole unit"),
        ("x-a,x-b,2020-02-03,split,1,,\n", [2], "is not divided"),
        ("x-a,x-b,2020-02-03,merge,1,,\nx-a,x-b,2020-02-03,merge,1,,\n", [2, 3, 3], "stands twice"),
        ("x-a,x-c,2020-02-03,merge,1,0.7,\nx-b,x-c,2020-02-03,merge,1,0.4,\n", [2], "adds up to 1.1, above 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_a_remedy(tmp_path: Path, text: str, lines: list[int], said: str) -> None:
    _, faults = told(tmp_path, text)
    assert sorted(fault.line for fault in faults) == lines
    assert any(said in fault.en for fault in faults)
    assert all(fault.remedy_zh and fault.remedy_en and fault.zh for fault in faults)


def test_a_file_without_its_columns_is_told_as_such(tmp_path: Path) -> None:
    path, faults = tmp_path / "changes.csv", list[Mistake]()
    path.write_text("old,new\nx-a,x-b\n", encoding="utf-8")
    assert read_changes(path, faults) == []
    assert [fault.line for fault in faults] == [1]


def test_a_unit_lives_as_its_changes_imply_where_the_register_says_nothing(tmp_path: Path) -> None:
    text = (
        "x-a,x-b,2020-01-01,split,0.5,,\nx-a,x-c,2020-01-01,split,0.5,,\nx-c,x-d,2021-01-01,merge,1,,\n"
        "x-e,x-e,2020-01-01,split,0.5,,\nx-e,x-f,2020-01-01,split,0.5,,\n"
    )
    changes, faults = told(tmp_path, text)
    assert faults == []
    lives = Lives(REGISTER, changes)
    first, second = date(2020, 1, 1), date(2021, 1, 1)
    assert lives.of("x-a") == [(None, first)]
    assert lives.of("x-b") == [(first, None)]
    assert lives.of("x-c") == [(first, second)]
    assert lives.of("x-d") == lives.of("x-e") == [(None, None)]
    assert lives.of("x-new") == [(first, None)]


def test_a_code_may_end_and_begin_again(tmp_path: Path) -> None:
    changes, faults = told(
        tmp_path, "x-a,x-b,2020-01-01,merge,1,,\nx-b,x-a,2022-01-01,split,0.5,,\nx-b,x-b,2022-01-01,split,0.5,,\n"
    )
    assert faults == []
    assert Lives(REGISTER, changes).of("x-a") == [(None, date(2020, 1, 1)), (date(2022, 1, 1), None)]
