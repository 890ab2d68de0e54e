"""`taizhang sample`: synthetic returns, written into a folder of their own or sent to a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import FormatOption, LangOption, show, site
from pipelines.cli.words import Format, Lang, command, default_lang, say

SEED = 2014


def sample(
    folder: Annotated[Path | None, typer.Argument(help="写入的文件夹 / the folder to write", metavar="FOLDER")] = None,
    home: Annotated[Path | None, typer.Option("--home", help="或者送进这个站点 / or: send it to this site")] = None,
    seed: Annotated[int, typer.Option("--seed", help="随机种子 / the seed of the draws")] = SEED,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """合成样本县:一年的村级月报。 A synthetic county: a year of monthly returns with a row for each village."""
    if (folder is None) == (home is None):
        raise typer.BadParameter("FOLDER 与 --home 二者取一 / one of FOLDER and --home", param_hint="FOLDER")
    _county(folder, home, seed, lang or default_lang(), form)


def _county(folder: Path | None, home: Path | None, seed: int, spoken: Lang, form: Format) -> None:
    from pipelines.cli.county import county_in_folder, county_in_site

    done = county_in_folder(folder.expanduser().absolute(), seed) if folder else county_in_site(site(home), seed)
    text = say(
        spoken,
        f"样本县(合成,种子 {seed})已写好:{done.inbox} 下 {done.files} 个工作簿,{done.villages} 个村,"
        f"{done.organisations} 个机构。",
        f"The sample county (synthetic, seed {seed}) is written: {done.files} workbooks below {done.inbox}; "
        f"{done.organisations} organisations, {done.villages} of them villages.",
    )
    then = f"{command()} run --home {done.place}" if home else f"{command()} sample --seed {seed} --home SITE"
    after = say(spoken, f"接下来  {then}", f"next      {then}")
    figures = {"seed": seed, "place": str(done.place), "inbox": str(done.inbox), "files": done.files,
               "organisations": done.organisations, "villages": done.villages}  # fmt: skip
    show(figures, f"{text}\n{after}", form)
