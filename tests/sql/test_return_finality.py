"""store.return_finality: what may still happen to the figures of a return."""

from __future__ import annotations

from typing import Any

QUERY = (
    "select form_code, org_code, period_code, finality_rank from store.return_finality "
    "inner join catalog.form using (form_key) inner join core.org_unit using (org_key) "
    "inner join core.period using (period_key) order by all"
)


def test_a_return_that_was_sent_is_submitted_under_its_sender(tiny: Any) -> None:
    tiny.say("births", 10, org="x-village", by="x-town", period="2014-05", submission=1)
    tiny.say("births", 11, org="x-village", by="x-county", period="2014-05", submission=2)
    tiny.say("births", 12, org="x-village", by="x-town", period="2014-05", submission=3)
    assert tiny.rows(QUERY) == [("monthly", "x-county", "2014-05", 1), ("monthly", "x-town", "2014-05", 1)]


def test_a_refused_return_has_none(tiny: Any) -> None:
    tiny.say("births", 10, org="x-town", submission=1)
    tiny.submissions[1] = (*tiny.submissions[1][:9], "refused", *tiny.submissions[1][10:])
    assert tiny.rows(QUERY) == []
