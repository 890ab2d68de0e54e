"""The suite of intake.submission: each cell of a return has one disposition, and what was loaded is there."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import in_set, no_rows, resolves
from expectations.structure import key_checks

FACT_CELLS = """
    select count(distinct fact.cell) from store.fact_history as fact
    where fact.submission_key = told.submission_key"""
PART_CELLS = """
    select count(distinct fact.cell) from store.fact_history as fact
    where fact.submission_key = told.submission_key and not fact.from_total"""
CLAIM_CELLS = """
    select count(distinct claim.cell) from store.claim_history as claim
    where claim.submission_key = told.submission_key"""
QUARANTINED = """
    select count(*) from intake.quarantine as held where held.submission_id = told.submission_id"""


def suite() -> list[Expectation]:
    """What must hold of the tables that were read."""
    return [
        *key_checks(["submission_id"]),
        in_set("state", ["accepted", "duplicate", "refused", "correction"], "状态", "the state"),
        no_rows(
            "refusal_says_why",
            """
            select * from {batch}
            where (state = 'refused') <> (reason <> '' and reason_zh <> '' and reason_en <> '')""",
            "拒收的表都用两种语言说明了原因,其他的没有",
            "a refused table says why in both languages, and no other does",
        ),
        no_rows(
            "accepted_is_placed",
            """
            select * from {batch}
            where state = 'accepted'
                and (form_code is null or org_code is null or reported_by is null or period_code is null
                    or revision is null)""",
            "接收的表都有报表、单位、填报人、统计期和版次",
            "an accepted table has its form, unit, sender, period and revision",
        ),
        resolves("receipt_id"),
        no_rows(
            "cells_balanced",
            """
            select * from {batch}
            where cells_read <> cells_fact + cells_claim + cells_total + cells_entry + cells_label
                + cells_quarantined""",
            "读到的单元格都有且只有一个去向",
            "every cell that was read has exactly one disposition",
        ),
        *_cells_kept(),
    ]


def _cells_kept() -> list[Expectation]:
    """What the account says was loaded is what the warehouse holds."""
    return [
        _kept(
            "cells_of_facts_kept",
            ("cells_fact + told.cells_total", FACT_CELLS),
            "数据和合计的单元格都在事实表中",
            "the cells of facts and totals are those in store.fact_history",
        ),
        _kept(
            "cells_of_parts_kept",
            ("cells_fact", PART_CELLS),
            "非合计的数据单元格都在事实表中",
            "the cells of facts that are no totals are those in store.fact_history",
        ),
        _kept(
            "cells_of_claims_kept",
            ("cells_claim", CLAIM_CELLS),
            "上报率的单元格都在上报率表中",
            "the cells of printed rates are those in store.claim_history",
        ),
        _kept(
            "cells_quarantined_kept",
            ("cells_quarantined", QUARANTINED),
            "隔离的单元格都在隔离表中",
            "the quarantined cells are those in intake.quarantine",
        ),
    ]


def _kept(name: str, counts: tuple[str, str], zh: str, en: str) -> Expectation:
    read, kept = counts
    query = f"""
        select * from (
            select
                told.submission_id, told.form_code, told.org_code, told.period_code, told.sheet,
                told.{read} as cells_read, ({kept}) as cells_kept
            from {{batch}} as told
            where told.state = 'accepted'
        ) as compared
        where cells_read <> cells_kept"""
    return no_rows(name, query, zh, en)
