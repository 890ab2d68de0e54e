"""`taizhang correct`: declares a table of corrections, which count from the next night on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import FormatOption, HomeOption, LangOption, show, site
from pipelines.cli.words import Format, default_lang, say
from pipelines.settings import now


def correct(
    file: Annotated[Path, typer.Argument(help="更正表(CSV 或 xlsx) / table of corrections", metavar="FILE")],
    who: Annotated[str, typer.Option("--who", help="更正人,表中没写时用 / who, where the table does not say")] = "",
    home: HomeOption = None,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """登记更正:什么数、为什么、谁、到何时;下一夜生效。 Declares corrections, which count from the next night on."""
    from pipelines.warehouse.corrections import declare

    where, spoken = site(home), lang or default_lang()
    count = declare(where, file, now(), who)
    text = say(
        spoken,
        f"登记了 {count} 条更正,下一次 taizhang run --home {where.path} 起生效;"
        "每条的结果见 core.correction,对不上的会列为错误。",
        f"{count} correction(s) declared; they count from the next taizhang run --home {where.path} on. "
        "core.correction tells what became of each; one that does not match is an error.",
    )
    show({"declared": count}, text, form)
