"""The command `taizhang`: what a person types, and what she reads when it goes wrong."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from pipelines.cli.bulletin import bulletin
from pipelines.cli.catalog import catalog
from pipelines.cli.check import check
from pipelines.cli.correct import correct
from pipelines.cli.draw import draw
from pipelines.cli.export import export
from pipelines.cli.options import FormatOption, HomeOption, LangOption, find_release, show, site
from pipelines.cli.register import register
from pipelines.cli.sample import sample
from pipelines.cli.serve import serve
from pipelines.cli.sign import sign
from pipelines.cli.template import template
from pipelines.cli.words import Format, Lang, command, default_lang, say
from pipelines.errors import TaizhangError

app = typer.Typer(
    name="taizhang",
    help="台账:公共卫生与公共法律服务指标的分析仓库。 An analytics warehouse for public-service indicators.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

FAILED, STRICT = 1, 3
SHOWN_ROWS = 1000


@app.callback()
def everywhere(context: typer.Context, lang: LangOption = None) -> None:
    """Takes `--lang` before the subcommand, too; one behind it has the last word."""
    if lang is not None:
        context.default_map = _spread(context.command, lang)


def _spread(group: Any, lang: Lang) -> dict[str, Any]:
    """The language as the default of every command below a group."""
    below = getattr(group, "commands", {})
    return {"lang": lang.value, **{name: _spread(command, lang) for name, command in below.items()}}


@app.command(epilog="例 / example: taizhang demo --home /tmp/demo")
def demo(home: HomeOption = None, lang: LangOption = None, form: FormatOption = Format.text) -> None:
    """演示:新站点、真实报表、合成样本县、一夜运行。 Real reports and a synthetic county, one night."""
    from pipelines.cli.night import make_demo, run_night
    from pipelines.cli.summary import as_text

    where, spoken = site(home), lang or default_lang()
    make_demo(where)
    figures = run_night(where, spoken)
    after = "\n".join(demo_next(where.path, spoken))
    show(figures, f"{as_text(figures, spoken)}\n{after}", form)


def demo_next(folder: Path, spoken: Lang) -> list[str]:
    """What to try on a demonstration: the page, queries, the corrections of the county's errors."""
    typed, head = command(), say(spoken, "接下来", "next  ")
    lines = [
        say(spoken, "用浏览器打开上面的网页", "open the page above in a browser"),
        f"{typed} serve --home {folder}",
        f"{typed} sql --home {folder} \"select * from marts.indicator_value where org_code = 'x-sample'\"",
        say(
            spoken,
            f"样本县里埋了差错({folder}/sample/manifest.csv 是清单);登记更正,再运行一夜就都改正:",
            f"the county holds planted errors ({folder}/sample/manifest.csv lists them); declared corrections and "
            "a night mend them:",
        ),
        f"  {typed} correct --home {folder} {folder}/sample/corrections.csv",
        f"  {typed} run --home {folder}",
        f"{typed} verify --home {folder}",
        f"make dagster HOME_DIR={folder}",
    ]
    return [f"{head if number == 0 else '      '}{'  ' if spoken is Lang.zh else '    '}{line}"
            for number, line in enumerate(lines)]  # fmt: skip


