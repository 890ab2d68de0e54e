"""The suite of core.fact_chosen: the one figure that counts."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, in_set, no_rows


def suite() -> list[Expectation]:
    """What must hold of the figures that count."""
    return [
        in_set("period_basis", ["stated", "aggregated"], "统计期口径", "the period basis"),
        no_rows(
            "every_fact_has_a_choice",
            """
            select fact.* from core.fact as fact
            where fact.state = 'reported' and not exists (
                select 1 from {batch} as chosen
                where chosen.org_code = fact.org_code and chosen.period_code = fact.period_code
                    and chosen.element_code = fact.element_code
                    and chosen.breakdown_code = fact.breakdown_code
            ) and not exists (
                select 1 from core.correction as declared
                where declared.state = 'applied' and declared.corrected_state = 'withdrawn'
                    and declared.form_code = fact.form_code and declared.period_code = fact.period_code
                    and declared.element_code in (fact.element_code, '*')
            )""",
            "凡报了数且未撤回的项目都有选定的数",
            "whatever a unit reports, and nobody withdrew, has a figure that counts",
        ),
        no_rows(
            "choice_was_said",
            """
            select chosen.* from {batch} as chosen
            where chosen.period_basis = 'stated' and chosen.correction_id is null and not exists (
                select 1 from core.fact as fact
                where fact.org_code = chosen.org_code and fact.period_code = chosen.period_code
                    and fact.element_code = chosen.element_code
                    and fact.breakdown_code = chosen.breakdown_code
                    and fact.form_code = chosen.form_code and fact.reported_by = chosen.reported_by
                    and fact.value is not distinct from chosen.value and fact.state = chosen.state
            )""",
            "选定的数确有单位上报,且未改动",
            "a figure that counts is one that a unit states now, unchanged",
        ),
        no_rows(
            "choice_was_declared",
            """
            select chosen.* from {batch} as chosen
            where chosen.correction_id is not null and not exists (
                select 1 from core.correction as declared
                where declared.correction_id = chosen.correction_id and declared.state = 'applied'
                    and declared.org_code = chosen.org_code and declared.period_code = chosen.period_code
                    and declared.form_code = chosen.form_code and declared.element_code = chosen.element_code
                    and declared.corrected_value is not distinct from chosen.value
                    and declared.corrected_state = chosen.state
            )""",
            "更正的数与登记的更正一致",
            "a corrected figure is what a declared correction says",
        ),
        as_many_rows("store.fact_chosen"),
    ]
