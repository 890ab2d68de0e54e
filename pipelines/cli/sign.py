"""`taizhang sign`: approves, closes or opens returns; kept in the journal, shown from the next night on."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import FormatOption, HomeOption, LangOption, find_release, show, site
from pipelines.cli.template import find_form, find_org, find_period
from pipelines.cli.words import Format, Lang, default_lang, say
from pipelines.settings import now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.catalog.models import Org

SHOWN = 12


class State(StrEnum):
    """What a return is signed to be."""

    approved = "approved"
    closed = "closed"
    open = "open"


WORDS = {
    State.approved: ("已审核", "approved"), State.closed: ("已定案", "closed"),
    State.open: ("已重新打开", "open again"),
}  # fmt: skip


def sign(  # noqa: PLR0913 – a command has as many arguments as options
    name: Annotated[str, typer.Argument(help="报表的编码或名称 / code or name of a form", metavar="FORM")],
    period: Annotated[str, typer.Option("--period", help="报告期,如 2014-09、2014Q3、M2014 / period")],
    state: Annotated[State, typer.Option("--state", help="approved 审核,closed 定案,open 重新打开")],
    org: Annotated[str, typer.Option("--org", help="单位的代码或名称 / code or name of the unit")] = "",
    under: Annotated[str, typer.Option("--under", help="这个单位以下全部 / all returns below this unit")] = "",
    why: Annotated[str, typer.Option("--why", help="原因 / the reason")] = "",
    who: Annotated[str, typer.Option("--who", help="审核人,默认为登录名 / who signs (login name)")] = "",
    home: HomeOption = None,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """审核、定案、重新打开报表;下一夜起各数显示。 Approves, closes or opens returns, shown from the next night on.

    定案以后不再收新的报表,要改先写明原因重新打开。 A closed return takes no new file until it is opened with a reason.
    """
    from pipelines.catalog.load import load_catalog
    from pipelines.intake.orgs import OrgIndex
    from pipelines.warehouse.sign_off import Wanted
    from pipelines.warehouse.sign_off import sign as record

    spoken, why, who = lang or default_lang(), why.strip(), who.strip() or getpass.getuser()
    if bool(org) == bool(under):
        told = say(spoken, "--org 和 --under 写且只写一个", "give one of --org and --under")
        raise typer.BadParameter(told, param_hint="--org")
    if state is State.open and not why:
        told = say(spoken, "重新打开须写明原因", "opening again needs the reason")
        raise typer.BadParameter(told, param_hint="--why")
    where = site(home)
    release = find_release(where, None)
    catalog = load_catalog(*where.catalog_folders)
    code, when = find_form(name, catalog), find_period(period)
    unit = find_org(org or under, OrgIndex(catalog.orgs), when)
    place = {"org": unit.code} if org else {"under": unit.code}
    became = record(where, release, Wanted(code, when, state.value, why=why, who=who, **place), now())
    lines = _lines(spoken, state, catalog.orgs, became.signed, became.already, became.not_sent)
    if became.errors:
        count = len(became.errors)
        lines.append(say(spoken, f"注意:还有 {count} 个错误没有解决:", f"note: {count} error(s) are open:"))
        lines += [f"  {say(spoken, *error)}" for error in became.errors[:SHOWN]]
    if became.signed:
        run = f"taizhang run --home {where.path}"
        lines.append(say(spoken, f"下一次 {run} 起各数显示。", f"Every figure shows it from the next {run} on."))
    figures = {"form": code, "period": when.code, "state": state.value, "who": who, "why": why, "signed": became.signed,
               "already": became.already, "not_sent": became.not_sent, "open_errors": len(became.errors)}  # fmt: skip
    show(figures, "\n".join(lines), form)


def _lines(spoken: Lang, state: State, known: Mapping[str, Org], *groups: list[str]) -> list[str]:
    """What became of the returns, a line for each fate."""
    heads = (
        WORDS[state],
        ("本来就是,没有再记", "was so before; not signed again"),
        ("应报而没有报来,没有签", "owed but not sent; not signed"),
    )
    return [
        f"{say(spoken, *head)} {len(orgs)}:{' ' if spoken is Lang.en else ''}"
        + ", ".join(f"{known[code].name}({code})" if code in known else code for code in orgs[:SHOWN])
        + (" …" if len(orgs) > SHOWN else "")
        for head, orgs in zip(heads, groups, strict=True)
        if orgs
    ]
