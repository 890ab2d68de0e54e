"""`taizhang export`: figures of a release for other systems."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import HomeOption, LangOption, find_release, site
from pipelines.cli.words import Lang, default_lang, say
from pipelines.errors import TaizhangError

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.warehouse.data_values import Figure, Wanted

DATA_VALUES = "data-values"


class ExportFormat(StrEnum):
    """What data values are written as."""

    tidy = "tidy"
    dhis2_csv = "dhis2-csv"
    dhis2_json = "dhis2-json"


def export(  # noqa: PLR0913 – a command has as many arguments as options
    what: Annotated[str, typer.Argument(help=f"导出什么 / what to export: {DATA_VALUES}", metavar="WHAT")],
    form: Annotated[ExportFormat, typer.Option("--format", help="写法 / how it is written")] = ExportFormat.tidy,
    org: Annotated[str, typer.Option("--org", help="这个单位和它的下级 / a unit (code) and all below it")] = "",
    period: Annotated[str, typer.Option("--period", help="这个时期之内 / the periods inside, as 2014, M2014")] = "",
    of_form: Annotated[str, typer.Option("--form", help="只要这种报表报的数 / as one form states it (code)")] = "",
    system: Annotated[
        str, typer.Option("--system", help="对方的编号(catalog/exchange/ 的条目) / identifiers of a system")
    ] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 / write to a file")] = None,
    home: HomeOption = None,
    release: Annotated[str | None, typer.Option("--release", help="发布编号 / id of a release")] = None,
    lang: LangOption = None,
) -> None:
    """导出:一次发布的数,给别的系统。 Figures of a release for other systems: DHIS2 data values or tidy CSV.

    tidy 是报来的每一个数;dhis2 每单位、时期、项目、分组一个算数的数(--form:该报表报的数)。
    tidy: every figure as it was sent. dhis2: the one that counts (with --form: as that form states it).
    """
    from pipelines.catalog.load import load_catalog
    from pipelines.warehouse.data_values import Wanted, period_of
    from pipelines.warehouse.files import write_atomic

    spoken = lang or default_lang()
    if what != DATA_VALUES:
        raise typer.BadParameter(say(spoken, f"可以导出:{DATA_VALUES}", f"can be exported: {DATA_VALUES}"),
                                 param_hint="WHAT")  # fmt: skip
    where = site(home)
    database = find_release(where, release).database
    catalog = load_catalog(*where.catalog_folders)
    for given, known, option in ((of_form, catalog.forms, "--form"), (system, catalog.exchange, "--system")):
        if given and given not in known:
            raise _unknown(given, sorted(known), option)
    wanted = Wanted(org, period_of(period) if period else None, of_form)
    text, count, left_out = written(database, catalog, wanted, form, system)
    if output is None:
        sys.stdout.write(text)
    else:
        write_atomic(output, text.encode("utf-8-sig" if form is ExportFormat.tidy else "utf-8"))
    print(_told(count, left_out, spoken), file=sys.stderr)


def written(
    database: Path, catalog: Catalog, wanted: Wanted, form: ExportFormat, system: str = ""
) -> tuple[str, int, int]:
    """The text of an export, how many figures it holds, and how many DHIS2 cannot hold."""
    from pipelines.warehouse import data_values as out

    if form is ExportFormat.tidy:
        figures = out.stated(database, wanted)
        return out.tidy_csv(figures), len(figures), 0
    figures = _of_one_form(out.stated(database, wanted)) if wanted.form else out.counting(database, wanted)
    values, left_out = out.data_values(figures, catalog, system)
    if form is ExportFormat.dhis2_csv:
        return out.dhis2_csv(values), len(values), left_out
    names = {code: name for name, code in catalog.exchange[system].forms.items()} if system else {}
    return out.dhis2_json(values, names.get(wanted.form, wanted.form)), len(values), left_out


def _of_one_form(figures: list[Figure]) -> list[Figure]:
    """The first statement of each figure: DHIS2 has one for each unit, period, element and breakdown."""
    first = {(f.org, f.period, f.element, f.breakdown): f for f in reversed(figures)}
    return list(reversed(first.values()))


def _told(count: int, left_out: int, spoken: Lang) -> str:
    text = say(spoken, f"导出 {count} 个数。", f"{count} figure(s) exported.")
    return text + say(
        spoken,
        f"DHIS2 放不下的 {left_out} 个没有导出(没有数的状态、没有对应的时期、对方没有编号)。",
        f" {left_out} that DHIS2 cannot hold were left out (states without a number, periods or codes without an "
        "identifier).",
    ) * bool(left_out)


def _unknown(given: str, known: list[str], option: str) -> TaizhangError:
    shown = ", ".join(known) or "–"
    return TaizhangError(
        f"{option}:没有“{given}”。", f"{option}: there is no {given!r}.",
        remedy_zh=f"有:{shown}。", remedy_en=f"there are: {shown}.",
    )  # fmt: skip
