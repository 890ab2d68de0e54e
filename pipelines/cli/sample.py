"""`taizhang sample`: synthetic returns, written into a folder of their own or sent to a site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import FormatOption, LangOption, show, site
from pipelines.cli.words import Format, Lang, command, default_lang, say
from pipelines.settings import Home

if TYPE_CHECKING:
    from pipelines.cli.county import Written

SEED = 2014


def sample(
    folder: Annotated[Path | None, typer.Argument(help="写入的文件夹 / the folder to write", metavar="FOLDER")] = None,
    home: Annotated[Path | None, typer.Option("--home", help="或者送进这个站点 / or: send it to this site")] = None,
    seed: Annotated[int, typer.Option("--seed", help="随机种子 / the seed of the draws")] = SEED,
    errors: Annotated[
        bool, typer.Option("--errors/--no-errors", help="埋入差错,附清单和更正表 / plant errors, with their answers")
    ] = True,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """合成样本县:一年的村级月报。 A synthetic county: a year of monthly returns with a row for each village."""
    if (folder is None) == (home is None):
        raise typer.BadParameter("FOLDER 与 --home 二者取一 / one of FOLDER and --home", param_hint="FOLDER")
    from pipelines.cli.county import county_in_folder, county_in_site

    if folder:
        done = county_in_folder(folder.expanduser().absolute(), seed, errors=errors)
    else:
        done = county_in_site(site(home), seed, errors=errors)
    figures = {"seed": seed, "place": str(done.place), "inbox": str(done.inbox), "files": done.files,
               "organisations": done.organisations, "villages": done.villages, "errors": done.errors,
               "answers": str(done.answers) if done.errors else None}  # fmt: skip
    spoken = lang or default_lang()
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
