"""The page on returns: who is behind, what is signed, what is wrong, what became of every cell."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dashboards.address import parse
from dashboards.cards import Card, draw
from dashboards.drawing import KNOWN
from dashboards.listing import MOST_ROWS
from dashboards.pages import reporting_asked
from pipelines.warehouse.release import Release
from tests.release_tables import RATE, add, add_rates
from tests.unit.dashboards.drawn import a_release, content, links, said

HTML = "<img src=x onerror=alert(1)>"
MONTHS = [f"2014-{month:02d}" for month in range(1, 13)]
COUNTY = "/reporting?org=c&period=2014-03"


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """A county of two townships, the first with a village; months and a quarter of 2014; returns of three months."""
    found = a_release(tmp_path)
    units = [("c", "甲县", "county", None), ("t1", "一镇", "township", "c"), ("t2", HTML, "township", "c"),
             ("v1", "河村", "village", "t1")]  # fmt: skip
    with duckdb.connect(str(found.database)) as con:
        keys = {code: key for key, (code, *_) in enumerate(units, 9000)}
        above = {code: parent for code, _, _, parent in units}
        for code, name, level, parent in units:
            con.execute(
                "insert into core.org_unit values (?, ?, ?, ?, ?, '', '', null, null, false, false, ?, ?)",
                [keys[code], code, name, level, parent, keys.get(str(parent)), keys[code]],
            )
            ancestor, distance = code, 0
            while ancestor is not None:
                con.execute(
                    "insert into core.org_ancestor values (?, ?, ?, null, null)", [keys[code], keys[ancestor], distance]
                )
                ancestor, distance = above[ancestor], distance + 1
        for key, month in enumerate(MONTHS, 1):
            con.execute(
                "insert into core.period values (?, ?, ?::date, last_day(?::date), 'month', false, '', null)",
                [key, month, f"{month}-01", f"{month}-01"],
            )
        con.execute(
            "insert into core.period values (99, '2014Q1', '2014-01-01', '2014-03-31', 'quarter', false, '', null)"
        )
    add_rates(
        found.database,
        {**RATE, "org_code": "c", "org_level": "county", "period_code": "2014-03"},
    )
    return found


def owe(release: Release, org: str, period: str, state: str, **more: object) -> None:
    row = {"org_code": org, "form_code": "mch_village_month", "period_code": period, "state": state}
    add(release.database, "marts.reporting_status", {**row, "finality": "submitted", **more})


def receive(release: Release, number: int, **more: object) -> None:
    """A receipt and its submission."""
    row = {
        "receipt_id": f"r{number}", "receipt_number": number, "file_id": "f", "filename": f"表{number}.xlsx",
        "sender": "t1", "received_at": "2014-04-01", "modified_at": "2014-04-01", "state": "accepted", "reason": "",
    }  # fmt: skip
    sent = {
        "submission_key": number, "submission_id": f"s{number}", "receipt_id": f"r{number}", "sheet": "3月",
        "form_code": "mch_village_month", "org_code": "t1", "reported_by": "t1", "period_code": "2014-03",
        "state": "accepted", "reason": "", "reason_zh": "", "reason_en": "", "cell": "", "received_at": "2014-04-01",
        "cells_read": 10, "cells_fact": 4, "cells_claim": 1, "cells_total": 2, "cells_entry": 0, "cells_label": 2,
        "cells_quarantined": 1,
    }  # fmt: skip
    add(release.database, "intake.receipt", {name: more.get(name, value) for name, value in row.items()})
    add(release.database, "intake.submission", {name: more.get(name, value) for name, value in sent.items()})


def find(release: Release, number: int, **more: object) -> None:
    row = {
        "finding_id": f"f{number:03d}", "rule_code": "count_negative", "severity": "error", "org_code": "t1",
        "period_code": "2014-03", "form_code": "mch_village_month", "observed": "-7.0000", "expected": ">= 0.0000",
        "message_zh": "计数为负:-7。", "message_en": "A count is negative: -7.", "submission_id": "s1",
        "sheet": "3月", "cells": "C4", "status": "open",
    }  # fmt: skip
    add(release.database, "quality.finding", {**row, **more})


def test_a_release_without_a_roster_says_so(release: Release) -> None:
    text = said(release, COUNTY)
    assert "名册上没有应报的报表" in text
    assert "没有拒收的文件" in text
    assert "没有可以比较的数" in text
    assert "没有这样的问题" in text
    assert "meta.run" in text
    assert "The roster owes no return." in said(release, f"{COUNTY}&lang=en")


def test_the_sentence_counts_what_is_due_and_names_who_is_behind(release: Release) -> None:
    owe(release, "t1", "2014-02", "on_time")
    owe(release, "t1", "2014-03", "on_time")
    owe(release, "t2", "2014-02", "missing")
    owe(release, "t2", "2014-03", "late")
    text = said(release, f"{COUNTY}&lang=en")
    assert "2014-02 to 2014-03: of 4 returns due 2 (50%) came in time, 1 late, 1 are missing, 0 refused." in text
    assert f"Most behind: {HTML} (1 missing, 1 late)." in text


def test_returns_that_are_not_due_are_no_debt(release: Release) -> None:
    owe(release, "t1", "2014-03", "not_due")
    assert "都未到期" in said(release, COUNTY)


def test_columns_are_the_last_twelve_periods_of_the_kind_chosen(release: Release) -> None:
    for month in MONTHS:
        owe(release, "t1", month, "on_time")
    owe(release, "t1", "2014Q1", "missing")
    shown, page = content(release, "/reporting?org=c&period=2014-10")
    figure = page.card("grid").figure
    assert figure["layout"]["xaxis"]["ticktext"] == MONTHS[:10]
    assert [way for way in links(draw(page.card("grid"), shown)) if "period=2014-12" in way], "later periods are linked"
    assert "此后还有 2 份到期应报" in said(release, "/reporting?org=c&period=2014-10", "grid")
    assert "2014Q1" in said(release, "/reporting?org=c&period=2014-10", "grid")
    _, quarter = content(release, "/reporting?org=c&period=2014Q1")
    assert quarter.card("grid").figure["layout"]["xaxis"]["ticktext"] == ["2014Q1"]


def test_where_nothing_of_the_kind_is_owed_the_usual_kind_is_shown(release: Release) -> None:
    for month in MONTHS[:3]:
        owe(release, "t1", month, "on_time")
    _, page = content(release, "/reporting?org=c&period=2014Q1")
    assert page.card("grid").figure["layout"]["xaxis"]["ticktext"] == MONTHS[:3]


def test_the_grid_puts_those_behind_first_with_sign_and_link(release: Release) -> None:
    for month in MONTHS[:3]:
        owe(release, "t1", month, "on_time")
        owe(release, "t2", month, "missing" if month == "2014-02" else "on_time")
    shown, page = content(release, COUNTY)
    card = page.card("grid")
    marks = card.figure["data"][0]
    assert card.figure["layout"]["yaxis"]["ticktext"][0].startswith("&lt;img")
    assert marks["text"] == [["✓", "缺", "✓"], ["✓", "✓", "✓"]]
    assert "<img" not in marks["hovertext"][0][0]
    assert marks["customdata"][0][1] == "/reporting?at=2014-02&org=t2&period=2014-03#card-returns"
    assert marks["customdata"][0][1] in links(draw(card, shown)), "the same link stands in the table"


def test_a_unit_that_stands_for_many_senders_shows_their_share(release: Release) -> None:
    owe(release, "t1", "2014-03", "on_time")
    owe(release, "v1", "2014-03", "missing")
    _, page = content(release, COUNTY)
    assert page.card("grid").figure["data"][0]["text"] == [["缺<br>1/2"]]
    assert "报送单位 2 个" in page.card("grid").figure["data"][0]["hovertext"][0][0]
    assert "颜色为按时收到的份额" in said(release, COUNTY, "grid")


def test_a_unit_that_owes_itself_is_a_row_of_its_own(release: Release) -> None:
    owe(release, "c", "2014-03", "received")
    _, page = content(release, COUNTY)
    assert page.card("grid").figure["layout"]["yaxis"]["ticktext"] == ["甲县"]
    assert page.card("grid").figure["data"][0]["text"] == [["收"]]


def test_more_units_than_are_drawn_are_counted(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting_asked, "MOST_UNITS", 1)
    monkeypatch.setattr("dashboards.pages.reporting_returns.MOST_UNITS", 1)
    owe(release, "t1", "2014-03", "on_time")
    owe(release, "t2", "2014-03", "late")
    _, page = content(release, COUNTY)
    assert page.card("grid").frame["org_code"].to_list() == ["t2"]
    assert "另有 1 个" in said(release, COUNTY, "grid")


def test_forms_tell_finality_signer_and_the_command_that_comes_next(release: Release) -> None:
    owe(release, "t1", "2014-02", "on_time", finality="approved")
    owe(release, "t1", "2014-03", "on_time")
    signed = {"form_code": "mch_village_month", "org_code": "t1", "reported_by": "t1", "period_code": "2014-02"}
    add(release.database, "core.return_state",
        {**signed, "finality": "approved", "signed_by": "王某", "signed_at": "2014-03-05 01:00:00"})  # fmt: skip
    text = said(release, COUNTY, "forms")
    assert "taizhang sign mch_village_month --under c --period 2014-03 --state approved" in text
    assert "王某 2014-03-05 09:00" in text
    assert "--org t1 --period 2014-03" in said(release, "/reporting?org=t1&period=2014-03", "forms")


def test_what_is_approved_is_closed_next_and_a_printed_signer_is_said_to_be_printed(release: Release) -> None:
    owe(release, "t1", "2014-03", "on_time", finality="approved")
    signed = {"form_code": "mch_village_month", "org_code": "t1", "reported_by": "t1", "period_code": "2014-03"}
    add(release.database, "core.return_state", {**signed, "finality": "approved", "signed_by": "李某"})
    text = said(release, f"{COUNTY}&lang=en", "forms")
    assert "--state closed" in text
    assert "李某 (as printed on the return)" in text


def test_returns_are_filtered_by_state_and_by_one_period(release: Release) -> None:
    owe(release, "t1", "2014-02", "on_time")
    owe(release, "t1", "2014-03", "late", due_on="2014-04-10")
    assert "2014-02" not in said(release, f"{COUNTY}&state=late", "returns")
    assert "2014-04-10" in said(release, f"{COUNTY}&state=late", "returns")
    only = said(release, f"{COUNTY}&at=2014-02", "returns")
    assert "只列出 2014-02" in only
    assert "! 迟报" not in only
    assert "没有这样的报表" in said(release, f"{COUNTY}&state=refused", "returns")


def test_an_unknown_period_or_row_in_the_address_does_no_harm(release: Release) -> None:
    owe(release, "t1", "2014-03", "on_time")
    assert "报表清单 (1 份)".replace(" ", "") in said(
        release, f"{COUNTY}&at=nonsense&returns_from=900&from=-1"
    ).replace(" ", "")


def test_findings_stand_with_place_expectation_and_remedy(release: Release) -> None:
    receive(release, 1)
    find(release, 1, explanation="已核实", explained_by="王某", explained_at="2014-04-02")
    text = said(release, COUNTY, "findings")
    for word in ("一镇", "✗ 错误", "计数为负", "-7", ">= 0", "表1.xlsx › 3月 › C4", "填 0 或正整数", "已核实", "王某"):
        assert word in text
    assert "7.0000" not in text
    assert "Give 0 or more" in said(release, f"{COUNTY}&lang=en", "findings")


@pytest.mark.parametrize(
    ("asked", "count"),
    [("", 3), ("&severity=warning", 1), ("&rule=stated_twice", 1), ("&status=explained", 1), ("&form=none", 0),
     ("&q=%E6%B2%B3%E6%9D%91", 1), ("&q=c4", 2), ("&q=%25", 0), ("&at=2014-02", 1)],
)  # fmt: skip
def test_findings_are_filtered(release: Release, asked: str, count: int) -> None:
    find(release, 1)
    find(release, 2, severity="warning", period_code="2014-02", org_code="v1", cells="D9")
    find(release, 3, rule_code="stated_twice", status="explained")
    _, page = content(release, COUNTY + asked)
    assert page.card("findings").frame.height == count


def test_findings_are_turned_over_and_sorted_by_links(release: Release) -> None:
    for number in range(MOST_ROWS + 3):
        find(release, number, severity="question" if number else "error", org_code="v1" if number % 2 else "t1")
    shown, page = content(release, COUNTY)
    ways = links(draw(page.card("findings"), shown))
    assert f"/reporting?from={MOST_ROWS}&org=c&period=2014-03#card-findings" in ways
    assert "/reporting?org=c&period=2014-03&sort=unit#card-findings" in ways
    _, second = content(release, f"{COUNTY}&from={MOST_ROWS}")
    assert second.card("findings").frame.height == 3
    _, beyond = content(release, f"{COUNTY}&from=5000")
    assert beyond.card("findings").frame.height == MOST_ROWS, "rows that are not there: the list begins anew"
    whole = page.card("findings")
    everything = shown.reader.frame(whole.query, **{**whole.values, **whole.whole})
    assert everything.height == MOST_ROWS + 3, "downloads hold all"


def test_findings_of_other_units_and_times_are_not_shown(release: Release) -> None:
    owe(release, "t1", "2014-03", "on_time")
    find(release, 1, org_code="elsewhere", period_code="2014-03")
    find(release, 2, period_code="2014-12")
    _, page = content(release, "/reporting?org=t2&period=2014-03")
    assert page.card("findings").frame.is_empty()


def test_what_names_no_unit_stands_with_its_sender_or_with_units_that_nothing_is_above(release: Release) -> None:
    refused = {"state": "refused", "reason": "unknown_form", "org_code": None, "form_code": None, "period_code": None,
               "reason_zh": "认不出这是哪种报表。", "reason_en": "No known form."}  # fmt: skip
    receive(release, 1, **refused)
    receive(release, 2, **refused, sender="没有的单位", filename=f"{HTML}.csv")
    for address, names in (("c", ("表1.xlsx", HTML)), ("t1", ("表1.xlsx",)), ("t2", ())):
        text = said(release, f"/reporting?org={address}&period=2014-03", "refused")
        assert [name for name in ("表1.xlsx", HTML) if name in text] == list(names)
    text = said(release, COUNTY, "refused")
    assert "认不出这是哪种报表" in text
    assert f"refused/r2-{HTML}.csv.txt" in text


def test_a_cell_set_aside_stands_with_what_was_printed_why_and_what_to_do(release: Release) -> None:
    receive(release, 1)
    add(release.database, "intake.quarantine",
        {"submission_id": "s1", "sheet": "3月", "cell": "G15", "printed": "约11", "reason": "not_a_number",
         "label": ""})  # fmt: skip
    text = said(release, COUNTY, "held")
    for word in ("表1.xlsx › 3月 › G15", "约11", "不是数", "这一格只写数"):
        assert word in text


def test_the_label_of_a_cell_set_aside_stands_in_the_brackets_of_the_language(release: Release) -> None:
    receive(release, 1)
    add(release.database, "intake.quarantine",
        {"submission_id": "s1", "sheet": "3月", "cell": "G15", "printed": "15", "reason": "unknown_row_unit",
         "label": "甲乡"})  # fmt: skip
    assert "填报单位下没有这个单位(甲乡)" in said(release, COUNTY, "held")
    assert "no such unit below the sender (甲乡)" in said(release, f"{COUNTY}&lang=en", "held")


def test_what_was_expected_stands_in_the_language_of_the_page(release: Release) -> None:
    whole = {"rule_code": "count_not_whole", "observed": "0.2483", "expected": "整数 / a whole number"}
    find(release, 1, **whole, message_zh="", message_en="")
    for address in (COUNTY, "/unit?org=t1&period=2014-03"):
        zh, en = (said(release, address + more, "findings") for more in ("", "&lang=en"))
        assert ("整数" in zh, "a whole number" in zh) == (True, False)
        assert ("整数" in en, "a whole number" in en) == (False, True)


def test_cells_add_up_and_a_difference_is_told(release: Release) -> None:
    receive(release, 1)
    assert "✓ 差 0 个" in said(release, COUNTY, "cells")
    receive(release, 2, cells_read=12)
    text = said(release, COUNTY, "cells")
    assert "✗ 差 2 个" in text
    _, page = content(release, COUNTY)
    assert "其中 2 个去向不明" in said(release, COUNTY)
    assert "去向不明" in [bar["name"] for bar in page.card("cells").figure["data"]]


def test_levels_are_counted_and_listed_with_difference_coverage_and_place(release: Release) -> None:
    receive(release, 1)
    told = {"org_code": "t1", "period_code": "2014-03", "breakdown_code": "",
            "period_basis": "stated", "coverage": 0.75,
            "units_expected": 4, "units_reported": 3, "submission_id": "s1", "sheet": "3月", "cell": "E19"}  # fmt: skip
    add(release.database, "marts.level_consistency",
        {**told, "element_code": "live_births", "own_value": 70, "rolled_up_value": 71, "difference": -1,
         "relative_difference": -1 / 70, "verdict": "different", "reason": "rows_exceed"},
        {**told, "element_code": "women_delivered", "own_value": 5, "rolled_up_value": 5, "difference": 0,
         "relative_difference": 0.0, "verdict": "equal", "reason": None})  # fmt: skip
    text = said(release, COUNTY, "levels")
    for word in ("✗ 不一致 1", "✓ 一致 1", "下级之和超过本级所填", "−1.4%", "75% (3 / 4)", "表1.xlsx › 3月 › E19"):
        assert word in text
    assert "women_delivered" not in text


def test_suites_that_ran_are_told_with_the_place_of_their_results(release: Release) -> None:
    with duckdb.connect(str(release.database)) as con:
        con.execute("insert into meta.run values ('n', 'intake', 2.0), ('n', 'expectations core.fact', 1.25)")
    text = said(release, COUNTY, "suites")
    for word in ("core.fact", "1.25", "make dagster", "expectations/core/fact.py"):
        assert word in text
    assert "intake" not in text


def test_the_address_keeps_what_the_page_knows_and_nothing_else() -> None:
    view = parse("/reporting", "?q=a&at=2014&sort=unit&from=25&order=unit&returns_from=5&evil=1", KNOWN)
    assert set(view.values) == {"q", "at", "sort", "from", "order", "returns_from"}


def test_every_card_is_drawn_in_both_languages_and_no_name_brings_markup(release: Release) -> None:
    owe(release, "t2", "2014-03", "late")
    receive(release, 1)
    find(release, 1, org_code="t2", message_zh=HTML, message_en=HTML)
    for lang in ("", "&lang=en"):
        shown, page = content(release, COUNTY + lang)
        cards = [part for part in page.parts if isinstance(part, Card)]
        assert len(cards) == 9
        for card in cards:
            assert "dangerously_allow_html" not in str(draw(card, shown))
