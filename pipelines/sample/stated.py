"""What a site states after the files of a planted error came, read by the intake, and what it should state."""

from __future__ import annotations

from decimal import Decimal

from pipelines.intake.orgs import OrgIndex
from pipelines.intake.understand import understand
from pipelines.sample.county import forms, shipped
from pipelines.sample.errors import Planted
from pipelines.sample.layout import Return, workbook

Stated = Decimal | str  # a number, or the word of a state
Figures = dict[tuple[str, str, str], Stated]  # organisation, period, element


def stated_figures(error: Planted, index: OrgIndex) -> Figures:
    """What the files of an error state; of several files the last one counts, of a row that comes twice the first."""
    figures: Figures = {}
    for sent in error.sent:
        content = workbook(sent.printed, forms()[sent.printed.form])
        [table] = understand(content, shipped(), index, error.truth.sender)
        assert table.refusal is None
        figures |= {
            (fact.org, fact.period.code, fact.element): fact.state if fact.value is None else fact.value.normalize()
            for fact in table.facts
            if fact.occurrence == 1
        }
    return figures


def true_figures(found: Return) -> Figures:
    """What a return would state without its error."""
    rows = {**found.rows, found.township: found.total}
    return {
        (org, found.period, element): "blank" if value is None else Decimal(str(value)).normalize()
        for org, row in rows.items()
        for element, value in row.items()
    }
