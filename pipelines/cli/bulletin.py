"""`taizhang bulletin`: the night in one file that opens without server and network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import FormatOption, HomeOption, LangOption, find_release, show, site
from pipelines.cli.words import Format, default_lang, say
from pipelines.errors import TaizhangError


def bulletin(
    output: Annotated[Path, typer.Option("-o", "--output", help="写成的 HTML 文件 / the HTML file to write")],
    org: Annotated[
        list[str] | None, typer.Option("--org", help="单位的代码或名称,可写多次 / code or name of a unit, repeatable")
    ] = None,
    period: Annotated[str, typer.Option("--period", help="时期,如 2014-09、M2014 / period")] = "",
    release: Annotated[str | None, typer.Option("--release", help="发布编号 / id of a release")] = None,
    home: HomeOption = None,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """简报:一夜的结果写成一个网页文件。 The night in one self-contained HTML file, for those who only open a file.

    不写 --org 时是最上级的单位,不写 --period 时是各单位最近的时期。文件不用网络,中英文可切换,可打印。
    Without --org the highest units, without --period the newest period of each. No network; both languages; prints.
    """
    from dashboards.bulletin import render
    from pipelines.warehouse.files import write_atomic

    where, spoken = site(home), lang or default_lang()
    if output.is_dir():
        raise TaizhangError(
            f"{output} 是文件夹。", f"{output} is a folder.",
            remedy_zh=f"写出文件名,如 -o {output / 'bulletin.html'}。",
            remedy_en=f"name a file, as -o {output / 'bulletin.html'}.",
        )  # fmt: skip
    found = find_release(where, release)
    content = render(found, org or (), period, spoken.value).encode()
    write_atomic(output, content)
    size = f"{len(content) / 1024:,.0f} kB"
    text = say(
        spoken,
        f"简报已写成:{output}({size}),发布 {found.id}。",
        f"The bulletin is written: {output} ({size}), release {found.id}.",
    )
    show({"file": str(output), "bytes": len(content), "release_id": found.id}, text, form)
