"""Parquet returns: what is right loads set by set, what is wrong is told with its row, and nobody's night stops."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.warehouse import journal
from tests.unit.warehouse import sites
from tests.unit.warehouse.conftest import Desk

ORGS = """\
x-county,某县,county,,,,,
x-town,某镇,township,x-county,,,,
x-town-office,某镇卫生院,institution,x-town,,,,
x-v1,一村,village,x-town,,,,
x-v2,二村,village,x-town,,,,
x-town2,别镇,township,x-county,,,,
x-v3,三村,village,x-town2,,,,
"""
FORM = "mch_village_month"
BIRTHS, WOMEN = "live_births", "women_delivered"
Rows = list[dict[str, Any]]


def says(org: str = "x-v1", element: str = BIRTHS, value: Any = 3, **more: Any) -> dict[str, Any]:
    """A row of a Parquet return."""
    row = {"org_code": org, "period_code": "2024-03", "element_code": element, "form_code": FORM}
    return {**row, "reported_by": "x-town", "value": value, **more}


def parquet(*rows: dict[str, Any], **columns: Any) -> bytes:
    """A file of these rows; `columns` have their own polars type."""
    target = io.BytesIO()
    pl.DataFrame(list(rows), schema_overrides=columns, infer_schema_length=None).write_parquet(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def bulk_catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    home = sites.new_site(tmp_path_factory.mktemp("bulk"))
    with (home.catalog / "orgs.csv").open("a", encoding="utf-8") as file:
        file.write(ORGS)
    return load_catalog(*home.catalog_folders)


@pytest.fixture
def desk(tmp_path: Path, bulk_catalog: Catalog) -> Desk:
    return Desk(sites.new_site(tmp_path / "site"), bulk_catalog)


Send = Callable[..., Desk]


@pytest.fixture
def send(desk: Desk) -> Send:
    """Sends each content and takes it in, a day after the other."""

    def sent(*contents: bytes) -> Desk:
        for number, content in enumerate(contents):
            desk.send(f"{number}.parquet", content)
            desk.receive()
        return desk

    return sent


FACTS = """
    select org_code, element_code, cast(value as integer), fact.state, cell, from_total from store.fact_history as fact
    inner join core.org_unit using (org_key) inner join catalog.element using (element_key)
    where known_to is null order by submission_key, cast(cell as integer)
"""
HISTORY = """
    select cast(value as integer), known_from, known_to from store.fact_history order by submission_key, org_key
