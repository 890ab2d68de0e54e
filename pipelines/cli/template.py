"""`taizhang template`: the empty return of a form for a unit and a period."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.check import site_catalog
from pipelines.cli.options import FormatOption, HomeOption, LangOption, new_workbook, show
from pipelines.cli.words import Format, default_lang, say
from pipelines.errors import TaizhangError

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import Org
    from pipelines.catalog.periods import Period
    from pipelines.intake.orgs import OrgIndex


def template(  # noqa: PLR0913 – a command has as many arguments as options
    name: Annotated[str, typer.Argument(help="报表的编码或名称 / code or name of a form", metavar="FORM")],
    org: Annotated[str, typer.Option("--org", help="填报单位的代码或名称 / code or name of the sender")],
    period: Annotated[str, typer.Option("--period", help="报告期,如 2014-09、2014Q3、M2014 / period")],
    output: Annotated[Path, typer.Option("-o", "--output", help="写入的文件或文件夹 / file or folder to write")],
    home: HomeOption = None,
    orgs: Annotated[
        Path | None, typer.Option("--orgs", help="没有站点时用的机构名册 / a register, where there is no site")
    ] = None,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """空表:标题、单位、报告期、各行单位、锁定的表头、填写时的核对。 The empty return of a form, with its checks.

    填好后 taizhang check 核对,再放进 inbox/。 Fill it in, look at it with taizhang check, send it.
    """
    from pipelines.intake.orgs import OrgIndex
    from pipelines.intake.template import make_template
    from pipelines.warehouse.files import write_atomic

    spoken = lang or default_lang()
    catalog = site_catalog(home, orgs, spoken)
    index = OrgIndex(catalog.orgs)
    code, when = find_form(name, catalog), find_period(period)
    made = make_template(code, catalog, index, find_org(org, index, when), when)
    path = output / f"{catalog.forms[code].zh}_{made.area.name}_{when.code.replace('/', '_')}.xlsx"
    path = new_workbook(path if output.is_dir() else output)
    write_atomic(path, made.content)
    rows = len({one.org for one in made.inputs.values() if not one.is_total})
    text = say(
        spoken,
        f"{path}:{catalog.forms[code].zh},{made.sender.name},{when.code},{rows} 个单位,{len(made.inputs)} 个数。",
        f"{path}: {catalog.forms[code].en}, {made.sender.name}, {when.code}, {rows} unit(s), {len(made.inputs)} "
        "figures.",
    )
    told = {"file": str(path), "form": code, "reported_by": made.sender.code, "org": made.area.code,
            "period": when.code, "units": rows, "figures": len(made.inputs)}  # fmt: skip
    show(told, text, form)


def forms_called(name: str, catalog: Catalog) -> list[str]:
    """The codes of the forms that have just this code or name."""
    if name in catalog.forms:
        return [name]
    return [code for code, form in catalog.forms.items() if name.lower() in (form.zh.lower(), form.en.lower())]


def find_form(name: str, catalog: Catalog) -> str:
    """The code of a form that is given by code or by name.

    Raises:
        TaizhangError: there is none, with those that are spelt nearly so; or several have the name.
    """
    called = forms_called(name, catalog)
    if len(called) == 1:
        return called[0]
    names = {text: code for code, form in catalog.forms.items() for text in (code, form.zh, form.en)}
    near = called or list(dict.fromkeys(names[text] for text in get_close_matches(name, names, 3, 0.5)))
    shown = "、".join(f"{code} {catalog.forms[code].zh}" for code in near)
    raise TaizhangError(
        f"没有报表“{name}”。" if not called else f"名为“{name}”的报表不止一种。",
        f"There is no form {name!r}." if not called else f"Several forms are called {name!r}.",
        remedy_zh=(f"是不是:{shown}?" if near else "") + "全部报表:taizhang catalog list --kind form。",
        remedy_en=(f"did you mean {shown}? " if near else "") + "taizhang catalog list --kind form lists all.",
    )


def find_period(code: str) -> Period:
    """The period of a code, or of words such as 2014年9月.

    Raises:
        TaizhangError: it is none.
    """
    from pipelines.intake.period_text import read_period

    found = read_period(code)
    if found is None:
        raise TaizhangError(
            f"“{code}”不是报告期。", f"{code!r} is no period.",
            remedy_zh="写成 2014、2014H1、2014Q3、2014-09、2014-09-T2、M2014(妇幼年度)的样子。",
            remedy_en="write it like 2014, 2014H1, 2014Q3, 2014-09, 2014-09-T2 or M2014 (maternal and child health "
            "year).",
        )  # fmt: skip
    return found


def find_org(name: str, index: OrgIndex, when: Period) -> Org:
    """The organisation of a code or name, as it was at a period's end.

    Raises:
        TaizhangError: there is none, or several.
    """
    from pipelines.intake.tables import Refusal

    try:
        found = index.resolve(name, "", when.end)
    except Refusal as told:
        zh, en = told.remedy_zh, told.remedy_en
        if told.reason == "unknown_unit":  # nobody sends a file here
            zh = "写机构名册(orgs.csv)中的全称或编码;新单位请先加入名册。"
            en = "write its full name or code as in the register (orgs.csv); add a new unit to the register first."
        raise TaizhangError(told.zh, told.en, remedy_zh=zh, remedy_en=en) from told
    return index.orgs.at(found.code, when.end) or found
