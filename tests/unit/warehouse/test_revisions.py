"""What is sent again, corrected, put back or refused: nothing is forgotten, nothing counts twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.catalog.load import load_catalog
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import BOSTON, as_csv, as_xlsx, library_return, library_rows, moment

HISTORY = """
    select element_code, value::integer, known_from, known_to from store.fact_history
    inner join catalog.element using (element_key) order by element_code, submission_key
"""
OPEN = """
    select element_code, value::integer from store.fact_history inner join catalog.element using (element_key)
    where known_to is null order by element_code, reported_by_key
"""
SUBMISSIONS = "select state, revision from intake.submission order by submission_key"
MINUTES = "walking_minutes_to_library"
FIRST, SECOND, THIRD = (moment(day).replace(tzinfo=None) for day in (1, 2, 3))


def test_the_same_file_sent_twice_is_one_submission(desk: Desk) -> None:
    for _ in range(2):
        desk.send("a.csv", library_return(20))
        desk.receive()
    assert desk.states() == ["accepted", "duplicate"]
    assert desk.rows(SUBMISSIONS) == [("accepted", 1), ("duplicate", None)]
    assert desk.rows(HISTORY) == [(MINUTES, 20, FIRST, None)]
    assert len(list(desk.home.archive.iterdir())) == 1


def test_a_workbook_with_two_tables_of_one_unit_sent_twice_is_one_submission_of_each(desk: Desk) -> None:
    content = as_xlsx(一=library_rows({"步行到馆分钟": 20}), 二=library_rows({"步行到馆分钟": 21}))
    for _ in range(2):
        desk.send("a.xlsx", content)
        desk.receive()
    assert desk.states() == ["accepted", "duplicate"]
    assert desk.rows(SUBMISSIONS) == [("accepted", 1), ("accepted", 1), ("duplicate", None), ("duplicate", None)]
    figures = desk.rows("select occurrence, value from store.fact_history where known_to is null order by occurrence")
    assert figures == [(1, 20), (2, 21)]  # both are kept: which of them holds is asked


def test_a_changed_file_is_revision_2_and_the_old_value_stays_in_history(desk: Desk) -> None:
    for minutes in (20, 21):
        desk.send("a.csv", library_return(minutes))
        desk.receive()
    desk.derive()
    assert desk.rows(SUBMISSIONS) == [("accepted", 1), ("accepted", 2)]
    assert desk.rows("select value, known_from, known_to from core.fact_history order by known_from") == [
        (Decimal(20), FIRST, SECOND),
        (Decimal(21), SECOND, None),
    ]
    assert desk.rows("select value, revision from core.fact") == [(Decimal(21), 2)]


def test_a_row_that_a_revision_leaves_out_keeps_its_value_and_raises_a_question(desk: Desk) -> None:
    desk.send("a.csv", as_csv(library_rows({"社区图书馆": 7, "步行到馆分钟": 20})))
    desk.receive()
    desk.send("a.csv", library_return(21))
    desk.receive()
    desk.derive()
    assert desk.rows(OPEN) == [("community_libraries", 7), (MINUTES, 21)]
    found = desk.rows("select severity, elements, cells from quality.finding where rule_code = 'absent_in_revision'")
    assert found == [("question", "community_libraries", "D4")]


def test_old_bytes_sent_again_after_newer_ones_are_the_newest(desk: Desk) -> None:
    for minutes in (20, 21, 20):
        desk.send("a.csv", library_return(minutes))
        desk.receive()
    assert desk.states() == ["accepted"] * 3
    assert desk.rows(SUBMISSIONS)[-1] == ("accepted", 3)
    assert desk.rows(HISTORY) == [
        (MINUTES, 20, FIRST, SECOND),
        (MINUTES, 21, SECOND, THIRD),
        (MINUTES, 20, THIRD, None),
    ]


@pytest.mark.parametrize(
    ("first", "second"), [(("z.csv", 1), ("a.csv", 2)), (("a.csv", 1), ("b.csv", 1))], ids=["by time", "by name"]
)
def test_of_two_files_of_one_night_the_later_one_counts(
    desk: Desk, first: tuple[str, int], second: tuple[str, int]
) -> None:
    for (name, minute), value in ((second, 21), (first, 20)):
        desk.send(name, library_return(value), minute)
    desk.receive()
    assert desk.rows(OPEN) == [(MINUTES, 21)]
    assert desk.rows(HISTORY)[0] == (MINUTES, 20, FIRST, FIRST)


def test_the_same_bytes_from_two_folders_are_the_returns_of_two_units(desk: Desk) -> None:
    rows = library_rows({"步行到馆分钟": 20})
    rows[1][0] = ""
    for folder in ("x-japan", "x-boston"):
        desk.send(f"{folder}/a.csv", as_csv(rows))
    desk.receive()
    assert desk.states() == ["accepted", "accepted"]
    assert desk.rows("select reported_by, revision from intake.submission order by 1") == [
        ("x-boston", 1),
        ("x-japan", 1),
    ]


REFUSED = {
    "unknown_form": (
        {"title": "某某情况表"},
        "A1",
        "认不出这是哪种报表",
        "No known form",
        "规定的报表格式",
        "prescribed",
    ),
    "unknown_unit": ({"unit": "无名馆"}, "A2", "不在机构名册中", "not in the register", "加入机构名册", "orgs.csv"),
    "unknown_period": ({"period": "去年"}, "D2", "看不出报告期", "cannot be told", "报告期:2014年", "Write 报告期"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_refused_file_says_in_two_languages_what_where_and_what_to_do(desk: Desk, reason: str) -> None:
    head, cell, *told = REFUSED[reason]
    content = as_xlsx(年报=library_rows({"步行到馆分钟": 20}, **head))
    desk.send("表.xlsx", content)
    desk.receive()
    assert desk.rows("select state, reason from intake.receipt") == [("refused", reason)]
    refused = desk.refused()
    assert refused["表.xlsx"] == content
    text = refused["表.xlsx.txt"].decode()
    assert f"位置:工作表“年报” 单元格 {cell}" in text
    assert f"Place: sheet '年报', cell {cell}" in text
    assert [part for part in told if part not in text] == []
    desk.derive()
    assert desk.rows("select severity, sheet, cells from quality.finding") == [("error", "年报", cell)]


OPEN_REFUSALS = "select observed, elements from quality.finding where rule_code = 'table_refused'"


def test_a_refusal_is_a_finding_until_the_same_unit_sends_a_file_of_that_name_that_is_accepted(desk: Desk) -> None:
    desk.send("x-japan/表.csv", library_return(20, period="去年"))
    desk.receive()
    desk.send("x-boston/表.csv", library_return(20, unit=BOSTON))  # another unit's
    desk.send("x-japan/别的.csv", library_return(20, period="2015年"), 1)
    desk.receive()
    desk.derive()
    assert desk.rows(OPEN_REFUSALS) == [("unknown_period", "表.csv")]
    desk.send("x-japan/表.csv", library_return(20, period="某年"))  # still wrong
    desk.receive()
    desk.derive()
    assert desk.rows(OPEN_REFUSALS) == [("unknown_period", "表.csv")] * 2
    desk.send("x-japan/表.csv", library_return(20))
    desk.receive()
    desk.derive()
    assert desk.rows(OPEN_REFUSALS) == []
    assert desk.rows("select count(*) from intake.submission where state = 'refused'") == [(2,)]  # what was is kept


def test_a_refusal_is_no_finding_any_more_once_the_same_return_is_accepted_under_another_name(desk: Desk) -> None:
    columns = library_rows({"步行到馆分钟": 20})
    columns[2].append("数值")  # two columns of one heading
    desk.send("a.csv", as_csv(columns))
    desk.receive()
    desk.derive()
    assert desk.rows(OPEN_REFUSALS) == [("repeated_column", "a.csv")]
    desk.send("a 改正.csv", library_return(20))
    desk.receive()
    desk.derive()
    assert desk.rows(OPEN_REFUSALS) == []


def test_of_a_workbook_half_accepted_the_refused_half_stays_a_finding(desk: Desk) -> None:
    rows, unknown = library_rows({"步行到馆分钟": 20}), library_rows({"步行到馆分钟": 20}, title="某某情况表")
    for good in (rows, library_rows({"步行到馆分钟": 21})):
        desk.send("a.xlsx", as_xlsx(一=good, 二=unknown))
        desk.receive()
    desk.derive()
    assert desk.rows(OPEN_REFUSALS) == [("unknown_form", "a.xlsx")] * 2


def test_a_bad_cell_goes_to_quarantine_and_the_rest_of_the_file_loads(desk: Desk) -> None:
    desk.send("a.csv", as_csv(library_rows({"社区图书馆": "七八个", "步行到馆分钟": 20})))
    desk.receive()
    desk.derive()
    assert desk.states() == ["accepted"]
    assert desk.rows("select cell, printed, reason from intake.quarantine") == [("D4", "七八个", "not_a_number")]
    assert desk.rows(OPEN) == [(MINUTES, 20)]
    assert desk.rows("select cells from quality.finding where observed = '七八个'") == [("D4",)]
    assert desk.refused() == {}


def test_a_refused_file_is_accepted_and_leaves_refused_once_the_register_knows_its_unit(desk: Desk) -> None:
    desk.send("a.csv", library_return(20, unit="新建图书馆"))
    desk.receive()
    assert set(desk.refused()) == {"a.csv", "a.csv.txt"}
    orgs = desk.home.catalog / "orgs.csv"
    with orgs.open("a", encoding="utf-8") as file:
        file.write("x-new,新建图书馆,institution,000000000000,library,,,\n")
    desk.catalog = load_catalog(*desk.home.catalog_folders)
    assert desk.receive() == 0
    assert desk.states() == ["accepted"]
    assert desk.refused() == {}


def test_another_unit_with_the_same_figures_is_no_revision(desk: Desk) -> None:
    desk.send("a.csv", library_return(20))
    desk.send("b.csv", library_return(20, unit=BOSTON))
    desk.receive()
    assert desk.rows(OPEN) == [(MINUTES, 20), (MINUTES, 20)]


def test_a_cell_set_aside_in_one_of_two_tables_of_a_return_stays_a_finding_until_a_newer_file(desk: Desk) -> None:
    held = "select cells, observed from quality.finding where rule_code = 'cell_quarantined'"
    first, second = library_rows({"步行到馆分钟": "二十来分"}), library_rows({"社区图书馆": 7})
    desk.send("a.xlsx", as_xlsx(一=first, 二=second))
    desk.receive()
    desk.derive()
    assert [observed for _, observed in desk.rows(held)] == ["二十来分"]
    desk.send("a.xlsx", as_xlsx(一=library_rows({"步行到馆分钟": 20}), 二=second))
    desk.receive()
    desk.derive()
    assert desk.rows(held) == []
