"""`taizhang register`: the national register, or the part of it below a unit, as files of a site's catalog."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import FormatOption, LangOption, show
from pipelines.cli.words import Format, default_lang, say
from pipelines.errors import TaizhangError

if TYPE_CHECKING:
    import polars as pl


def register(
    folder: Annotated[Path, typer.Argument(help="写入的文件夹 / folder to write into", metavar="FOLDER")],
    under: Annotated[str, typer.Option("--under", help="只要这个单位及其下级 / only this unit and what is below")] = "",
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """全国区划名册(2021 年)和到 2023 年的变更,写成 orgs.csv 和 changes.csv。 The national register as catalog files.

    --under 411721000000:一个县,连同它上面的单位。 A county, with the units above it.
    """
    import polars as pl

    from pipelines.catalog.recoding import orgs_and_changes, read_differences, recode
    from pipelines.catalog.register import read_divisions

    spoken = lang or default_lang()
    found = recode(read_differences())
    divisions = read_divisions().with_columns(pl.col("parent").fill_null(""))
    orgs, changes = orgs_and_changes(divisions, found)
    if under:
        orgs, changes = _below(orgs, changes, under)
    taken = [folder / name for name in ("orgs.csv", "changes.csv") if (folder / name).exists()]
    if taken:
        raise TaizhangError(
            f"{taken[0]} 已经存在,没有动它。",
            f"{taken[0]} is there already; it was left alone.",
            remedy_zh="换一个文件夹,再把需要的行抄过去。",
            remedy_en="choose another folder and copy the rows that you need.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    orgs.write_csv(folder / "orgs.csv")
    changes.write_csv(folder / "changes.csv")
    inside = set(orgs["code"].to_list())
    told = {
        "units": orgs["code"].n_unique(), "recoded": changes.height,
        "renamed": sum(code in inside for code in found.renamed["code"]),
        "gone": sum(code in inside for code in found.gone["code"]),
        "added": sum(code in inside for code in found.added["code"]), "ambiguous": found.ambiguous.height,
    }  # fmt: skip
    text = say(
        spoken,
        "{units:,} 个单位写入 {folder}。2021 → 2023:{recoded} 个换了代码(上级内同名唯一),{renamed} 个改名,"
        "{gone} 个取消而无同名者,{added} 个新设而无同名者,{ambiguous} 个同名不止一个。\n"
        "用法:taizhang init --orgs {folder}/orgs.csv,再把 changes.csv 放进站点的 catalog/。",
        "{units:,} units written to {folder}. 2021 → 2023: {recoded} have a new code (unique name within the parent), "
        "{renamed} a new name, {gone} are gone and {added} new without a counterpart, {ambiguous} ambiguous.\n"
        "Use: taizhang init --orgs {folder}/orgs.csv, then put changes.csv into the site's catalog/.",
    )
    show(told, text.format(folder=folder, **told), form)


def _below(orgs: pl.DataFrame, changes: pl.DataFrame, code: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of a unit, of all below it and of all above it, and the changes between them."""
    import polars as pl

    parents = dict(orgs.select("code", "parent").iter_rows())
    if code not in parents:
        raise TaizhangError(
            f"全国名册中没有 {code}。",
            f"The national register has no {code!r}.",
            remedy_zh="写 12 位区划代码,如 411721000000。",
            remedy_en="give the 12-digit code, as 411721000000.",
        )
    wanted, newest = {code}, {code}
    while newest:
        newest = set(orgs.filter(pl.col("parent").is_in(newest))["code"]) - wanted
        wanted |= newest
    above = parents[code]
    while above:
        wanted.add(above)
        above = parents[above]
    both = pl.col("old_code").is_in(wanted) & pl.col("new_code").is_in(wanted)
    return orgs.filter(pl.col("code").is_in(wanted)), changes.filter(both)
