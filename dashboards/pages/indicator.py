"""Indicator: its definition, its course, the units below, the map, own against rolled up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from dash import html

from dashboards import wording
from dashboards.figures.ranking import CLEARLY_BETTER, CLEARLY_HIGHER, CLEARLY_LOWER, CLEARLY_WORSE, look
from dashboards.page import Choice, Content, Page
from dashboards.pages.indicator_asked import MOST_COMPARED, Asked, asked, indicator_code
from dashboards.pages.indicator_below import below, ranked
from dashboards.pages.indicator_definition import definition
from dashboards.pages.indicator_map import areas
from dashboards.pages.indicator_sides import breakdowns, editions, here, levels, shown_figure
from dashboards.pages.indicator_spread import spread
from dashboards.pages.indicator_trend import beside, over_time
from dashboards.rate_columns import BASES, CHANGE_WORDS, basis_words, counts, coverage
from dashboards.visit import Visit
from pipelines.catalog.wording import Words


def content(visit: Visit) -> Content:
    """The sentences and the cards of the page of an indicator."""
    ask = asked(visit)
    frame, units = here(ask), below(ask)
    shown = shown_figure(ask, frame)
    sentences = [*_on_figure(ask, frame, shown), *_on_units(ask, units)]
    lead = html.Ul([html.Li(sentence) for sentence in sentences], className="sentences")
    return Content(
        ask.name,
        [
            lead,
            definition(ask, shown),
            over_time(ask),
            ranked(ask, units),
            spread(ask, units),
            areas(ask, units),
            editions(ask, frame),
            levels(ask),
            *breakdowns(ask, frame),
        ],
    )


# ---- the sentences


def _on_figure(ask: Asked, frame: pl.DataFrame, shown: dict[str, Any] | None) -> list[str]:
    visit = ask.visit
    if shown is None:
        return [_on_nothing(ask, frame)]
    unit = visit.say(wording.words(wording.UNITS, shown["unit"]))
    limits = wording.interval(shown["lower"], shown["upper"])
    basis = visit.say(basis_words(shown))
    head = visit.t(
        f"{shown['org_name']} {shown['period_code']}:{wording.two_decimals(shown['value'])} {unit}"
        f"(95% 区间 {limits};{counts(shown)};{basis};覆盖 {coverage(shown, visit)})。",
        f"{shown['org_name']} {shown['period_code']}: {wording.two_decimals(shown['value'])} {unit} (95% interval "
        f"{limits}; {counts(shown)}; {basis}; coverage {coverage(shown, visit)}).",
    )
    return [head, *filter(None, (_on_target(shown, visit), _on_change(shown, visit)))]


def _on_nothing(ask: Asked, frame: pl.DataFrame) -> str:
    visit = ask.visit
    reasons = [
        visit.say(wording.reason(text)) for text in frame["state_reason"].drop_nulls().unique(maintain_order=True)
    ]
    why = visit.t(f"原因:{';'.join(reasons)}。", f" Reason: {'; '.join(reasons)}.") if reasons else ""
    return visit.t(
        f"该单位 {visit.period_code} 没有这个指标的数(按所选标准和口径)。{why}换一个时期、标准或口径,或看下级单位。",
        f"The unit has no figure of this indicator for {visit.period_code} (standard and basis as chosen).{why} Choose "
        "another period, standard or basis, or see the units below.",
    )


def _on_target(shown: dict[str, Any], visit: Visit) -> str:
    if shown["target"] is None:
        return ""
    status = visit.say(wording.words(wording.TARGET_STATUSES, shown["target_status"]))
    target = f"{shown['target_comparator']} {wording.number(shown['target'])}"
    return visit.t(f"目标 {target}:{status}。", f"Target {target}: {status}.")


def _on_change(shown: dict[str, Any], visit: Visit) -> str:
    if shown["previous_value"] is None:
        return visit.t("上一期没有数可比。", "There is no figure of the period before to compare with.")
    before = wording.two_decimals(shown["previous_value"])
    change = visit.say(wording.words(CHANGE_WORDS, shown["change_status"]))
    return visit.t(f"上一期 {before}:{change}。", f"The period before {before}: {change}.")


def _on_units(ask: Asked, units: pl.DataFrame) -> list[str]:
    """How many of the units below clearly differ from what they add up to."""
    visit, better = ask.visit, ask.indicator["better"]
    known = units.filter(pl.col("against_mean").is_not_null()).to_dicts()
    if not known:
        return []
    found = [look(row, better) for row in known]
    good = sum(one in (CLEARLY_BETTER, CLEARLY_HIGHER) for one in found)
    bad = [row["org_name"] for row, one in zip(known, found, strict=True) if one in (CLEARLY_WORSE, CLEARLY_LOWER)]
    judged = better in ("higher", "lower")
    up, down = (
        (Words("好", "better"), Words("差", "worse")) if judged else (Words("高", "higher"), Words("低", "lower"))
    )
    names = (visit.t("、", ", ")).join(bad[:5]) + (visit.t("等", " and others") if len(bad) > 5 else "")
    which = visit.t(f"({names})", f" ({names})") if bad else ""
    return [
        visit.t(
            f"{len(known)} 个下级单位中,{len(bad)} 个明显{down.zh}于平均{which},{good} 个明显{up.zh};其余看不出差别。",
            f"Of {len(known)} units below {len(bad)} are clearly {down.en} than the mean{which}, {good} clearly "
            f"{up.en}; the others cannot be told apart from it.",
        )
    ]


# ---- what can be chosen


def _indicators(visit: Visit) -> Sequence[tuple[str, ...]]:
    rows = visit.reader.rows("indicator/options")
    offered = [(row["indicator_code"], visit.name_of(row, "name"), visit.name_of(row, "domain")) for row in rows]
    asked_for = visit.view.get("indicator")
    if asked_for and all(code != asked_for for code, *_ in offered):
        found = visit.reader.rows("indicator/indicator", indicator=asked_for)
        offered += [(asked_for, visit.name_of(row, "name"), visit.name_of(row, "domain")) for row in found]
    return offered


def _editions(visit: Visit) -> list[dict[str, Any]]:
    code = visit.view.get("indicator") or indicator_code(visit)
    return visit.reader.rows("indicator/editions", indicator=code, **visit.chosen)


def _standards(visit: Visit) -> Sequence[tuple[str, ...]]:
    return list(dict.fromkeys((row["standard"], visit.name_of(row, "standard")) for row in _editions(visit)))


def _dated(visit: Visit) -> Sequence[tuple[str, ...]]:
    standard = visit.view.get("standard")
    rows = [row for row in _editions(visit) if standard in ("", row["standard"])]
    return list(dict.fromkeys((row["edition"], row["edition"]) for row in rows))


def _bases(visit: Visit) -> Sequence[tuple[str, ...]]:
    return [(code, visit.say(words)) for code, words in BASES.items()]


def _compared(visit: Visit) -> Sequence[tuple[str, ...]]:
    """Each option is the whole list of compared units with one more in it."""
    now = [code for code in visit.view.get("with").split(",") if code]
    names = {row["org_code"]: row["org_name"] for row in visit.reader.rows("indicator/units", units=",".join(now))}
    kept = [(visit.view.get("with"), visit.t("、", ", ").join(names.get(code, code) for code in now))] if now else []
    if len(now) >= MOST_COMPARED:
        return kept
    return kept + [
        (",".join([*now, row["org_code"]]), f"+ {row['org_name']}")
        for row in beside(visit)
        if row["org_code"] not in now
    ]


PAGE = Page(
    "indicator",
    Words("指标", "Indicator"),
    content,
    choices=(
        Choice("indicator", Words("指标", "Indicator"), _indicators, shown=indicator_code),
        Choice("standard", Words("标准", "Standard"), _standards, blank=Words("默认标准", "the default")),
        Choice("edition", Words("版本", "Edition"), _dated, blank=Words("该期适用的版本", "the one in force")),
        Choice("basis", Words("口径", "Basis"), _bases, blank=Words("自报和汇总都看", "both")),
        Choice("with", Words("对比单位", "Compare with"), _compared, blank=Words("不对比", "none")),
    ),
    names=("sort", "from"),
)
