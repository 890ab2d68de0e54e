"""Reporting and quality: who has reported, what is signed, what is wrong, what became of every cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dash import html

from dashboards import wording
from dashboards.page import Choice, Content, Page
from dashboards.pages import reporting_findings as wrong
from dashboards.pages import reporting_intake as intake
from dashboards.pages import reporting_returns as returns
from dashboards.pages.reporting_asked import asked
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

TITLE = Words("报送与质量", "Reporting and quality")


def content(visit: Visit) -> Content:
    """The sentences and the cards of the page."""
    chosen = asked(visit)
    reader = visit.reader
    grid = reader.frame("reporting/grid", **chosen.grid_values)
    forms = reader.frame("reporting/forms", **chosen.values)
    findings, findings_values = wrong.read(chosen, visit)
    cells, held, refused = (reader.frame(f"reporting/{name}", **chosen.values) for name in ("cells", "held", "refused"))
    sentences = (
        returns.sentence(forms, grid, chosen, visit),
        wrong.sentence(findings, visit),
        intake.sentence(cells, refused, held, visit),
    )
    return Content(
        TITLE,
        [
            html.Ul([html.Li(said) for said in sentences], className="sentences"),
            returns.grid_card(grid, chosen, visit),
            returns.forms_card(forms, chosen, visit),
            returns.returns_card(chosen, visit),
            wrong.findings_card(findings, findings_values, chosen, visit),
            wrong.levels_card(chosen, visit),
            intake.refused_card(refused, chosen, visit),
            intake.held_card(held, chosen, visit),
            intake.cells_card(cells, chosen, visit),
            intake.suites_card(visit),
        ],
    )


def _forms(visit: Visit) -> list[tuple[str, str]]:
    rows = visit.reader.rows("reporting/owed_forms", **visit.chosen)
    return [(row["form_code"], visit.name_of(row, "form")) for row in rows]


def _rules(visit: Visit) -> list[tuple[str, str]]:
    counts: dict[str, tuple[str, int]] = {}
    for row in visit.reader.rows("reporting/rules", **visit.chosen):
        counts[row["rule_code"]] = (
            visit.name_of(row, "rule"),
            counts.get(row["rule_code"], ("", 0))[1] + row["findings"],
        )
    return [(code, f"{name} ({count})") for code, (name, count) in counts.items()]


def _statuses(visit: Visit) -> list[tuple[str, str]]:
    found = {row["status"] for row in visit.reader.rows("reporting/rules", **visit.chosen)}
    known = [*wrong.STATUSES, *sorted(found - set(wrong.STATUSES))]
    return [(code, visit.say(wording.words(wrong.STATUSES, code))) for code in known if code in found]


def _fixed(table: dict[str, Words]) -> Callable[[Visit], Sequence[tuple[str, str]]]:
    return lambda visit: [(code, visit.say(said)) for code, said in table.items()]


PAGE = Page(
    "reporting",
    TITLE,
    content,
    choices=(
        Choice("form", Words("报表", "Form"), _forms, blank=Words("全部", "all")),
        Choice(
            "state", Words("报送状态", "State of returns"), _fixed(wording.REPORTING_STATES), blank=Words("全部", "all")
        ),
        Choice("severity", Words("问题的程度", "Severity"), _fixed(wording.SEVERITIES), blank=Words("全部", "all")),
        Choice("rule", Words("规则", "Rule"), _rules, blank=Words("全部", "all")),
        Choice("status", Words("问题的处理", "Status of findings"), _statuses, blank=Words("全部", "all")),
    ),
    names=("q", "at", "sort", "from", "order", "returns_from"),
)
