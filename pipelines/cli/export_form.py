"""`taizhang export FORM`: the return that goes up, from a release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pipelines.cli.options import new_workbook
from pipelines.cli.template import find_org, find_period
from pipelines.cli.words import Lang, say
from pipelines.errors import TaizhangError

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.intake.template_page import Template
    from pipelines.warehouse.outgoing import Chosen
    from pipelines.warehouse.release import Release


class Asked(NamedTuple):
    """Which return: code of the form, code or name of the sender, code or words of the period, who signed it."""

    code: str
    org: str
    period: str
    signed: Mapping[str, str] = MappingProxyType({})


def export_form(release: Release, catalog: Catalog, asked: Asked, output: Path, spoken: Lang) -> str:
    """Writes the return, and tells what is in it.

    Args:
        release: where the figures are from.
        catalog: forms and organisations.
        asked: which return.
        output: a file, or a folder.
        spoken: the language.

    Raises:
        TaizhangError: nobody or nothing is called so; the form is not sent so; the file is there already.
    """
    from pipelines.warehouse.files import write_atomic
    from pipelines.warehouse.outgoing_cover import percent

    made, figures = return_of(release, catalog, asked)
    form = catalog.forms[asked.code]
    name = f"{form.zh}_{made.area.name}_{made.period.code.replace('/', '_')}.xlsx"
    path = new_workbook(output / name if output.is_dir() else output)
    write_atomic(path, made.content)
    cells = len(made.inputs)
    known = sum(one.said is not None and one.said.value is not None for one in made.inputs.values())
    rows = len({one.org for one in made.inputs.values()} - {made.area.code})
    totals = [
        figure.coverage for figure in figures.values() if figure.org == made.area.code and figure.value is not None
    ]
    lowest = percent(min(totals, default=0.0))
    return say(
        spoken,
        f"{path}:{form.zh},{made.area.name},{made.period.code},{rows} 行,{cells} 格中 {known} 格有数;"
        f"合计的最低覆盖 {lowest}。汇总说明在第二张工作表。",
        f"{path}: {form.en}, {made.area.name}, {made.period.code}, {rows} row(s), {known} of {cells} cells with a "
        f"figure; lowest coverage of a total {lowest}. The second sheet says what it rests on.",
    )


def return_of(release: Release, catalog: Catalog, asked: Asked) -> tuple[Template, Chosen]:
    """The return that goes up, and the figures that it was made from; `export_form` says what is raised."""
    import duckdb

    from pipelines.intake.orgs import OrgIndex
    from pipelines.intake.outgoing import Outgoing, make_return, outgoing_rows
    from pipelines.intake.template import area_of, check_layout
    from pipelines.intake.template_units import check_period
    from pipelines.warehouse import outgoing
    from pipelines.warehouse.outgoing_cover import cover_of

    form, index, when = catalog.forms[asked.code], OrgIndex(catalog.orgs), find_period(asked.period)
    check_layout(form)
    check_period(form, when)
    sender = find_org(asked.org, index, when)
    area = area_of(form, index, sender, when)
    rows = outgoing_rows(form, index, area, when) if form.orientation == "units_in_rows" else []
    attributes = frozenset(name for name, element in catalog.elements.items() if element.kind == "attribute")
    wanted = outgoing.Asked(asked.code, form, area, rows, when, attributes)
    with duckdb.connect(str(release.database), read_only=True) as con:
        figures = outgoing.chosen_figures(con, wanted)
        cover = cover_of(con, release, wanted, figures, catalog, sender)
    said = Outgoing({key: figure.said for key, figure in figures.items()}, cover, asked.signed)
    return make_return(asked.code, catalog, index, sender, when, rows, said), figures


def signatures(leader: str, reviewer: str, filler: str, day: str) -> dict[str, str]:
    """The foot of a return.

    >>> signatures("", "李某", "", "2014-10-12")
    {'单位负责人': '', '审核人': '李某', '填表人': '', '填报日期': '2014年10月12日'}

    Raises:
        TaizhangError: the day is none.
    """
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise TaizhangError(
            f"“{day}”不是日期。", f"{day!r} is no day.",
            remedy_zh="--date 写成 2014-10-12 的样子。", remedy_en="write --date like 2014-10-12.",
        ) from error  # fmt: skip
    printed = f"{on.year}年{on.month}月{on.day}日" if on else ""
    return {"单位负责人": leader, "审核人": reviewer, "填表人": filler, "填报日期": printed}
