"""`taizhang sample`: synthetic returns, written into a folder of their own or sent to a site."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import FormatOption, LangOption, show, site
from pipelines.cli.words import Format, Lang, command, default_lang, say
from pipelines.settings import Home

if TYPE_CHECKING:
    from pipelines.cli.county import Written
    from pipelines.cli.nation import Kind
    from pipelines.sample.nation.files import Nation

SEED, MONTH = 2014, "2026-10"


def sample(  # noqa: PLR0913 – a command has as many arguments as options
    folder: Annotated[Path | None, typer.Argument(help="写入的文件夹 / the folder to write", metavar="FOLDER")] = None,
    home: Annotated[Path | None, typer.Option("--home", help="或者送进这个站点 / or: send it to this site")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子 / the seed of the draws")] = SEED,
    nation: Annotated[
        float | None,
        typer.Option("--nation", help="改为全国的一部分(占村的比例)/ instead: a fraction of the nation's villages"),
    ] = None,
    errors: Annotated[
        bool, typer.Option("--errors/--no-errors", help="埋入差错,附清单和更正表 / plant errors, with their answers")
    ] = True,
    month: Annotated[str, typer.Option("--month", help="全国:第一个月 / nation: the first month")] = MONTH,
    months: Annotated[int, typer.Option("--months", min=1, help="全国:几个月 / nation: how many months")] = 1,
    kind: Annotated[str, typer.Option("--as", help="全国:parquet 或 xlsx / nation: parquet or xlsx")] = "parquet",
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """合成样本:一个县一年的村级月报,或全国的一部分。 A synthetic county's year, or a fraction of the nation.

    全国用的是真实地名和编造的数字。 The nation has real names and made-up figures.
    """
    if (folder is None) == (home is None):
        raise typer.BadParameter("FOLDER 与 --home 二者取一 / one of FOLDER and --home", param_hint="FOLDER")
    spoken = lang or default_lang()
    if nation is None and (month, months, kind) != (MONTH, 1, "parquet"):
        raise typer.BadParameter("只用于全国样本 / only with --nation", param_hint="--month, --months, --as")
    if nation is None:
        _county(folder, home, (seed, errors), spoken, form)
    else:
        _nation(folder, home, _asked(nation, seed, month, months, kind), spoken, form)


def _county(folder: Path | None, home: Path | None, draw: tuple[int, bool], spoken: Lang, form: Format) -> None:
    from pipelines.cli.county import county_in_folder, county_in_site

    seed, errors = draw
    if folder:
        done = county_in_folder(folder.expanduser().absolute(), seed, errors=errors)
    else:
        done = county_in_site(site(home), seed, errors=errors)
    figures = {"seed": seed, "place": str(done.place), "inbox": str(done.inbox), "files": done.files,
               "organisations": done.organisations, "villages": done.villages, "errors": done.errors,
               "answers": str(done.answers) if done.errors else None}  # fmt: skip
    show(figures, "\n".join([*_county_told(done, spoken), *_next(done, site(home) if home else None, spoken)]), form)


def _county_told(done: Written, spoken: Lang) -> Iterator[str]:
    yield say(
        spoken,
        f"样本县(合成)已写好:{done.inbox} 下 {done.files} 个工作簿,{done.villages} 个村,{done.organisations} 个机构。",
        f"The sample county (synthetic) is written: {done.files} workbooks below {done.inbox}; "
        f"{done.organisations} organisations, {done.villages} of them villages.",
    )
    if done.errors:
        yield say(
            spoken,
            f"埋入差错 {done.errors} 处:{done.answers} 里的 manifest.csv 是清单,corrections.csv 是更正表。",
            f"{done.errors} errors are planted; in {done.answers} manifest.csv lists them, corrections.csv mends them.",
        )


def _next(done: Written, home: Home | None, spoken: Lang) -> Iterator[str]:
    if home is None:
        yield say(spoken, f"接下来  {command()} sample --home 站点", f"next      {command()} sample --home SITE")
        return
    if home.receipt_time != "modified":
        yield say(
            spoken,
            f'提示    在 {home.config} 写上 receipt_time = "modified",按时和迟报就按这些文件自己的时间算。',
            f'note      receipt_time = "modified" in {home.config} dates these files by their own times.',
        )
    yield say(spoken, f"接下来  {command()} run --home {done.place}", f"next      {command()} run --home {done.place}")


def _asked(fraction: float, seed: int, month: str, months: int, kind: str) -> tuple[Nation, Kind]:
    """What is to be drawn, and how it is to be written."""
    from pipelines.cli.nation import Kind, months_from
    from pipelines.sample.nation.files import Nation

    if not 0 < fraction <= 1:
        raise typer.BadParameter("应在 0 与 1 之间 / above 0 and at most 1", param_hint="--nation")
    if kind not in Kind.__members__:
        raise typer.BadParameter("parquet / xlsx", param_hint="--as")
    try:
        return Nation(fraction, seed, months_from(month, months)), Kind(kind)
    except ValueError as error:
        raise typer.BadParameter("写成 2026-10 的样子 / write it like 2026-10", param_hint="--month") from error


def _nation(folder: Path | None, home: Path | None, asked: tuple[Nation, Kind], spoken: Lang, form: Format) -> None:
    from pipelines.cli.nation import nation_in_folder, nation_in_site

    def progress(what: str) -> None:
        print(f"  {what}", file=sys.stderr, flush=True)

    if folder:
        done = nation_in_folder(folder.expanduser().absolute(), *asked, progress)
    else:
        done = nation_in_site(site(home), *asked, progress)
    text = say(
        spoken,
        f"全国的 {asked[0].fraction:g}(合成:地名是真的,数字是编的)已写好:{done.inbox} 下 {done.files} 个文件"
        f"{f'、{done.rows} 行' if done.rows else ''},{done.villages} 个村、共 {done.organisations} 个机构;"
        f"故意写错的 {done.planted} 处列在 {done.place / 'planted.csv'}。",
        f"{asked[0].fraction:g} of the nation (synthetic: real names, made-up figures) is written: {done.files} files"
        f"{f', {done.rows} rows' if done.rows else ''} below {done.inbox}; {done.organisations} organisations, "
        f"{done.villages} of them villages; {done.planted} figures broken on purpose are in "
        f"{done.place / 'planted.csv'}.",
    )
    then = f"{command()} run --home {done.place}" if home else f"{command()} {asked[0].made_by[9:]} --home SITE"
    after = say(spoken, f"接下来  {then}", f"next      {then}")
    figures = {"fraction": asked[0].fraction, "seed": asked[0].seed, "place": str(done.place),
               "inbox": str(done.inbox), "files": done.files, "rows": done.rows, "organisations": done.organisations,
               "villages": done.villages, "planted": done.planted}  # fmt: skip
    show(figures, f"{text}\n{after}", form)
