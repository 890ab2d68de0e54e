"""The suite of quality.finding: the questions and errors that units are told."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, in_set, no_rows, not_null, resolves


def suite() -> list[Expectation]:
    """What must hold of findings."""
    return [
        in_set("severity_known", "severity", ["error", "warning", "question"],
               "严重程度取值已知", "the severity is a known one"),
        not_null("severity_given", "severity", "每条都有严重程度", "every finding has a severity"),
        no_rows(
            "told_in_both_languages",
            "select * from {batch} where coalesce(trim(message_zh), '') = '' or coalesce(trim(message_en), '') = ''",
            "每条都有中文和英文说明",
            "every finding is told in Chinese and in English",
        ),
        not_null("rule_given", "rule_code", "每条都有规则代码", "every finding names its rule"),
        resolves("org_resolves", "org_code", "core.org_unit", "org_code", "单位代码可查", "the unit's code resolves"),
        resolves("period_resolves", "period_code", "core.period", "period_code",
                 "统计期代码可查", "the period's code resolves"),
        resolves("submission_resolves", "submission_id", "intake.submission", "submission_id",
                 "报送的表可查", "the table that the finding is about resolves"),
        as_many_rows(
            "every_refusal_told",
            "intake.submission where state = 'refused') + (select count(*) from quality.return_finding",
            "拒收的表和各条规则的发现都在其中",
            "every refused table and every finding in a return is there",
        ),
    ]  # fmt: skip
