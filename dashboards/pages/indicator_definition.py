"""The definition of an indicator on the spot: formula in words, validity, document, targets, other editions."""

from __future__ import annotations

from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.pages.indicator_asked import Asked
from pipelines.catalog.wording import EVIDENCE, TIMES, TYPES, Words, between

BETTER = {
    "higher": Words("越高越好", "higher is better"),
    "lower": Words("越低越好", "lower is better"),
    "neither": Words("无好坏之分", "neither high nor low is better"),
}


def definition(asked: Asked, shown: dict[str, Any] | None) -> Card:
    """The card of the definition.

    Args:
        asked: of the page.
        shown: the figure that the page is about, a row of indicator/here.sql; its edition is the one on the spot.
    """
    editions = asked.visit.reader.frame("indicator/editions", **asked.values)
    here = edition_shown(asked, editions, shown)
    return Card(
        key="definition",
        title=Words("定义", "Definition"),
        query="indicator/editions",
        values=asked.values,
        frame=editions,
        columns=_columns(asked, here),
        notes=[_spot(asked, here), *_targets(asked), _behind_note(asked, editions)] if here else [],
        empty=Words("目录里没有这个指标的公式。", "The catalog has no formula of this indicator."),
    )


def edition_shown(asked: Asked, editions: pl.DataFrame, shown: dict[str, Any] | None) -> dict[str, Any] | None:
    """The edition that is explained: the one chosen or of the figure shown, else the one in force."""
    values = asked.values
    wanted = [
        (values["standard"], values["edition"]),
        (shown["standard"], shown["edition"]) if shown else ("", ""),
        ("", ""),
    ]
    rows = editions.sort("is_in_force", descending=True, maintain_order=True).to_dicts()
    for number, (standard, edition) in enumerate(wanted):
        for row in rows:
            named = standard or edition or number == len(wanted) - 1
            if named and standard in ("", row["standard"]) and edition in ("", row["edition"]):
                return row
    return None


def _spot(asked: Asked, row: dict[str, Any]) -> html.Dl:
    """The definition in force, a line for each thing to know."""
    visit = asked.visit
    told = [
        (Words("公式", "Formula"), formula(row, asked)),
        (Words("标准与版本", "Standard, edition"), f"{visit.name_of(row, 'standard')} · {row['edition']}"),
        (Words("类型", "Type"), visit.say(wording.words(TYPES, row["indicator_type"])) + "; " + visit.say(
            wording.words(BETTER, asked.indicator["better"]))),
        (Words("有效", "Valid"), visit.say(between(row["valid_from"], row["valid_to"]))),
        (Words("依据", "Document"), document(row)),
        (Words("可信程度", "Attested"), visit.say(wording.words(EVIDENCE, row["evidence"]))),
        (Words("口径在年内变更", "Defined anew within the year"), _steps(row, asked)),
    ]  # fmt: skip
    lines = [part for name, text in told if text for part in (html.Dt(visit.say(name)), html.Dd(text))]
    return html.Dl(lines, className="facts")


def formula(row: dict[str, Any], asked: Asked) -> str:
    """The formula in words: '新生儿访视人数 ÷ 活产数 × 100%'."""
    lang = asked.visit.lang
    sides = [row[f"{side}_{lang}"] or "?" for side in ("numerator", "denominator")]
    above, below = (f"({side})" if " + " in side or " − " in side else side for side in sides)
    return f"{above} ÷ {below}{asked.visit.say(TIMES.get(asked.indicator['unit'], Words('', '')))}"


def document(row: dict[str, Any]) -> str:
    """Title, number, issuer and date of the document that an edition is based on."""
    told = [row["document_number"], row["issuer"], row["document_date"]]
    title = row["document_title"] or row["document_code"] or ""
    rest = ", ".join(str(part) for part in told if part)
    return f"{title} ({rest})" if rest else title


