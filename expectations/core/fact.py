"""The suite of core.fact: who says what now."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, in_set, no_rows, resolves

QUALIFIERS = ("exact", "about", "over", "at_least", "under")
STATES = ("reported", "blank", "not_collected", "not_carried_out", "suppressed", "not_applicable")
CODES = (
    "org_code",
    "reported_by",
    "period_code",
    "element_code",
    "breakdown_code",
    "form_code",
    "submission_id",
)


def suite() -> list[Expectation]:
    """What must hold of facts as they stand now."""
    return [
        *(resolves(column) for column in CODES),
        in_set("state", STATES, "状态", "the state"),
        in_set("qualifier", QUALIFIERS, "限定词", "the qualifier"),
        no_rows(
            "value_iff_reported",
            "select * from {batch} where (state = 'reported') is distinct from (value is not null)",
            "有数值时且仅在此时状态为“已报”",
            "there is a value exactly where the state is 'reported'",
        ),
        as_many_rows("store.fact_history where known_to is null"),
    ]
