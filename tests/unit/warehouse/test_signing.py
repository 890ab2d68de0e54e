"""Signing off: what the foot says, what a sign changes, what a closed return refuses; a rebuild follows all of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.catalog.periods import parse_code
from pipelines.errors import TaizhangError, TryAgain
from pipelines.intake.facts import FactCell
from pipelines.intake.tables import Account, Table
from pipelines.settings import Home
from pipelines.warehouse import journal
from pipelines.warehouse.release import Release, current
from pipelines.warehouse.sign_off import Signed, Wanted, sign
from pipelines.warehouse.signing import Closing, set_aside_where_closed
from pipelines.warehouse.verify import verify
from tests.unit.warehouse.sites import as_csv, library_return, library_rows, moment, new_site, plain_night, put

FORM, ORG, MINUTES = "library_summary", "x-japan", "walking_minutes_to_library"
STATE = "select org_code, revision, finality, signed_by, why from core.return_state"
VALUE = "select value::integer from core.fact_chosen"
FINDINGS = "select rule_code, severity, elements, observed, expected from quality.sign_finding"


class Office:
    """A site whose nights are a day apart; signs are put down between them."""

    def __init__(self, path: Path) -> None:
        self.home, self.day = new_site(path), 0

    def night(self, minutes: object = None, foot: str = "", name: str = "a.csv", *, full: bool = False) -> Release:
        if minutes is not None:
            rows = library_rows({"步行到馆分钟": minutes})
            put(self.home, name, as_csv([*rows, [foot]] if foot else rows))
        self.day += 1
        return plain_night(self.home, self.day, full=full)

    def sign(self, state: str, why: str = "", who: str = "王审核", org: str = ORG, under: str = "") -> Signed:
        release = current(self.home)
        assert release is not None
        wanted = Wanted(FORM, parse_code("2016"), state, "" if under else org, under, why, who)
        return sign(self.home, release, wanted, moment(self.day))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        release = current(self.home)
        assert release is not None
        with duckdb.connect(str(release.database), read_only=True) as con:
            return con.execute(query).fetchall()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "site")


def told(home: Home) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in home.refused.glob("*.txt"))


def test_a_return_is_submitted_until_somebody_signs_it(office: Office) -> None:
    office.night(20, foot="审核人:    填表人:李四")
    assert office.rows(STATE) == [(ORG, 1, "submitted", None, None)]
    assert office.sign("approved").signed == [ORG]
    assert office.rows(STATE)[0][2] == "submitted"
    office.night()
    assert office.rows(STATE) == [(ORG, 1, "approved", "王审核", "")]
    assert office.sign("approved") == Signed(already=[ORG])


def test_the_name_in_the_foot_approves_and_all_signatures_are_kept(office: Office) -> None:
    office.night(20, foot="单位负责人:赵六  审核人:张 三    填表人:李四   联系电话:123  填报日期:2017年1月5日")
    assert office.rows(STATE) == [(ORG, 1, "approved", "张三", None)]
    assert office.rows("select role, name, cell from intake.signature order by role") == [
        ("approver", "张三", "A5"), ("clerk", "李四", "A5"), ("date", "2017年1月5日", "A5"), ("head", "赵六", "A5"),
    ]  # fmt: skip
    assert office.rows("select finality_rank from store.return_finality") == [(2,)]


def test_a_later_file_of_an_approved_return_is_taken_and_told(office: Office) -> None:
    office.night(20, foot="审核人:张三")
    office.night(30)
    assert office.rows(STATE) == [(ORG, 2, "submitted", None, None)]
    assert office.rows(VALUE) == [(30,)]
    [(rule, severity, elements, observed, expected)] = office.rows(FINDINGS)
    assert (rule, severity, elements, expected) == ("approved_revised", "warning", MINUTES, "张三")
    assert "20 → 30" in str(observed)
    [(zh, en)] = office.rows("select message_zh, message_en from quality.finding where rule_code = 'approved_revised'")
    assert "已由 张三 审核" in str(zh)
    assert "20→30" in str(zh)
    assert "taizhang sign library_summary --org x-japan --period 2016 --state approved" in str(en)
    office.sign("approved", who="孙七")
    office.night()
    assert office.rows(FINDINGS) == []
    assert office.rows(STATE) == [(ORG, 2, "approved", "孙七", "")]


def test_a_later_file_that_is_signed_itself_is_approved_and_told_all_the_same(office: Office) -> None:
    office.night(20, foot="审核人:张三")
    office.night(30, foot="审核人:李四")
    assert office.rows(STATE) == [(ORG, 2, "approved", "李四", None)]
    assert [row[0] for row in office.rows(FINDINGS)] == ["approved_revised"]


def test_a_later_file_with_the_same_figures_changes_nothing_that_was_approved(office: Office) -> None:
    office.night(20, foot="审核人:张三")
    office.night(20, foot="填表人:李四")
    assert office.rows(STATE) == [(ORG, 2, "submitted", None, None)]
    assert office.rows(FINDINGS) == []


def test_a_second_revision_is_compared_with_what_was_approved(office: Office) -> None:
    office.night(20)
    office.sign("approved")
    for minutes in (30, 40):
        office.night(minutes)
    assert [("20 → 40" in str(row[3]), row[4]) for row in office.rows(FINDINGS)] == [(True, "王审核")]


def test_a_closed_return_takes_no_file_until_it_is_opened_with_a_reason(office: Office) -> None:
    office.night(20)
    office.sign("closed")
    office.night(30)
    assert office.rows(VALUE) == [(20,)]
    assert office.rows(STATE)[0][2] == "closed"
    account = "select state, reason, cells_read, cells_fact, cells_quarantined + cells_label from intake.submission"
    assert office.rows(f"{account} order by submission_key")[1] == ("refused", "period_closed", 14, 0, 14)
    assert office.rows("select printed, reason from intake.quarantine") == [("30", "period_closed")]
    text = told(office.home)
    for part in ("王审核", f"{moment(1):%Y-%m-%d}", "定案", "was closed by 王审核",
                 'taizhang sign library_summary --org x-japan --period 2016 --state open --why "…"'):  # fmt: skip
        assert part in text
    with pytest.raises(TaizhangError, match="needs a reason"):
        office.sign("open")
    office.sign("open", why="数字有误")
    office.night()
    assert office.rows(STATE) == [(ORG, 1, "open", "王审核", "数字有误")]
    assert office.rows(VALUE) == [(20,)]
    [refused] = [path for path in office.home.refused.iterdir() if path.suffix == ".csv"]
    office.night(30, name=refused.name)  # the very bytes that were refused, sent again
    assert office.rows(VALUE) == [(30,)]
    assert office.rows(STATE) == [(ORG, 2, "submitted", None, None)]
    assert office.rows(FINDINGS) == []
    assert office.rows("select rule_code from quality.finding where severity = 'error'") == []


def test_a_rebuild_and_a_verification_follow_the_signs_in_their_order(office: Office) -> None:
    office.night(20)
    office.sign("closed")
    office.night(30)
    office.sign("open", why="数字有误")
    release = office.night(40)
    assert verify(office.home, release).problems == []
    before = office.rows(STATE), office.rows("select state, reason from intake.submission order by submission_key")
    office.night(full=True)
    assert before[1] == [("accepted", ""), ("refused", "period_closed"), ("accepted", "")]
    assert (
        office.rows(STATE),
        office.rows("select state, reason from intake.submission order by submission_key"),
    ) == before


def test_the_same_bytes_again_are_a_duplicate_of_a_closed_return_and_no_refusal(office: Office) -> None:
    office.night(20)
    office.sign("closed")
    office.night(20)
    assert office.rows("select state from intake.submission order by submission_key") == [("accepted",), ("duplicate",)]


def test_a_correction_changes_a_closed_return_and_it_stays_closed(office: Office) -> None:
    from pipelines.warehouse.corrections import declare

    office.night(20)
    office.sign("closed")
    table = office.home.path / "corrections.csv"
    table.write_text(
        "org_code,period_code,form_code,element_code,found,value,why,who\n"
        f"{ORG},2016,{FORM},{MINUTES},20,12,电话核实,张三\n"
    )  # fmt: skip
    declare(office.home, table, moment(office.day))
    office.night()
    assert office.rows(VALUE) == [(12,)]
    assert office.rows(STATE)[0][2] == "closed"


def test_only_what_the_release_shows_is_signed(office: Office) -> None:
    office.night(20)
    shown = current(office.home)
    office.night(30)
    assert shown is not None
    wanted = Wanted(FORM, parse_code("2016"), "approved", ORG, who="甲")
    with pytest.raises(TryAgain, match="received after the newest release"):
        sign(office.home, shown, wanted, moment(3))
    assert journal.read(office.home.journal).of_kind("sign") == []


@pytest.mark.parametrize("what", [{"org": "x-boston"}, {"under": ORG}])
def test_what_was_never_sent_cannot_be_signed(what: dict[str, str], office: Office) -> None:
    office.night(20)
    with pytest.raises(TaizhangError, match="nothing to sign"):
        office.sign("approved", **what)


def test_an_approved_return_is_not_made_less_without_a_reason_but_closed_without_one(office: Office) -> None:
    office.night(20)
    office.sign("approved")
    office.sign("closed")
    with pytest.raises(TaizhangError, match="needs a reason"):
        office.sign("approved")
    assert office.sign("open", why="重核").signed == [ORG]
    assert office.sign("open", why="重核").already == [ORG]


def test_errors_keep_a_return_from_being_closed_without_a_reason(office: Office) -> None:
    office.night(20)
    office.night("二十个", name="b.csv")
    newest = current(office.home)
    assert newest is not None
    with duckdb.connect(str(newest.database)) as con:
        con.execute(
            "create or replace table quality.finding as select 'f1' as finding_id, 'error' as severity, "
            f"'open' as status, '{ORG}' as org_code, '2016' as period_code, '{FORM}' as form_code, '错' as "
            "message_zh, 'wrong' as message_en, null::varchar as submission_id, '表' as sheet, 'D4' as cells"
        )
    with pytest.raises(TaizhangError, match=r"x-japan 表 D4: wrong"):
        office.sign("closed")
    assert len(office.sign("approved").errors) == 1
    closed = office.sign("closed", why="年报截止")
    assert (closed.signed, len(closed.errors)) == ([ORG], 1)


def test_all_returns_below_a_unit_are_signed_at_once_and_those_not_sent_are_named(office: Office) -> None:
    with (office.home.catalog / "orgs.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"x-japan-{n},日本{n}馆,province,x-japan,,,,\n" for n in "abc")
    roster = "japan: {form: library_summary, scope: x-japan, level: province, periods: ['2016']}\n"
    (office.home.catalog / "roster.yaml").write_text(roster, encoding="utf-8")
    for name in "ab":
        put(office.home, f"{name}馆.csv", library_return(20, unit=f"日本{name}馆"))
    office.night(20)  # that of the unit itself
    became = office.sign("closed", under=ORG)
    assert (became.signed, became.not_sent) == (["x-japan-a", "x-japan-b"], ["x-japan-c"])
    office.night()
    assert office.rows("select org_code, finality from core.return_state order by 1") == [
        (ORG, "submitted"), ("x-japan-a", "closed"), ("x-japan-b", "closed"),
    ]  # fmt: skip
    assert office.rows("select org_code, finality from marts.reporting_status order by 1") == [
        ("x-japan-a", "closed"), ("x-japan-b", "closed"), ("x-japan-c", "open"),
    ]  # fmt: skip


def test_a_file_that_states_figures_of_a_closed_period_beside_its_own_is_refused() -> None:
    closing = Closing("王局", moment(0), "日本", "图书馆表", "library")
    closings = {(FORM, ORG, "2015"): closing}

    def table(period: str) -> Table:
        cell = FactCell(ORG, parse_code(period), MINUTES, "", 1, Decimal(20), "exact", "reported", "D4", False)
        made = Table("表", FORM, ORG, ORG, parse_code("2016"), account=Account(read=3, fact=1, label=2))
        made.facts.append(cell)
        return made

    other, own = table("2015"), table("2016")
    assert (set_aside_where_closed(own, closings), own.refusal) == (False, None)
    assert set_aside_where_closed(other, closings)
    assert other.refusal is not None
    assert "--period 2015" in other.refusal.remedy_en
    assert other.account == Account(read=3, quarantined=1, label=2)


def test_a_sign_whose_return_is_gone_is_told(office: Office) -> None:
    office.night(20)
    with journal.appending(office.home.journal) as lines:
        lines.append("sign", moment(1), [{"form": FORM, "period": "2015", "state": "closed", "orgs": ["x-gone", ORG],
                                          "who": "甲", "why": ""}])  # fmt: skip
    office.night()
    assert office.rows("select rule_code, elements from quality.sign_finding order by 2") == [
        ("sign_unmatched", f"{FORM} x-gone 2015"), ("sign_unmatched", f"{FORM} {ORG} 2015"),
    ]  # fmt: skip