def _steps(row: dict[str, Any], asked: Asked) -> str:
    months = [month for month in (row["steps_in"] or "").split(",") if month]
    if not months:
        return ""
    return asked.visit.t(
        f"每年 {'、'.join(months)} 月重新规定计数的对象,这些月的跳动不是变化",
        f"what is counted is defined anew in the months {', '.join(months)}; a jump there is no change",
    )


def _targets(asked: Asked) -> list[Any]:
    """A sentence for each target in force."""
    visit = asked.visit
    found = visit.reader.rows("indicator/targets", **asked.values)
    if not found:
        return [
            visit.t("该单位本期没有这个指标的目标。", "No target of this indicator applies to the unit and period.")
        ]
    return [html.Ul([html.Li(_target(row, asked)) for row in found], className="note")]


def _target(row: dict[str, Any], asked: Asked) -> str:
    visit = asked.visit
    unit = visit.say(wording.words(wording.UNITS, row["unit"]))
    whom = row["scope_name"] or visit.t("所有单位", "all units")
    shown = visit.t("(图中所示)", " (the one drawn)") if row["scope_rank"] == 1 else ""
    head = visit.t("目标", "Target")
    days = visit.say(between(row["valid_from"], row["valid_to"]))
    value = f"{row['comparator']} {wording.number(row['target_value'])} {unit}"
    return f"{head} {value}{shown} · {whom} · {days} · {row['name_zh']} · {row['document_title'] or ''}".rstrip(" ·")


def _behind_note(asked: Asked, editions: pl.DataFrame) -> str:
    count = editions.height
    formulas = editions["formula"].n_unique()
    return asked.visit.t(
        f"目录里有 {count} 个版本,{formulas} 种公式;下表逐个列出,各版本算出的数在“各版本与两种口径”里。",
        f"The catalog has {count} editions with {formulas} different formulas; the table lists them, and what each "
        "of them gives is under “Editions and bases”.",
    )


def _columns(asked: Asked, here: dict[str, Any] | None) -> tuple[Column, ...]:
    visit = asked.visit
    return (
        Column(Words("标准与版本", "Standard, edition"), lambda row: _edition_link(row, asked)),
        Column(Words("公式", "Formula"), lambda row: formula(row, asked)),
        Column(Words("与所示版本相比", "Against the one shown"), lambda row: visit.say(difference(row, here))),
        Column(Words("类型", "Type"), lambda row: visit.say(wording.words(TYPES, row["indicator_type"]))),
        Column(Words("有效", "Valid"), lambda row: visit.say(between(row["valid_from"], row["valid_to"])) + (
            "" if row["is_in_force"] else visit.t("(本期不适用)", " (not in force)"))),
        Column(Words("依据", "Document"), document),
        Column(Words("可信程度", "Attested"), lambda row: visit.say(wording.words(EVIDENCE, row["evidence"]))),
    )  # fmt: skip


def _edition_link(row: dict[str, Any], asked: Asked) -> Any:
    text = f"{asked.visit.name_of(row, 'standard')} · {row['edition']}"
    return dcc.Link(text, href=asked.href(standard=row["standard"], edition=row["edition"]))


def difference(row: dict[str, Any], here: dict[str, Any] | None) -> Words:
    """In what an edition differs from the one that is shown."""
    if here is None or (row["standard"], row["edition"]) == (here["standard"], here["edition"]):
        return Words("就是所示版本", "this is the one")
    parts = [
        words
        for side, words in (
            ("numerator", Words("分子不同", "another numerator")),
            ("denominator", Words("分母不同", "another denominator")),
        )
        if row[f"{side}_zh"] != here[f"{side}_zh"]
    ]
    if row["indicator_type"] != here["indicator_type"]:
        parts.append(Words("类型不同", "another type"))
    if not parts:
        return Words("公式相同", "the same formula")
    return Words(",".join(part.zh for part in parts), ", ".join(part.en for part in parts))
