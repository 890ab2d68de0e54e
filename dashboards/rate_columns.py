"""The columns that a rate is never shown without: counts, interval, standard, coverage, target, change, finality."""

from __future__ import annotations

from typing import Any

from dashboards import wording
from dashboards.cards import Column
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

CHANGE_WORDS = {
    "up": Words("▲ 上升", "▲ up"),
    "down": Words("▼ 下降", "▼ down"),
    "no_clear_change": Words("≈ 无明显变化", "≈ no clear change"),
    "not_comparable": Words("– 不可比", "– not comparable"),
}
CHANGE_SIGNS = {code: said.zh[0] for code, said in CHANGE_WORDS.items()}
BASES = {"own": Words("自报", "as the unit states"), "rolled_up": Words("下级汇总", "rolled up")}
PERIOD_BASES = {"stated": Words("", ""), "aggregated": Words("由各期拼合", "put together of parts")}


def basis_words(row: dict[str, Any]) -> Words:
    """Whose figure it is, and whether it was put together of shorter periods."""
    whose, how = wording.words(BASES, row["basis"]), wording.words(PERIOD_BASES, row["period_basis"])
    return Words(*(" · ".join(filter(None, pair)) for pair in zip(whose, how, strict=True)))


def rate_columns(visit: Visit) -> tuple[Column, ...]:
    """Columns of rows of marts.indicator_value, after the one that says what a row is."""

    def said(table: dict[str, Words], name: str) -> Any:
        return lambda row: visit.say(wording.words(table, row[name]))

    return (
        Column(Words("率", "Rate"), lambda row: rate(row, visit), numeric=True),
        Column(Words("95% 区间", "95% interval"), limits, numeric=True),
        Column(Words("分子 / 分母", "Numerator / denominator"), counts, numeric=True),
        Column(Words("口径", "Basis"), lambda row: visit.say(basis_words(row))),
        Column(
            Words("标准与版本", "Standard, edition"), lambda row: f"{visit.name_of(row, 'standard')} · {row['edition']}"
        ),
        Column(Words("覆盖", "Coverage"), lambda row: coverage(row, visit), numeric=True),
        Column(Words("目标", "Target"), lambda row: target(row, visit)),
        Column(Words("与上期", "Since before"), said(CHANGE_WORDS, "change_status")),
        Column(Words("审定", "Finality"), said(wording.FINALITIES, "finality")),
    )


def rate(row: dict[str, Any], visit: Visit) -> str:
    """A rate with its unit, or why there is none."""
    if row["value"] is None:
        return visit.say(wording.reason(row["state_reason"]))
    return f"{wording.two_decimals(row['value'])} {visit.say(wording.words(wording.UNITS, row['unit']))}"


def counts(row: dict[str, Any]) -> str:
    """Numerator and denominator.

    >>> counts({"numerator": 7414, "denominator": 9887})
    '7,414 / 9,887'
    """
    return f"{wording.number(row['numerator'])} / {wording.number(row['denominator'])}"


def limits(row: dict[str, Any]) -> str:
    """The limits of a rate's interval.

    >>> limits({"lower": 74.12, "upper": 75.83})
    '74.12–75.83'
    """
    return wording.interval(row["lower"], row["upper"])


def coverage(row: dict[str, Any], visit: Visit) -> str:
    """How much of what is owed entered, with the reason where it is not all."""
    return wording.share(row["coverage"]) + (" !" if row["state"] == "partial" else "")


def target(row: dict[str, Any], visit: Visit) -> str:
    """The target with how the figure stands to it; '' where there is none."""
    if row["target"] is None:
        return ""
    status = visit.say(wording.words(wording.TARGET_STATUSES, row["target_status"]))
    return f"{row['target_comparator']} {wording.number(row['target'])} {status}"
