"""`taizhang catalog`: what the catalog holds, and what is wrong with it."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.catalog.kinds import KINDS
from pipelines.cli.options import FormatOption, HomeOption, LangOption, show, site
from pipelines.cli.words import Format, Lang, default_lang, say
from pipelines.errors import CatalogError
from pipelines.settings import CHECKOUT, SHIPPED_CATALOG

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.search import Entry

catalog = typer.Typer(
    help="目录:检查、查找数据元、指标、报表、规则…… The catalog: check it, search it.", no_args_is_help=True
)
Kind = StrEnum("Kind", list(KINDS))  # type: ignore[misc]


class ListFormat(StrEnum):
    """For eyes, for a spreadsheet, for a program."""

    table = "table"
    csv = "csv"
    json = "json"


def folders(home: Path | None) -> tuple[Path, ...]:
    """The shipped catalog, and that of the site: of the one named, else of the usual one where there is one."""
    where = site(home)
    if home is not None or "TAIZHANG_HOME" in os.environ:
        where.require()
    return where.catalog_folders if where.config.exists() else (SHIPPED_CATALOG,)


@catalog.command(epilog="例 / example: taizhang catalog check --home /srv/taizhang")
def check(home: HomeOption = None, lang: LangOption = None, form: FormatOption = Format.text) -> None:
    """检查目录(自带的和站点的),一次列出全部错误。 Checks the whole catalog; every mistake with file, line, remedy."""
    from pipelines.catalog.load import load_catalog

    spoken, read = lang or default_lang(), folders(home)
    names = [str(folder) for folder in read]
    try:
        found = load_catalog(*read)
    except CatalogError as error:
        figures: dict[str, Any] = {"folders": names, "mistakes": [asdict(mistake) for mistake in error.mistakes]}
        show(figures, error.text(spoken), form)
        raise typer.Exit(1) from error
    figures = {"folders": names, "mistakes": [], "sha256": found.sha256, "entries": counts(found)}
    show(figures, _clean(found, names, spoken), form)


def counts(found: Catalog) -> dict[str, int]:
    """How many entries of each kind a catalog holds."""
    return {kind: len(getattr(found, folder)) for kind, (folder, _) in KINDS.items()}


def _clean(found: Catalog, names: list[str], spoken: Lang) -> str:
    held = [(KINDS[kind][1], kind, number) for kind, number in counts(found).items() if number]
    zh = "、".join(f"{name} {number}" for name, _, number in held)
    en = ", ".join(f"{number} {kind}{'' if kind.endswith('s') or number == 1 else 's'}" for _, kind, number in held)
    return say(
        spoken,
        f"目录没有错误:{zh}。\n读了 {' 和 '.join(names)}",
        f"The catalog is clean: {en}.\nRead from {' and '.join(names)}",
    )


@catalog.command("list", epilog="例 / example: taizhang catalog list 孕产妇 --kind indicator")
def list_entries(
    words: Annotated[
        list[str] | None, typer.Argument(help="汉字、拼音(全拼或首字母)或英文 / Chinese, pinyin, English")
    ] = None,
    kind: Annotated[list[Kind] | None, typer.Option("--kind", help="只要这一类,可多次 / only this kind")] = None,
    home: HomeOption = None,
    form: Annotated[
        ListFormat, typer.Option("--format", help="表、CSV 或 JSON / for eyes or programs")
    ] = ListFormat.table,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 / write to a file")] = None,
    lang: LangOption = None,
) -> None:
    """目录里有什么:编码、名称、公式、写在哪里。 What the catalog holds: codes, names, formulas, where defined."""
    from pipelines.catalog.load import load_catalog
    from pipelines.catalog.search import find
    from pipelines.warehouse.files import write_atomic

    spoken = lang or default_lang()
    found = find(load_catalog(*folders(home)), words or (), [str(one) for one in kind or ()])
    text = as_text(found, form, spoken)
    if output is not None:
        # Excel takes a CSV for UTF-8 only by its mark.
        write_atomic(output, text.encode("utf-8-sig" if form is ListFormat.csv else "utf-8"))
    else:
        print(text, end="")
    if not found:
        nothing = say(
            spoken, "什么也没找到;试试拼音首字母或少几个字。", "Nothing is found; try initials or fewer words."
        )
        print(nothing, file=sys.stderr)


def as_text(found: list[Entry], form: ListFormat, spoken: Lang) -> str:
    """The entries as a table in one language, or as CSV or JSON in both."""
    import pyarrow as pa

    from pipelines.tabular import as_csv, as_json, as_table

    if form is ListFormat.table:
        rows, heads = (
            _lines(found, spoken),
            say(spoken, "类 编码 名称 公式 位置", "kind code name formula defined").split(),
        )
        table = pa.table({head: [row[at] for row in rows] for at, head in enumerate(heads)})
        return as_table(table) if rows else ""
    table = pa.table({name: pa.array([_fields(entry)[name] for entry in found]) for name in FIELDS})
    return as_csv(table) if form is ListFormat.csv else as_json(table)


FIELDS = ("kind", "code", "name_zh", "name_en", "formulas_zh", "formulas_en", "file", "line")


def _fields(entry: Entry) -> dict[str, Any]:
    file, _, line = entry.place.rpartition(":")
    formulas = {lang: "; ".join(f"{name}: {getattr(words, lang)}" for name, words in entry.formulas) for lang in Lang}
    return {"kind": entry.kind, "code": entry.code, "name_zh": entry.zh, "name_en": entry.en,
            "formulas_zh": formulas[Lang.zh], "formulas_en": formulas[Lang.en], "file": _near(file),
            "line": int(line or 0)}  # fmt: skip


def _lines(found: list[Entry], spoken: Lang) -> list[tuple[str, str, str, str, str]]:
    """A line for each entry; of an indicator one for each formula."""
    lines = []
    for entry in found:
        kind, name = say(spoken, KINDS[entry.kind][1], entry.kind), say(spoken, entry.zh, entry.en or entry.zh)
        formulas = [f"{edition}: {getattr(words, spoken)}" for edition, words in entry.formulas]
        lines.append((kind, entry.code, name, formulas[0] if formulas else "", _near(entry.place)))
        lines += [("", "", "", formula, "") for formula in formulas[1:]]
    return lines


def _near(place: str) -> str:
    """A shipped file by its name in the checkout."""
    return place.removeprefix(f"{CHECKOUT}/")
