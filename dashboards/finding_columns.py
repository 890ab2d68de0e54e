"""The columns that findings, refused files and cells that were not taken share: where, how grave, what to do."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboards import wording
from dashboards.cards import Column
from dashboards.printed_rates import place
from dashboards.visit import Visit
from pipelines.catalog.wording import Words
from pipelines.intake.problems import remedy

PLACE = Column(
    Words("文件 › 工作表 › 单元格", "File › sheet › cell"), lambda row: html.Div(place(row) or "–", className="long")
)


def severity(row: dict[str, Any], visit: Visit) -> str:
    """How grave a finding is, in words."""
    return visit.say(wording.words(wording.SEVERITIES, row["severity"]))


def what_to_do(row: dict[str, Any], visit: Visit) -> str:
    """The remedy of a finding."""
    return visit.t(*remedy(row["rule_code"], row["expected"] or ""))