@app.command(epilog="例 / example: taizhang init --home /srv/taizhang --orgs orgs.csv")
def init(
    home: HomeOption = None,
    orgs: Annotated[Path | None, typer.Option("--orgs", help="机构名册 CSV / register of organisations")] = None,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """建立空站点。 An empty site; --orgs loads a register of organisations."""
    from pipelines.cli.night import create

    where, spoken = site(home), lang or default_lang()
    count = create(where, orgs)
    text = say(
        spoken,
        f"站点已建好:{where.path}(机构 {count} 个)。\n"
        f"把报表放进 {where.inbox},然后运行 taizhang run --home {where.path}",
        f"The site is ready: {where.path} ({count} organisations).\n"
        f"Put returns into {where.inbox}, then run taizhang run --home {where.path}",
    )
    show({"home": str(where.path), "organisations": count}, text, form)


@app.command(epilog="例 / example: taizhang run --home /srv/taizhang --strict")
def run(
    home: HomeOption = None,
    full: Annotated[
        bool, typer.Option("--full", help="由存档和日志全部重建 / rebuild from archive and journal")
    ] = False,
    period: Annotated[
        str | None,
        typer.Option("--period", help="不收件,只重算这一时期 / leave the inbox alone, compute this period anew"),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="不收件,另发布当日所知 / publish what was known on a day"),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="有拒收或错误级问题时以 3 退出 / exit 3 on refusals or errors")
    ] = False,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """一夜:收件、核对、计算、发布。 One night: intake of inbox/, checks, marts, release.

    --as-of 2026-10-01:按那一天结束时收到的报表、登记的更正和当时的目录重算,另成一次发布,最新的发布不变。
    A release of its own with what was received, corrected and meant at the end of that day; the newest one stays.

    --period 2014、2014Q2、2014-05、M2014:不收件,核对该期报表的存档,重算该期和由它得出的一切,检查、发布。
    Checks the archived files of that period's returns and computes anew the period and all that follows from it.
    """
    from pipelines.cli.as_of import run_as_of
    from pipelines.cli.night import run_night
    from pipelines.cli.summary import as_text

    spoken = lang or default_lang()
    if sum((full, bool(period), as_of is not None)) > 1:
        told = say(spoken, "--full、--period、--as-of 只能用一个", "give only one of --full, --period, --as-of")
        raise typer.BadParameter(told, param_hint="--period" if period else "--as-of")
    if as_of is not None:
        figures = run_as_of(site(home), as_of.date(), spoken)
    else:
        figures = run_night(site(home), spoken, full=full, period=period)
    show(figures, as_text(figures, spoken), form)
    if strict and (figures["files"]["refused"] or figures["refused"] or figures["findings"].get("error")):
        raise typer.Exit(STRICT)


@app.command(epilog='例 / example: taizhang sql "select * from marts.claim_check" --format csv -o claims.csv')
def sql(
    query: Annotated[str, typer.Argument(help="一条 SELECT / one SELECT")],
    home: HomeOption = None,
    release: Annotated[str | None, typer.Option("--release", help="发布编号 / id of a release")] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv, json, parquet")] = "table",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 / write to a file")] = None,
    seconds: Annotated[float, typer.Option("--seconds", help="时限(秒) / time limit")] = 60,
    lang: LangOption = None,
) -> None:
    """查询一次发布,在沙箱里。 A query on a release, sandboxed."""
    from pipelines.cli.query import render, run_query
    from pipelines.warehouse.files import write_atomic

    if form not in ("table", "csv", "json", "parquet"):
        raise typer.BadParameter(f"{form!r}: table, csv, json, parquet", param_hint="--format")
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise typer.BadParameter("parquet: -o FILE", param_hint="--format")
    database = find_release(site(home), release).database
    shown = SHOWN_ROWS if form == "table" and output is None else None
    result = run_query(database, query, seconds=seconds, max_rows=shown)
    content = render(result, form)
    if output is not None:
        # Excel takes a CSV for UTF-8 only by its mark.
        text = content.encode("utf-8-sig" if form == "csv" else "utf-8") if isinstance(content, str) else content
        write_atomic(output, text)
    elif isinstance(content, str):
        print(content, end="" if content.endswith("\n") else "\n")
    else:
        sys.stdout.buffer.write(content)
    if result.truncated:
        spoken = lang or default_lang()
        told = say(
            spoken,
            f"只显示前 {shown} 行;用 -o 文件名 取全部。",
            f"Only the first {shown} rows; -o FILE takes them all.",
        )
        print(told, file=sys.stderr)


