"""The suite of quality.finding: the questions and errors that units are told."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, in_set, no_rows, not_null, resolves


def suite() -> list[Expectation]:
    """What must hold of findings."""
    return [
        in_set("severity", ["error", "warning", "question"], "严重程度", "the severity"),
        not_null("severity", "严重程度", "a severity"),
        not_null("rule_code", "规则代码", "a rule"),
        no_rows(
            "told_in_both_languages",
            """
            select * from {batch}
            where coalesce(trim(message_zh), '') = '' or coalesce(trim(message_en), '') = ''""",
            "每条都有中文和英文说明",
            "every finding is told in Chinese and in English",
        ),
        resolves("org_code"),
        resolves("period_code"),
        resolves("submission_id"),
        no_rows(
            "every_refusal_told",
            """
            select submission.* from intake.submission as submission
            inner join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
            where submission.state = 'refused'
                and not exists (
                    select 1 from {batch} as finding where finding.submission_id = submission.submission_id
                )
                and not exists (
                    select 1 from intake.submission as later
                    where later.state = 'accepted' and later.submission_key > submission.submission_key
                        and later.form_code = submission.form_code and later.org_code = submission.org_code
                        and later.period_code = submission.period_code
                )
                and not exists (
                    select 1 from intake.receipt as again
                    where again.receipt_number > receipt.receipt_number and again.filename = receipt.filename
                        and again.state in ('accepted', 'duplicate')
                )""",
            "每张拒收的表都有一条,直到报对为止",
            "every refused table has a finding, until what it should have been came",
        ),
        as_many_rows(
            "(from quality.return_finding select 1 union all from quality.refusal_finding select 1 "
            "union all from quality.correction_finding select 1 union all from quality.roster_finding select 1 "
            "union all from quality.sign_finding select 1)",
            "各条规则的发现、拒收的表、失效的更正、应报日的疑问和审核的问题都在其中",
            "as many rows as findings in returns, refused tables, corrections, the roster and sign-offs",
        ),
    ]
