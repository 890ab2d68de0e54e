"""`taizhang export`: a return that goes up, a table of a release, or figures for other systems."""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import HomeOption, LangOption, find_release, site
from pipelines.cli.template import find_form, forms_called
from pipelines.cli.words import default_lang, say
from pipelines.errors import TaizhangError

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog

DATA_VALUES = "data-values"
INNER = ("store.", "run.")  # schemas whose tables have keys, not codes: exported where they are asked for by name


class ExportFormat(StrEnum):
    """What data values (tidy, dhis2) or a table are written as."""

    tidy = "tidy"
    dhis2_csv = "dhis2-csv"
    dhis2_json = "dhis2-json"
    xlsx = "xlsx"
    csv = "csv"
    parquet = "parquet"


OF_VALUES = (ExportFormat.tidy, ExportFormat.dhis2_csv, ExportFormat.dhis2_json)
OF_TABLES = (ExportFormat.xlsx, ExportFormat.csv, ExportFormat.parquet)
WHAT = f"报表(编码或名称)、表(marts.indicator_value)或 {DATA_VALUES} / a form, a table, or {DATA_VALUES}"
ORG = "报表:填报单位;data-values:这个单位和下级 / sender; a unit and all below it"
OF_FORM = "data-values:只要这种报表报的数 / as one form states it"
SYSTEM = "data-values:对方的编号(catalog/exchange/) / identifiers of a system"
DATE = "填报日期 / day of filling in, 2014-10-12"


def export(  # noqa: PLR0913 – a command has as many arguments as options
    what: Annotated[str, typer.Argument(help=WHAT, metavar="FORM|TABLE|data-values")],
    org: Annotated[str, typer.Option("--org", help=ORG)] = "",
    period: Annotated[str, typer.Option("--period", help="报告期,如 2014Q3、M2014 / period")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入的文件(或文件夹) / file or folder")] = None,
    written: Annotated[ExportFormat | None, typer.Option("--format", help="写法 / how it is written")] = None,
    leader: Annotated[str, typer.Option("--leader", help="单位负责人 / head of the unit")] = "",
    reviewer: Annotated[str, typer.Option("--reviewer", help="审核人 / reviewer")] = "",
    filler: Annotated[str, typer.Option("--filler", help="填表人 / who filled it in")] = "",
    date: Annotated[str, typer.Option("--date", help=DATE)] = "",
    of_form: Annotated[str, typer.Option("--form", help=OF_FORM)] = "",
    system: Annotated[str, typer.Option("--system", help=SYSTEM)] = "",
    home: HomeOption = None,
    release: Annotated[str | None, typer.Option("--release", help="发布编号 / id of a release")] = None,
    lang: LangOption = None,
) -> None:
    """导出:往上报的报表、一张表,或给别的系统的数。 A return that goes up, a table, or figures for other systems.

    报表:按官方表式填好的汇总表,附汇总说明:export maternal_health_year --org 样本县 --period M2014 -o 上报.xlsx
    A form: its official layout filled in from the roll-up, with a cover sheet.

    表:export marts.indicator_value -o rates.xlsx(或 .csv、.parquet)。 A table as xlsx, csv (formula-safe) or parquet.

    data-values:tidy 是报来的每一个数;dhis2 每单位、时期、项目、分组一个算数的数(--form:该报表报的数)。
    tidy: every figure as it was sent. dhis2: the one that counts (with --form: as that form states it).
    """
    from pipelines.catalog.load import load_catalog
    from pipelines.cli import export_form, export_table, export_values

    spoken, where = lang or default_lang(), site(home)
    found = find_release(where, release)
    signed = {"--leader": leader, "--reviewer": reviewer, "--filler": filler, "--date": date}
    given = {"--org": org, "--period": period, "--form": of_form, "--system": system, **signed}
    if what == DATA_VALUES:
        _only(what, given, ("--org", "--period", "--form", "--system"), written, OF_VALUES)
        wanted = export_values.Asked(org, period, of_form, system, written or ExportFormat.tidy)
        export_values.export_values(found.database, load_catalog(*where.catalog_folders), wanted, output, spoken)
        return
    tables = export_table.tables_of(found.database)
    if what in tables:
        _only(what, given, (), written, OF_TABLES)
        export_table.export_table(found.database, what, output, written, spoken)
        return
    catalog = load_catalog(*where.catalog_folders)
    code = find_wanted(what, catalog, tables)
    _only(what, given, ("--org", "--period", *signed), written, (ExportFormat.xlsx,))
    if not (org and period and output):
        told = say(spoken, "报表要写 --org、--period 和 -o", "a form needs --org, --period and -o")
        raise typer.BadParameter(told, param_hint=code)
    asked = export_form.Asked(code, org, period, export_form.signatures(leader, reviewer, filler, date))
    print(export_form.export_form(found, catalog, asked, output, spoken))


def _only(
    what: str, given: dict[str, str], used: tuple[str, ...], form: ExportFormat | None, forms: tuple[ExportFormat, ...]
) -> None:
    """Makes sure that no option is left unheeded."""
    extra = [name for name, value in given.items() if value and name not in used]
    if form is not None and form not in forms:
        extra.append(f"--format {form}")
    if extra:
        fits = [*used, f"--format {'|'.join(forms)}"]
        raise TaizhangError(
            f"导出 {what} 不用 {'、'.join(extra)}。", f"{what} is exported without {', '.join(extra)}.",
            remedy_zh=f"可用:{'、'.join(fits)}。", remedy_en=f"it takes {', '.join(fits)}.",
        )  # fmt: skip


def find_wanted(what: str, catalog: Catalog, tables: list[str]) -> str:
    """The code of a form, given by code or name.

    Raises:
        TaizhangError: there is none, with the forms and tables that are spelt nearly so; or several have the name.
    """
    if forms_called(what, catalog):
        return find_form(what, catalog)
    names = {text.lower(): code for code, form in catalog.forms.items() for text in (code, form.zh, form.en)}
    names |= {DATA_VALUES: DATA_VALUES}
    for table in (name for name in tables if not name.startswith(INNER)):
        names |= {table: table, table.partition(".")[2]: table}
    near = list(dict.fromkeys(names[text] for text in get_close_matches(what.lower(), names, 4, 0.5)))
    shown = "、".join(near)
    raise TaizhangError(
        f"没有报表或表“{what}”。", f"There is no form or table {what!r}.",
        remedy_zh=(f"是不是:{shown}?" if near else "") + "报表:taizhang catalog list --kind form;表:docs/tables/。",
        remedy_en=(f"did you mean {', '.join(near)}? " if near else "")
        + "forms: taizhang catalog list --kind form; tables: docs/tables/.",
    )  # fmt: skip
