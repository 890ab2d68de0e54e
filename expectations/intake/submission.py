"""The suite of intake.submission: every cell of a return has exactly one disposition, and the warehouse holds them."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import in_set, no_rows, resolves
from expectations.structure import key_checks

STATES = ("accepted", "duplicate", "refused")


def suite() -> list[Expectation]:
    """What must hold of the tables read."""
    return [
        *key_checks(["submission_id"]),
        in_set("state_known", "state", STATES, "状态取值已知", "the state is a known one"),
        no_rows(
            "refusal_says_why",
            "select * from {batch} where (state = 'refused') <> (reason <> '' and reason_zh <> '' and reason_en <> '')",
            "拒收的表都说明了原因,其他的没有",
            "a refused table says why in both languages, and no other does",
        ),
        no_rows(
            "accepted_is_placed",
            "select * from {batch} where state = 'accepted' and (form_code is null or org_code is null "
            "or reported_by is null or period_code is null or revision is null)",
            "接收的表都有报表、单位、填报人、统计期和版次",
            "an accepted table has its form, unit, sender, period and revision",
        ),
        resolves("receipt_resolves", "receipt_id", "intake.receipt", "receipt_id",
                 "每张表都属于一份收到的文件", "every table belongs to a file that was received"),
        no_rows(
            "cells_balanced",
            "select * from {batch} where cells_read <> cells_fact + cells_claim + cells_total + cells_entry "
            "+ cells_label + cells_quarantined",
            "读到的单元格都有且只有一个去向",
            "every cell that was read has exactly one disposition",
        ),
        *_cells_kept(),
    ]  # fmt: skip


def _cells_kept() -> list[Expectation]:
    """What the account says was loaded is what the warehouse holds."""
    distinct_cells = "(select count(distinct fact.cell) from {source} as fact where fact.{key} = told.{key}{only})"
    facts, key = "store.fact_history", "submission_key"
    return [
        _kept(
            "cells_of_facts_kept",
            "told.cells_fact + told.cells_total",
            distinct_cells.format(source="core.fact_history", key="submission_id", only=""),
            "数据单元格和合计单元格都在事实表中",
            "the cells of facts and totals are those in core.fact_history",
        ),
        _kept(
            "cells_of_parts_kept",
            "told.cells_fact",
            distinct_cells.format(source=facts, key=key, only=" and not fact.from_total"),
            "非合计的数据单元格都在事实表中",
            "the cells of facts that are no totals are those that the warehouse holds",
        ),
        _kept(
            "cells_of_claims_kept",
            "told.cells_claim",
            distinct_cells.format(source="store.claim_history", key=key, only=""),
            "上报率的单元格都在上报率表中",
            "the cells of printed rates are those that the warehouse holds",
        ),
        _kept(
            "cells_quarantined_kept",
            "told.cells_quarantined",
            "(select count(*) from intake.quarantine as held where held.submission_id = told.submission_id)",
            "隔离的单元格都在隔离表中",
            "the quarantined cells are those in intake.quarantine",
        ),
    ]


def _kept(name: str, account: str, held: str, zh: str, en: str) -> Expectation:
    query = (
        f"select * from (select told.submission_id, told.form_code, told.org_code, told.period_code, told.sheet, "
        f"{account} as cells_read, {held} as cells_kept from {{batch}} as told where told.state = 'accepted') as compared "
        "where cells_read <> cells_kept"
    )
    return no_rows(name, query, zh, en)
