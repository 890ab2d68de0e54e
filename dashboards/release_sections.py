"""The parts of a release's page, as plain values for its template."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import polars as pl

from dashboards import release_queries as queries
from dashboards import wording
from dashboards.figures.rates import drawable, rates_with_intervals
from dashboards.printed_rates import expected, explained, formula_words, idle_zeros, place, tried
from dashboards.wording import Words, words

if TYPE_CHECKING:
    import duckdb

ROWS_IN_ALL = 400  # a page holds a national release too: then fewer rows of each indicator, and it says so
LONGEST_TABLE = 300
FIRST = (  # what managers ask for first; the first pattern that a Chinese name matches is its place
    "系统管理",
    "访视",
    "产检|产前|早孕",
    "规范管理",
    "管理率",
)
HEAD_FIRST = Words("系统管理、访视和产检", "Systematic management, visits and antenatal care")


@dataclass(frozen=True)
class Panel:
    """One indicator: its chart in both languages and the table behind it."""

    code: str
    name: Words
    unit: Words
    rows: list[dict[str, Any]]
    left_out: int
    figures: dict[str, str]

    @property
    def label(self) -> Words:
        """What the chart shows, for those who do not see it."""
        count = sum(row["drawn"] for row in self.rows)
        return Words(
            f"{self.name.zh}:{count} 个数及 95% 区间,数据见下表",
            f"{self.name.en}: {count} figure(s) with 95% intervals; the data are in the table below",
        )


@dataclass(frozen=True)
class Group:
    """Panels under one heading."""

    name: Words
    panels: list[Panel] = field(default_factory=list)


def received(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Files by state, cells by what became of them, findings by severity."""
    files = {row["state"]: row["files"] for row in queries.rows(con, queries.RECEIPTS)}
    cells = {name: int(value) for name, value in queries.rows(con, queries.CELLS)[0].items()}
    found = {row["severity"]: (row["findings"], row["synthetic"]) for row in queries.rows(con, queries.SEVERITIES)}
    told = [state for state in wording.RECEIPT_STATES if state != "correction" or state in files]
    return {
        "files": [(words(wording.RECEIPT_STATES, state), files.get(state, 0)) for state in told],
        "cells": cells,
        "unaccounted": cells["read"] - sum(value for name, value in cells.items() if name != "read"),
        "findings": [(words(wording.SEVERITIES, name), *found.get(name, (0, 0))) for name in wording.SEVERITIES],
    }


# ---- rates


