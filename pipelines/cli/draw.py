"""`taizhang draw`: draws townships, villages and figures for an inspection by seed, and writes the recount sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.options import FormatOption, HomeOption, LangOption, find_release, new_workbook, show, site
from pipelines.cli.template import find_form, find_org, find_period
from pipelines.cli.words import Format, Lang, default_lang, say

SHOWN = 6
FormNameOption = Annotated[str, typer.Option("--form", help="报表的编码或名称 / code or name of a form")]


def draw(  # noqa: PLR0913 – a command has as many arguments as options
    name: FormNameOption,
    org: Annotated[str, typer.Option("--org", help="在哪个单位以下抽 / draw below this unit")],
    period: Annotated[str, typer.Option("--period", help="报告期,如 2014-09、2014Q3、M2014 / period")],
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="种子:同样的种子抽出同样的 / the same seed draws the same")
    ],
    townships: Annotated[
        float, typer.Option("--townships", min=0.001, max=1.0, help="乡镇抽几成 / share of the townships")
    ] = 0.2,
    villages: Annotated[int, typer.Option("--villages", min=1, help="每个乡镇抽几个村 / villages in each")] = 2,
    entries: Annotated[
        int, typer.Option("--entries", min=0, help="每个村抽几条,0 为全部 / entries in each, 0: all")
    ] = 0,
    by: Annotated[str, typer.Option("--by", help="复核单位,默认为 --org / who inspects (default: --org)")] = "",
    blind: Annotated[bool, typer.Option("--blind", help="表上不写上报数 / leave the reported figures out")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写出复核抽查表 .xlsx / recount sheet")] = None,
    home: HomeOption = None,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """抽样复核:按种子抽乡镇、村和要重新数的数,写出复核抽查表。 Draws units and figures to recount, by seed.

    填好的表放进 inbox/,下一夜 marts.verification 给出核实系数。 The filled sheet goes into the inbox.
    """
    from pipelines.catalog.load import load_catalog
    from pipelines.intake.orgs import OrgIndex
    from pipelines.intake.template_units import check_period
    from pipelines.warehouse.draw import Design
    from pipelines.warehouse.draw import draw as drawn_from
    from pipelines.warehouse.files import write_atomic
    from pipelines.warehouse.recount_sheet import recount_sheet

    spoken, where = lang or default_lang(), site(home)
    release, catalog = find_release(where, None), load_catalog(*where.catalog_folders)
    code, when, index = find_form(name, catalog), find_period(period), OrgIndex(catalog.orgs)
    unit = find_org(org, index, when)
    inspector = find_org(by, index, when) if by else unit
    layout = catalog.forms[code]
    check_period(layout, when)
    counts = [(item.element, item.breakdown) for item in layout.items
              if catalog.units[catalog.elements[item.element].unit].counts]  # fmt: skip
    design = Design(seed, townships, villages, entries)
    found = drawn_from(release, (inspector.code, unit.code, code, when), layout, list(dict.fromkeys(counts)), design)
    if output is not None:
        write_atomic(new_workbook(output), recount_sheet(found, catalog, blind=blind))
    show(_figures(found, output), "\n".join(_lines(found, output, spoken)), form)


def _figures(found: Any, output: Path | None) -> dict[str, Any]:
    return {
        "draw": found.id, "org": found.org, "form": found.form, "period": found.period.code, "by": found.by,
        "seed": found.design.seed, "townships": found.drawn_townships, "of_townships": found.townships,
        "units": [unit.code for unit in found.drawn], "of_units": found.units, "not_reported": _silent(found),
        "elements": [list(item) for item in found.items], "file": str(output) if output else None,
    }  # fmt: skip


def _silent(found: Any) -> list[str]:
    """The drawn units of whom the release knows no figure of this form and period."""
    heard = {org for org, _, _ in found.said}
    return [unit.code for unit in found.drawn if unit.code not in heard]


def _lines(found: Any, output: Path | None, spoken: Lang) -> list[str]:
    seed = found.design.seed
    lines = [
        say(
            spoken,
            f"抽样 {found.id}:种子 {seed},乡镇 {len(found.drawn_townships)}/{found.townships},"
            f"单位 {len(found.drawn)}/{found.units},每个单位 {len(found.items)} 个数。",
            f"Draw {found.id}: seed {seed}, {len(found.drawn_townships)} of {found.townships} township(s), "
            f"{len(found.drawn)} of {found.units} unit(s), {len(found.items)} figure(s) of each.",
        )
    ]
    lines += [f"  {unit.township_name}  {unit.code}  {unit.name}" for unit in found.drawn]
    if silent := _silent(found):
        lines.append(
            say(
                spoken,
                f"注意:其中 {len(silent)} 个没有报过 {found.period.code} 的这种报表,没有上报数可比:"
                + "、".join(silent[:SHOWN])
                + "……" * (len(silent) > SHOWN),
                f"Note: {len(silent)} of them reported nothing of this form for {found.period.code}; there is nothing "
                f"to compare with: {', '.join(silent[:SHOWN])}" + " …" * (len(silent) > SHOWN),
            )
        )
    lines.append(
        say(
            spoken,
            "这种报表没有台账明细,抽的是要按原始登记重新数的数。",
            "This form has no ledger entries: drawn are figures, to be counted again from the registers.",
        )
    )
    if output is not None:
        lines.append(
            say(
                spoken,
                f"已写出 {output}:填“复核数”,放进收件箱,运行 taizhang run。",
                f"{output} is written: fill in 复核数, put it into the inbox, taizhang run.",
            )
        )
    return lines
