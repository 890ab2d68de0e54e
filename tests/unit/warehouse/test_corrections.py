"""Declared corrections take the place of what a return says, for as long as it says so; nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import TaizhangError
from pipelines.warehouse import journal
from pipelines.warehouse.corrections import declare
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import as_csv, library_return, library_rows, moment

HEADER = "org_code,period_code,form_code,element_code,breakdown_code,found,value,why,who,until"
MINUTES, PLACES = "walking_minutes_to_library", "community_libraries"
CHOSEN = "select element_code, value::integer, state, correction_id is not null from core.fact_chosen order by 1"
STATES = "select state from core.correction order by declared_at, cell"
FINDINGS = "select rule_code, severity, observed, expected from quality.correction_finding"


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def one(element: str, found: object, value: object, until: str = "", who: str = "张三") -> str:
    return f"x-japan,2016,library_summary,{element},,{found},{value},电话核实,{who},{until}"


def say(desk: Desk, *rows: str, header: str = HEADER, who: str = "") -> int:
    path = desk.home.path / "corrections.csv"
    path.write_bytes(table(*rows, header=header))
    return declare(desk.home, path, moment(desk.day), who)


def night(desk: Desk) -> None:
    desk.receive()
    desk.derive()


def test_a_corrected_figure_counts_and_the_return_stays_as_it_was_sent(desk: Desk) -> None:
    desk.send("a.csv", library_return(20))
    night(desk)
    assert say(desk, one(MINUTES, 20, 12)) == 1
    night(desk)
    assert desk.rows(CHOSEN) == [(MINUTES, 12, "reported", True)]
    assert desk.rows("select value::integer, known_to from core.fact_history") == [(20, None)]
    assert desk.rows("select state, stated, why, who from core.correction") == [("applied", "20", "电话核实", "张三")]
    assert desk.rows(FINDINGS) == []


def test_a_correction_may_be_declared_before_its_return_arrives(desk: Desk) -> None:
    say(desk, one(MINUTES, 20, 12))
    desk.send("a.csv", library_return(20))
    night(desk)
    assert desk.rows(CHOSEN) == [(MINUTES, 12, "reported", True)]


def test_a_figure_that_no_return_states_comes_from_the_corrections_own_cell(desk: Desk) -> None:
    desk.send("a.csv", library_return(20))
    say(desk, one(PLACES, "nothing", 7))
    night(desk)
    assert desk.rows(CHOSEN) == [(PLACES, 7, "reported", True), (MINUTES, 20, "reported", False)]
    [(filename, cell)] = desk.rows(
        "select filename, chosen.cell from core.fact_chosen as chosen inner join intake.submission using "
        f"(submission_id) inner join intake.receipt using (receipt_id) where element_code = '{PLACES}'"
    )
    assert (filename, cell) == ("corrections.csv", "G2")


def test_blank_for_zero_and_zero_for_blank(desk: Desk) -> None:
    desk.send("a.csv", as_csv(library_rows({"社区图书馆": "", "步行到馆分钟": 0})))
    say(desk, one(PLACES, "blank", 0), one(MINUTES, 0, "not_collected"))
    night(desk)
    assert desk.rows(CHOSEN) == [(PLACES, 0, "reported", True), (MINUTES, None, "not_collected", True)]


def test_a_withdrawn_figure_and_a_withdrawn_return_do_not_count(desk: Desk) -> None:
    desk.send("a.csv", as_csv(library_rows({"社区图书馆": 7, "步行到馆分钟": 20})))
    say(desk, one(MINUTES, 20, "withdrawn"))
    night(desk)
    assert desk.rows(CHOSEN) == [(PLACES, 7, "reported", False)]
    say(desk, one("*", "*", "withdrawn"))
    night(desk)
    assert desk.rows(CHOSEN) == []
    assert desk.rows("select element_code, state, figures from core.correction order by element_code") == [
        ("*", "applied", 2),
        (MINUTES, "applied", 1),
    ]
    assert desk.rows("select count(*) from core.fact") == [(2,)]


def test_a_correction_whose_return_changed_to_something_else_is_an_error(desk: Desk) -> None:
    desk.send("a.csv", library_return(20))
    say(desk, one(MINUTES, 20, 12))
    night(desk)
    desk.send("a.csv", library_return(30))
    night(desk)
    assert desk.rows(CHOSEN) == [(MINUTES, 30, "reported", False)]
    assert desk.rows(STATES) == [("not_matching",)]
    assert desk.rows(FINDINGS) == [("correction_not_matching", "error", "30", "20")]
    assert desk.rows("select rule_code from quality.finding") == [("correction_not_matching",)]


def test_a_correction_of_a_figure_that_nobody_states_is_an_error(desk: Desk) -> None:
    desk.send("a.csv", library_return(20))
    say(desk, one(PLACES, 6, 7))
    night(desk)
    assert desk.rows(FINDINGS) == [("correction_not_matching", "error", "nothing", "6")]


def test_a_figure_supplied_for_a_return_that_came_later_with_another_is_an_error(desk: Desk) -> None:
    say(desk, one(MINUTES, "nothing", 12))
    night(desk)
    assert desk.rows(CHOSEN) == [(MINUTES, 12, "reported", True)]
    desk.send("a.csv", library_return(13))
    night(desk)
    assert desk.rows(CHOSEN) == [(MINUTES, 13, "reported", False)]
    assert desk.rows(FINDINGS) == [("correction_not_matching", "error", "13", "nothing")]


def test_a_return_that_says_the_corrected_figure_itself_settles_it(desk: Desk) -> None:
    desk.send("a.csv", library_return(20))
    say(desk, one(MINUTES, 20, 12))
    night(desk)
    desk.send("a.csv", library_return(12))
    night(desk)
    assert desk.rows(STATES) == [("settled",)]
    assert desk.rows(CHOSEN) == [(MINUTES, 12, "reported", False)]
    assert desk.rows(FINDINGS) == []


def test_a_later_correction_replaces_an_earlier_one(desk: Desk) -> None:
    desk.send("a.csv", library_return(20))
    say(desk, one(MINUTES, 20, 12))
    night(desk)
    say(desk, one(MINUTES, 20, 13))
    night(desk)
    assert desk.rows(STATES) == [("replaced",), ("applied",)]
    assert desk.rows(CHOSEN) == [(MINUTES, 13, "reported", True)]


def test_a_correction_counts_until_its_last_day_and_is_asked_about_afterwards(desk: Desk) -> None:
    desk.send("a.csv", library_return(20))
    say(desk, one(MINUTES, 20, 12, until=f"{moment(2):%Y-%m-%d}"))
    for expected in ((12, True), (12, True), (20, False)):
        night(desk)
        assert desk.rows(CHOSEN) == [(MINUTES, expected[0], "reported", expected[1])]
    assert desk.rows(FINDINGS) == [("correction_expired", "question", "20", "20")]


def test_a_correction_that_ended_touches_its_figures_in_the_night_after(desk: Desk) -> None:
    from pipelines.warehouse.night import Night, set_clock, settle

    say(desk, one(MINUTES, "nothing", 12, until=f"{moment(2):%Y-%m-%d}"))
    desk.receive()
    with desk.open() as con:
        touched = []
        for day in (1, 2, 3, 4):
            tonight = Night(desk.home, moment(day))
            tonight.__dict__["con"] = con
            settle(tonight)
            set_clock(tonight)
            touched.append(len(con.execute("from run.touched").fetchall()))
    assert touched == [0, 0, 1, 0]


def test_nothing_of_a_table_with_mistakes_is_declared_and_each_is_named(desk: Desk) -> None:
    rows = [
        one(MINUTES, 20, 12),
        one("births", 1, 2),
        "x-nowhere,2016,library_summary,*,,*,withdrawn,,张三,",
        one(PLACES, "about 7", "七八个", until="soon"),
        one(MINUTES, 21, 12),
        "x-japan,sometime,library_summary,community_libraries,,6,6,why,who,",
        one("*", 1, "withdrawn"),
    ]
    with pytest.raises(TaizhangError) as told:
        say(desk, *rows)
    for cell in ("D3 'births'", "A4 'x-nowhere'", "H4 ''", "F5 'about 7'", "G5 '七八个'", "J5 'soon'", "D6 'walking",
                 "B7 'sometime'", "G7 '6'", "F8 '1'"):  # fmt: skip
        assert cell in told.value.en
    assert "更正前后没有区别" in told.value.zh
    assert journal.read(desk.home.journal).entries == ()


def test_a_table_without_its_columns_or_without_rows_is_refused(desk: Desk) -> None:
    with pytest.raises(TaizhangError, match="lacks the columns found, why"):
        say(desk, header=HEADER.replace("found", "was").replace("why", "because"))
    with pytest.raises(TaizhangError, match="declares nothing"):
        say(desk)
    with pytest.raises(TaizhangError, match="cannot be read"):
        declare(desk.home, Path("/nowhere.csv"), moment(1))


def test_who_is_taken_from_the_command_where_the_table_names_nobody(desk: Desk) -> None:
    with pytest.raises(TaizhangError, match="lacks who"):
        say(desk, one(MINUTES, 20, 12, who=""))
    say(desk, one(MINUTES, 20, 12, who=""), who="李四")
    desk.send("a.csv", library_return(20))
    night(desk)
    assert desk.rows("select who, state from core.correction") == [("李四", "applied")]


def test_the_cells_of_a_table_of_corrections_are_accounted_for(desk: Desk) -> None:
    say(desk, one(MINUTES, 20, 12))
    night(desk)
    assert desk.rows("select state, cells_read, cells_label, cells_entry from intake.submission") == [
        ("correction", 18, 10, 8)
    ]
    assert desk.rows("select state, filename from intake.receipt") == [("correction", "corrections.csv")]


def test_a_row_that_the_catalog_no_longer_understands_is_set_aside_and_the_rest_counts(desk: Desk) -> None:
    say(desk, one(MINUTES, "nothing", 12), one(PLACES, "nothing", 7))
    form = desk.catalog.forms["library_summary"]
    items = tuple(item for item in form.items if item.element != PLACES)
    changed = {**desk.catalog.forms, "library_summary": form.model_copy(update={"items": items})}
    desk.catalog = replace(desk.catalog, forms=changed)
    night(desk)
    assert desk.rows(CHOSEN) == [(MINUTES, 12, "reported", True)]
    assert desk.rows("select cell, printed from intake.quarantine") == [("D3", PLACES)]


def test_an_excel_table_with_chinese_headings_declares_too(desk: Desk) -> None:
    from datetime import date

    from tests.unit.warehouse.sites import as_xlsx

    head = ["单位代码", "统计期", "报表", "数据元", "现报", "更正为", "原因", "更正人", "有效至"]
    row = ["x-japan", 2016, "library_summary", MINUTES, 20, 12, "打错", "王五", "2030-01-01"]
    path = desk.home.path / "corrections.xlsx"
    path.write_bytes(as_xlsx(更正=[head, row]))
    declare(desk.home, path, moment(0))
    desk.send("a.csv", library_return(20))
    night(desk)
    assert desk.rows("select state, who, valid_until from core.correction") == [("applied", "王五", date(2030, 1, 1))]
