"""What all subcommands share: the options that each takes, the site that it works on, how a result is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.words import Format, Lang
from pipelines.settings import Home, default_home

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="站点文件夹 / the site's folder (TAIZHANG_HOME, ./site)")
]
LangOption = Annotated[Lang | None, typer.Option("--lang", help="语言 / language")]
FormatOption = Annotated[Format, typer.Option("--format", help="text 给人看,json 给程序 / for people or programs")]


def site(home: Path | None) -> Home:
    """The site that a command works on."""
    return Home((home or default_home()).expanduser().absolute())


def show(figures: dict[str, Any], text: str, form: Format) -> None:
    """Prints a result for people or for programs."""
    print(json.dumps(figures, ensure_ascii=False, indent=1) if form is Format.json else text)