def rate_groups(frame: pl.DataFrame) -> list[Group]:
    """Indicators that have a value, under their headings: systematic management and visits first."""
    frame = frame.filter(pl.col("value").is_not_null() & pl.col("state").is_in(["ok", "partial"]))
    if frame.is_empty():
        return []
    most = max(ROWS_IN_ALL // frame["indicator_code"].n_unique(), 2)
    groups: dict[Words, Group] = {}
    for part in sorted(frame.partition_by("indicator_code", "unit", maintain_order=True), key=_place):
        heading = _heading(part.row(0, named=True))
        groups.setdefault(heading, Group(heading)).panels.append(panel(part, most))
    return list(groups.values())


def panel(part: pl.DataFrame, most: int) -> Panel:
    """One indicator's chart and table; at most `most` rows, those of default editions first."""
    shown = part.sort("is_default_edition", descending=True, maintain_order=True).head(most)
    first = part.row(0, named=True)
    return Panel(
        code=first["indicator_code"],
        name=Words(first["indicator_name_zh"], first["indicator_name_en"]),
        unit=words(wording.UNITS, first["unit"]),
        rows=[_rate_row(row) for row in shown.to_dicts()],
        left_out=part.height - shown.height,
        figures=_figures(shown),
    )


def _figures(shown: pl.DataFrame) -> dict[str, str]:
    if drawable(shown).is_empty():
        return {}
    return {
        "zh": compact_json(rates_with_intervals(shown, "zh")),
        "en": compact_json(rates_with_intervals(shown, "en")),
    }


def compact_json(figure: go.Figure) -> str:
    """A figure for a page: without the template, which would be two thirds of it."""
    content = json.loads(figure.to_json())
    content["layout"].pop("template", None)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _first(name_zh: str) -> int:
    return next((n for n, pattern in enumerate(FIRST) if re.search(pattern, name_zh)), len(FIRST))


def _heading(row: dict[str, Any]) -> Words:
    return HEAD_FIRST if _first(row["indicator_name_zh"]) < 3 else Words(row["domain_zh"], row["domain_en"])


def _place(part: pl.DataFrame) -> tuple[Any, ...]:
    row = part.row(0, named=True)
    first = _first(row["indicator_name_zh"])
    return (
        first if first < 3 else 3,
        row["shown_as"] if first >= 3 else 0,
        first,
        row["unit"] != "percent",
        row["indicator_code"],
    )


def _rate_row(row: dict[str, Any]) -> dict[str, Any]:
    target = f"{row['target_comparator']} {wording.number(row['target'])}" if row["target"] is not None else ""
    return {
        "unit": row["org_name"],
        "part": Words(row["breakdown_name_zh"], row["breakdown_name_en"]),
        "period": period_text(row),
        "counts": f"{wording.number(row['numerator'])} / {wording.number(row['denominator'])}",
        "rate": wording.two_decimals(row["value"]),
        "interval": wording.interval(row["lower"], row["upper"]),
        "method": words(wording.METHODS, row["interval_method"]),
        "standard": Words(row["standard_zh"], row["standard_en"]),
        "edition": row["edition"],
        "is_default": row["is_default_edition"],
        "coverage": wording.share(row["coverage"]),
        "target": target,
        "status": words(wording.TARGET_STATUSES, row["target_status"]),
        "finality": words(wording.FINALITIES, row["finality"]),
        "state": words(wording.STATES, row["state"]),
        "reason": wording.reason(row["state_reason"]),
        "drawn": bool(row["is_default_edition"] and row["state"] == "ok"),
    }


def period_text(row: dict[str, Any]) -> str:
    """A period's code; with its days where the code alone misleads (the maternal and child health year)."""
    code = str(row["period_code"])
    return f"{code} ({row['period_start']} – {row['period_end']})" if code.startswith("M") else code


def without_value(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rates that could not be computed, of every edition, each with its reason."""
    gaps = frame.filter(~pl.col("state").is_in(["ok", "partial"]))
    return [
        {
            "unit": row["org_name"],
            "period": period_text(row),
            "indicator": Words(row["indicator_name_zh"], row["indicator_name_en"]),
            "part": Words(row["breakdown_name_zh"], row["breakdown_name_en"]),
            "standard": Words(row["standard_zh"], row["standard_en"]),
            "edition": row["edition"],
            "is_default": row["is_default_edition"],
            "counts": f"{wording.number(row['numerator'])} / {wording.number(row['denominator'])}",
            "state": words(wording.STATES, row["state"]),
            "reason": wording.reason(row["state_reason"]),
        }
        for row in gaps.sort("indicator_code", maintain_order=True).to_dicts()
    ]


# ---- printed rates


def claims(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every printed rate with its verdict, what its formulas give, and where it stands."""
    names = {row["element_code"]: Words(row["name_zh"], row["name_en"]) for row in queries.rows(con, queries.ELEMENTS)}
    tries: dict[str, list[dict[str, Any]]] = {}
    for row in queries.rows(con, queries.TRIES):
        tries.setdefault(row["claim_id"], []).append(tried(row, names))
    found = queries.rows(con, queries.CLAIMS)
    for row in found:
        row["indicator"] = Words(row["indicator_zh"], row["indicator_en"])
        row["part"] = Words(row["part_zh"], row["part_en"])
        row["tries"] = tries.get(row["claim_id"], [])
        row["verdict_words"] = words(wording.VERDICTS, row["verdict"])
        row["explaining"], row["several"] = explained(row["verdict"], row["tries"])
        row["habit"] = formula_words(row["habit_formula"], names) if row["habit_formula"] else None
        row["place"] = place(row)
    return found


def verdict_sentence(found: list[dict[str, Any]]) -> dict[str, Any]:
    """The counts of the sentence on printed rates, and the unattainable ones."""
    counts = Counter(row["verdict"] for row in found)
    return {
        "all": len(found),
        "counts": [(text, counts[verdict]) for verdict, text in wording.VERDICT_COUNTS.items()],
        "unattainable": [row for row in found if row["attainable"] is False],
    }


# ---- totals, findings, reporting


def totals(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every stated total with the sum of its parts."""
    found = queries.rows(con, queries.TOTALS)
    for row in found:
        row["element"] = Words(row["element_zh"], row["element_en"])
        row["partition_words"] = Words(row["partition_zh"], row["partition"].replace("_", " "))
        row["verdict_words"] = words(wording.TOTAL_VERDICTS, row["verdict"])
        row["relation_words"] = words(wording.RELATIONS, row["relation"])
        row["place"] = place(row)
    return found


def findings(con: duckdb.DuckDBPyConnection, *, synthetic: bool = False) -> list[dict[str, Any]]:
    """Every finding with its words and its place: of real reports, or of synthetic ones."""
    found = queries.rows(con, queries.FINDINGS, synthetic=synthetic)
    for row in found:
        row["observed"], row["expected"] = idle_zeros(row["observed"]), expected(row)
        row["message"] = Words(row["message_zh"], row["message_en"])
        row["severity_words"] = words(wording.SEVERITIES, row["severity"])
        row["place"] = place(row)
    return found


def reporting(con: duckdb.DuckDBPyConnection, *, synthetic: bool = False) -> list[dict[str, Any]]:
    """What the roster owes and what came: of real units, or of synthetic ones."""
    found = queries.rows(con, queries.REPORTING, synthetic=synthetic)
    for row in found:
        row["form"] = Words(row["form_zh"], row["form_en"])
        row["state_words"] = words(wording.REPORTING_STATES, row["state"])
        row["finality_words"] = words(wording.FINALITIES, row["finality"])
        row["received"] = wording.beijing(row["received_on"])
    return found
