"""What all subcommands share: the options that each takes, the site that it works on, how a result is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.words import Format, Lang
from pipelines.errors import TaizhangError
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


def new_workbook(path: Path) -> Path:
    """A workbook that may be written: nothing stands there yet, and its name is that of a workbook.

    Raises:
        TaizhangError: it is there already, or Excel would not open it under its name.
    """
    if path.exists():
        raise TaizhangError(
            f"{path} 已经存在,没有动它。", f"{path} is there already; it was left alone.",
            remedy_zh="换一个文件名。", remedy_en="choose another name.",
        )  # fmt: skip
    if path.suffix.lower() != ".xlsx":
        raise TaizhangError(
            f"写出的是工作簿,{path.name} 不是它的文件名。", f"A workbook is written; {path.name} is no name for one.",
            remedy_zh="-o 的文件名以 .xlsx 结尾。", remedy_en="end the name after -o in .xlsx.",
        )  # fmt: skip
    return path


def find_release(home: Home, release_id: str | None) -> Any:
    """The release of an id, or the newest.

    Raises:
        TaizhangError: there is none.
    """
    from pipelines.warehouse.release import current, read

    home.require()
    found = read(home, release_id) if release_id else current(home)
    if found is None:
        raise TaizhangError(
            f"{home.path} 还没有发布。",
            f"{home.path} has no release yet.",
            remedy_zh=f"先运行 taizhang run --home {home.path}。",
            remedy_en=f"run taizhang run --home {home.path} first.",
        )
    return found