"""
QUARANTINED = "select cell, printed, reason, label from intake.quarantine order by cast(cell as integer)"
SUBMISSIONS = "select sheet, state, revision, reason from intake.submission order by submission_key"


def night(day: int) -> datetime:
    return sites.moment(day).replace(tzinfo=None)


def test_rows_become_facts_with_their_row_as_cell_and_the_units_own_row_as_a_total(send: Send) -> None:
    desk = send(parquet(says(value=3), says("x-v2", value=None), says("x-town", value=3), says(element=WOMEN, value=4)))
    assert desk.rows(FACTS) == [
        ("x-v1", BIRTHS, 3, "reported", "1", False),
        ("x-v2", BIRTHS, None, "blank", "2", False),
        ("x-town", BIRTHS, 3, "reported", "3", True),
        ("x-v1", WOMEN, 4, "reported", "4", False),
    ]
    assert desk.rows(
        "select sheet, form_code, org_code, reported_by, period_code, revision, cells_read, cells_fact, cells_total, "
        "cells_quarantined from intake.submission"
    ) == [("#1", FORM, "x-town", "x-town", "2024-03", 1, 4, 3, 1, 0)]
    assert desk.rows("select media_type from intake.file") == [("application/vnd.apache.parquet",)]
    assert set(desk.rows("select org_code, period_code from run.touched join core.org_unit using (org_key) "
                         "join core.period using (period_key)")) == {
        ("x-town", "2024-03"), ("x-v1", "2024-03"), ("x-v2", "2024-03")}  # fmt: skip


def test_a_file_holds_returns_of_several_units_forms_and_periods_and_each_is_a_submission(send: Send) -> None:
    rows = (
        says(), says(period_code="2024-04"), says("x-v3", reported_by="x-town2"),
        says(element="legal_lectures", form_code="legal_adviser_village_month"),
    )  # fmt: skip
    desk = send(parquet(*rows))
    assert desk.rows("select form_code, org_code, period_code from intake.submission order by submission_key") == [
        (FORM, "x-town", "2024-03"),
        (FORM, "x-town", "2024-04"),
        (FORM, "x-town2", "2024-03"),
        ("legal_adviser_village_month", "x-town", "2024-03"),
    ]


def test_an_institutions_return_is_about_its_area(send: Send) -> None:
    desk = send(parquet(says(reported_by="x-town-office")))
    assert desk.rows("select org_code, reported_by from intake.submission") == [("x-town", "x-town-office")]
    assert len(desk.rows(FACTS)) == 1


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (pl.Int16, 3, "3"),
        (pl.UInt64, 3, "3"),
        (pl.Float64, 3.25, "3.25"),
        (pl.Decimal(38, 6), Decimal("3.2500"), "3.25"),
    ],
)
def test_a_value_may_be_any_number_of_up_to_four_decimals(kind: Any, value: Any, kept: str, send: Send) -> None:
    desk = send(parquet(says(element="legal_service_hours", form_code="legal_adviser_village_month", value=value),
                        value=kind))  # fmt: skip
    assert desk.rows("select value from store.fact_history") == [(Decimal(kept),)]


def test_codes_may_be_categories_and_breakdown_and_state_may_be_given(send: Send) -> None:
    rows = (
        says(breakdown_code="", state="reported"),
        says("x-v2", value=None, breakdown_code=None, state="not_collected"),
    )
    desk = send(parquet(*rows, org_code=pl.Categorical, state=pl.Categorical))
    assert [row[3] for row in desk.rows(FACTS)] == ["reported", "not_collected"]


# ---- revisions and time

EARLY, LATE = datetime(2024, 4, 3, 2), datetime(2024, 4, 9, 2)


def test_revisions_of_one_file_follow_each_other_whatever_the_order_of_its_rows(send: Send) -> None:
    desk = send(parquet(says(value=5, revision=2, received_at=LATE), says(value=4, revision=1, received_at=EARLY)))
    assert desk.rows(HISTORY) == [(4, EARLY, LATE), (5, LATE, None)]
    assert desk.rows(SUBMISSIONS) == [("#1", "accepted", 1, ""), ("#2", "accepted", 2, "")]
    assert desk.rows("select received_at from intake.submission order by 1") == [(EARLY,), (LATE,)]


def test_a_later_file_revises_an_earlier_one(send: Send) -> None:
    desk = send(parquet(says(value=4), says("x-v2", value=1)), parquet(says(value=5), says("x-v2", value=1)))
    assert desk.rows(HISTORY) == [
        (4, night(1), night(2)),
        (1, night(1), night(2)),
        (5, night(2), None),
        (1, night(2), None),
    ]
    assert [row[2] for row in desk.rows(SUBMISSIONS)] == [1, 2]


@pytest.mark.parametrize("split", [True, False])
def test_what_a_revision_leaves_out_keeps_its_value_and_raises_a_question(split: bool, send: Send) -> None:
    before, after = [says(value=4), says("x-v2", value=1)], [says(value=5)]
    if split:
        desk = send(parquet(*before), parquet(*after))
    else:
        desk = send(parquet(*({**row, "revision": 1} for row in before), *({**row, "revision": 2} for row in after)))
    assert [row[:3] for row in desk.rows(FACTS)] == [("x-v2", BIRTHS, 1), ("x-v1", BIRTHS, 5)]
    assert desk.rows("select rule_code, element_code, cell from intake.remark") == [("absent_in_revision", BIRTHS, "2")]


def test_a_time_before_what_is_known_or_after_the_night_is_not_believed(send: Send) -> None:
    desk = send(
        parquet(says(value=1, received_at=LATE)),
        parquet(says(value=2, received_at=EARLY)),
        parquet(says(value=3, received_at=night(1000))),
    )
    assert desk.rows(HISTORY) == [(1, LATE, LATE), (2, LATE, night(3)), (3, night(3), None)]


def test_a_time_with_a_zone_is_kept_as_utc(send: Send) -> None:
    moment = pl.Series([EARLY]).dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Shanghai")
    target = io.BytesIO()
    pl.DataFrame([says()]).with_columns(received_at=moment).write_parquet(target)
    assert send(target.getvalue()).rows("select received_at from intake.submission") == [(EARLY,)]


def test_the_same_file_again_is_a_duplicate_unless_another_came_between(send: Send) -> None:
    content = parquet(says(value=1, revision=1), says(value=2, revision=2))
    desk = send(content, content, parquet(says(value=3)), content)
    assert desk.states() == ["accepted", "duplicate", "accepted", "accepted"]
    assert [row[:3] for row in desk.rows(SUBMISSIONS)] == [
        ("#1", "accepted", 1), ("#2", "accepted", 2), ("#1", "duplicate", None), ("#2", "duplicate", None),
        ("#1", "accepted", 3), ("#1", "accepted", 4), ("#2", "accepted", 5),
    ]  # fmt: skip
    assert [row[2] for row in desk.rows(FACTS)] == [2]


def test_a_parquet_return_revises_a_workbook_of_the_same_sender(desk: Desk) -> None:
    rows = [["妇幼保健工作月报表"], ["填报单位:某镇", "报告期:2024年3月"], ["序号", "村名", "活产数"], [1, "一村", 9]]
    desk.send("x-town/a.csv", sites.as_csv(rows))
    desk.receive()
    desk.send("b.parquet", parquet(says(value=4)))
    desk.receive()
    assert desk.states() == ["accepted", "accepted"]
    assert desk.rows(HISTORY) == [(9, night(1), night(2)), (4, night(2), None)]


# ---- what is wrong

WRONG_FILES = {
    "a missing column": (
        parquet({k: v for k, v in says().items() if k != "reported_by"}),
        "missing_column",
        "reported_by",
    ),
    "a misspelt column": (parquet(says(recieved_at=EARLY)), "unknown_column", "recieved_at"),
    "text for a value": (parquet(says(value="3")), "wrong_type", "value"),
    "a day for a time": (parquet(says(received_at=EARLY.date())), "wrong_type", "received_at"),
    "a number for a code": (parquet(says(org=1)), "wrong_type", "org_code"),
    "cut short": (parquet(says())[:-40], "unreadable_file", "Parquet"),
    "no Parquet at all": (b"PAR1,1,2\n", "unreadable_file", "Parquet"),
}


@pytest.mark.parametrize("case", WRONG_FILES)
def test_a_file_of_a_wrong_kind_is_refused_and_the_others_load(case: str, desk: Desk) -> None:
    content, reason, named = WRONG_FILES[case]
    desk.send("a.parquet", content, 1)
    desk.send("b.parquet", parquet(says()), 2)
    desk.receive()
    assert desk.rows("select state, reason from intake.receipt order by receipt_number") == [
        ("refused", reason),
        ("accepted", ""),
    ]
    told = desk.refused()["a.parquet.txt"].decode()
    assert named in told
    assert "办法:" in told
    assert "Remedy: " in told
    assert desk.refused()["a.parquet"] == content
    assert len(desk.rows(FACTS)) == 1


def test_a_file_without_a_row_is_refused(desk: Desk) -> None:
    target = io.BytesIO()
    pl.DataFrame([says()]).clear().write_parquet(target)
    desk.send("a.parquet", target.getvalue())
    desk.receive()
    assert desk.rows("select reason from intake.receipt") == [("empty_file",)]


def test_a_damaged_page_refuses_its_file_and_stops_nothing(desk: Desk) -> None:
    content = bytearray(parquet(*(says(value=n, received_at=EARLY + timedelta(minutes=n)) for n in range(3000))))
    content[200:1200] = bytes(1000)
    desk.send("a.parquet", bytes(content), 1)
    desk.send("b.csv", sites.library_return(20), 2)
    desk.receive()
    assert desk.states() == ["refused", "accepted"]
    assert desk.rows("select count(*) from store.fact_history where value = 20") == [(1,)]


@pytest.mark.parametrize(
    ("wrong", "reason", "named"),
    [
        ({"form_code": "no_form"}, "unknown_form", "no_form"),
        ({"form_code": None}, "unknown_form", "form_code"),
        ({"reported_by": "x-nobody"}, "unknown_unit", "x-nobody"),
        ({"period_code": "2024-13"}, "unknown_period", "2024-13"),
        ({"revision": 0}, "unknown_revision", "0"),
    ],
)
def test_a_return_that_cannot_be_placed_is_refused_and_the_rest_of_the_file_loads(
    wrong: dict[str, Any], reason: str, named: str, send: Send
) -> None:
    good = says(revision=1)
    desk = send(parquet(good, {**good, **wrong}, {**good, **wrong, "org_code": "x-v2"}))
    assert [row[:3] for row in desk.rows(FACTS)] == [("x-v1", BIRTHS, 3)]
    assert desk.states() == ["accepted"]
    states = desk.rows(
        "select state, reason, cells_read, cells_quarantined, cell from intake.submission order by state"
    )
    assert states == [("accepted", "", 1, 0, ""), ("refused", reason, 2, 2, "2")]
    assert [row[:3] for row in desk.rows(QUARANTINED)] == [("2", "3", reason), ("3", "3", reason)]
    told = desk.refused()["0.parquet.txt"].decode()
    assert named in told
    assert "从第 2 行起,共 2 行" in told
    assert "from row 2 on, 2 rows" in told


def test_a_file_of_which_nothing_can_be_placed_is_refused(send: Send) -> None:
    assert send(parquet(says(form_code="no_form"))).rows("select state, reason from intake.receipt") == [
        ("refused", "unknown_form")
    ]


@pytest.mark.parametrize(
    ("wrong", "held"),
    [
        (says(element="no_element"), ("3", "unknown_label", "no_element")),
        (says(element="legal_lectures"), ("3", "unknown_label", "legal_lectures")),
        (says(breakdown_code="male"), ("3", "unknown_label", f"{BIRTHS}[male]")),
        (says(org="x-v3"), ("3", "unknown_row_unit", "x-v3")),
        (says(org="x-nobody"), ("3", "unknown_row_unit", "x-nobody")),
        (says(org=None), ("3", "unknown_row_unit", "")),
        (says(state="guessed"), ("3", "unknown_state", "guessed")),
        (says(state="blank"), ("3", "not_a_number", "")),
        (says(value=None, state="reported"), ("reported", "not_a_number", "")),
        (says(value=1.00001), ("1.00001", "not_a_number", "")),
        (says(value=1e17), ("1e+17", "not_a_number", "")),
        (says(value=float("nan")), ("nan", "not_a_number", "")),
    ],
)
def test_a_wrong_row_is_set_aside_and_the_others_load(wrong: dict[str, Any], held: tuple[str, ...], send: Send) -> None:
    desk = send(parquet(says("x-v2", value=7), wrong))
    assert [row[:3] for row in desk.rows(FACTS)] == [("x-v2", BIRTHS, 7)]
    assert desk.rows(QUARANTINED) == [("2", *held)]
    assert desk.rows("select cells_read, cells_fact, cells_quarantined from intake.submission") == [(2, 1, 1)]
    desk.derive()
    [(zh, en, cells)] = desk.rows("select message_zh, message_en, cells from quality.finding")
    assert "没有载入" in zh
    assert "was not loaded" in en
    assert held[1] not in zh, "the reason is told in words"
    assert cells == "2"


def test_a_figure_stated_twice_counts_once_and_the_row_that_repeats_it_is_told(send: Send) -> None:
    desk = send(parquet(says(value=3), says("x-v2"), says(value=4), says(value=3)))
    assert [row[2:5] for row in desk.rows(FACTS)] == [(3, "reported", "1"), (3, "reported", "2")]
    assert desk.rows(QUARANTINED) == [("3", "4", "stated_again", "1"), ("4", "3", "stated_again", "1")]
    desk.derive()
    told = desk.rows("select message_zh, message_en from quality.finding order by cells")
    assert told[0] == (
        "“4”没有载入:第 1 行已经报过同一项,请只留一行。",
        '"4" was not loaded: row 1 states the same figure; keep one of them.',
    )


def test_counts_that_are_negative_or_not_whole_load_and_are_asked_about(send: Send) -> None:
    desk = send(parquet(says(value=-1.0), says("x-v2", value=2.5)))
    assert desk.rows("select rule_code, cell, observed, expected from intake.remark order by cell") == [
        ("count_negative", "1", "-1", "≥ 0"),
        ("count_not_whole", "2", "2.5", "整数 / a whole number"),
    ]
    assert len(desk.rows(FACTS)) == 2


def test_a_file_of_more_rows_than_allowed_is_refused(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.warehouse.bulk.staging.MOST_ROWS", 1)
    desk = send(parquet(says(), says("x-v2")))
    assert desk.rows("select state, reason from intake.receipt") == [("refused", "too_large")]


def test_nothing_of_a_file_stays_in_the_writers_session(send: Send) -> None:
    desk = send(parquet(says()))
    with desk.open() as con:
        assert con.execute("select count(*) from duckdb_tables() where temporary").fetchall() == [(0,)]


def test_a_return_of_a_closed_period_is_refused_and_the_others_of_the_file_load(send: Send) -> None:
    desk = send(parquet(says(value=3)))
    closing = {"form": FORM, "period": "2024-03", "state": "closed", "orgs": ["x-town"], "who": "王局", "why": ""}
    journal.append(desk.home.journal, "sign", sites.moment(1), **closing)
    send(parquet(says(value=4), says("x-v3", value=9, reported_by="x-town2")))
    assert desk.rows(SUBMISSIONS) == [
        ("#1", "accepted", 1, ""), ("#1", "refused", None, "period_closed"), ("#1", "accepted", 1, ""),
    ]  # fmt: skip
    assert [row[:3] for row in desk.rows(FACTS)] == [("x-v1", BIRTHS, 3), ("x-v3", BIRTHS, 9)]
    assert desk.rows(QUARANTINED) == [("1", "4", "period_closed", "")]
    [text] = [content.decode() for name, content in desk.refused().items() if name.endswith(".txt")]
    assert "was closed by 王局" in text
    assert "--org x-town --period 2024-03 --state open" in text