app.command(epilog="例 / example: taizhang serve --home /srv/taizhang --port 8050")(serve)
app.command(epilog="例 / example: taizhang bulletin -o bulletin.html --org 样本县 --period M2014")(bulletin)
app.command(epilog="例 / example: taizhang check 9月.xlsx --marked /tmp/marked")(check)
app.command(epilog="例 / example: taizhang template mch_village_month --org x-sample-t03 --period 2014-10 -o .")(
    template
)
app.command(epilog="例 / example: taizhang correct corrections.csv --who 张三")(correct)
app.command(epilog="例 / example: taizhang sign mch_village_month --under 样本县 --period 2014-09 --state approved")(
    sign
)
app.command(epilog="例 / example: taizhang draw --form mch_village_month --org 样本县 --period 2014-05 --seed 7")(draw)
app.command(epilog="例 / example: taizhang export maternal_health_year --org 样本县 --period M2014 -o .")(export)


@app.command(epilog="例 / example: taizhang verify --home /srv/taizhang")
def verify(
    home: HomeOption = None,
    release: Annotated[str | None, typer.Option("--release", help="发布编号 / id of a release")] = None,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """重建一次发布并逐表比较。 Rebuilds a release and compares every table by content hash; checks the chain."""
    from pipelines.warehouse.verify import verify as compare

    where, spoken = site(home), lang or default_lang()
    names = {"chain": ("核对清单链", "checking the chain of manifests"), "file": ("核对发布文件", "checking the file"),
             "rebuild": ("由存档和日志重建", "rebuilding from archive and journal")}  # fmt: skip
    found = find_release(where, release)
    report = compare(where, found, lambda name: print(f"  {say(spoken, *names[name])}", file=sys.stderr, flush=True))
    note = "" if report.same_code else say(
        spoken, "\n注意:程序已与发布时不同,差别可能来自程序。", "\nNote: the code is not the one that made the release."
    )  # fmt: skip
    if report.problems:
        lines = "\n".join(f"  ✗ {say(spoken, zh, en)}" for zh, en in report.problems)
        text = say(
            spoken,
            f"发布 {report.release_id} 没有通过核验:\n{lines}",
            f"Release {report.release_id} fails:\n{lines}",
        )
    else:
        text = say(
            spoken,
            f"发布 {report.release_id} 核验通过:{report.tables} 张表、{report.rows} 行,重建得到同样的内容;"
            f"{report.releases} 次发布的清单链完整。",
            f"Release {report.release_id} verified: {report.tables} tables, {report.rows} rows, rebuilt with the same "
            f"content; the chain of {report.releases} manifest(s) is whole.",
        )
    figures = {"release_id": report.release_id, "tables": report.tables, "rows": report.rows,
               "same_code": report.same_code, "problems": [en for _, en in report.problems]}  # fmt: skip
    show(figures, text + note, form)
    if report.problems:
        raise typer.Exit(FAILED)


app.command(epilog="例 / example: taizhang sample /tmp/county")(sample)
app.command(epilog="例 / example: taizhang register /tmp/xiping --under 411721000000")(register)
app.add_typer(catalog, name="catalog")


def main() -> NoReturn:
    """Runs the command; a failure that a user can mend is told in her language, without a traceback."""
    lang = _spoken(sys.argv)
    try:
        app()
    except TaizhangError as error:
        print(f"{say(lang, '错误', 'error')}: {error.text(lang)}", file=sys.stderr)
        sys.exit(FAILED)
    except BrokenPipeError:
        sys.exit(FAILED)
    except KeyboardInterrupt:
        print(
            say(lang, "已中断;再次运行会接着做完。", "Interrupted; the next run finishes the work."),
            file=sys.stderr,
        )
        sys.exit(130)
    except OSError as error:
        print(f"{say(lang, '错误', 'error')}: {error}", file=sys.stderr)
        sys.exit(FAILED)
    sys.exit(0)


def _spoken(arguments: list[str]) -> Lang:
    """The language of the command line before it is parsed: the last one said."""
    found = default_lang()
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        value = following if word == "--lang" else word.removeprefix("--lang=")
        if value in Lang.__members__ and word.startswith("--lang"):
            found = Lang(value)
    return found
