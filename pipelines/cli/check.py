"""`taizhang check`: what would be refused or asked about if these files were sent now; nothing is loaded."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import FormatOption, HomeOption, LangOption, show, site
from pipelines.cli.words import Format, Lang, default_lang, say
from pipelines.errors import TaizhangError
from pipelines.settings import CHECKOUT, SHIPPED_CATALOG, Home, default_home, now

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.intake.orgs import OrgIndex
    from pipelines.intake.problems import Problem
    from pipelines.intake.reading import Sheet
    from pipelines.intake.tables import Table

STRICT = 3


@dataclass
class Checked:
    """A file as it was read, and what is wrong with it."""

    path: Path
    content: bytes
    sheets: list[Sheet]
    tables: list[Table]
    is_parquet: bool = False  # read while it is loaded: it has neither sheets nor tables here
    problems: list[Problem] = field(default_factory=list)


def check(  # noqa: PLR0913 – a command has as many arguments as options
    files: Annotated[list[Path], typer.Argument(help="要核对的文件 / files to check", metavar="FILE…")],
    home: HomeOption = None,
    sender: Annotated[
        str, typer.Option("--sender", help="谁报的:单位代码、名称或收件夹名 / who sends: code, name or inbox folder")
    ] = "",
    orgs: Annotated[
        Path | None, typer.Option("--orgs", help="没有站点时用的机构名册 / a register, where there is no site")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="每一格怎样理解 / how each cell was understood")] = False,
    marked: Annotated[
        Path | None,
        typer.Option("--marked", "-o", help="标出问题的副本放进这个文件夹 / folder for marked copies"),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="有拒收或错误时以 3 退出 / exit 3 on refusals or errors")
    ] = False,
    lang: LangOption = None,
    form: FormatOption = Format.text,
) -> None:
    """报送前核对:哪些会拒收、哪些会有疑问;不载入,不改动站点。 What a night would say of files, before they are sent.

    只看这些文件本身,不同站点已有的数比较。 Judged are these files alone; nothing is compared with what a site holds.
    """
    from pipelines.cli.check_report import as_figures, as_text

    spoken = lang or default_lang()
    for file in files:
        if not file.is_file():
            raise typer.BadParameter(say(spoken, f"没有文件 {file}", f"there is no file {file}"), param_hint="FILE")
    catalog = site_catalog(home, orgs, spoken)
    checked = check_files(files, catalog, home, sender)
    written = _write_marked(checked, marked, spoken) if marked else {}
    figures = as_figures(checked, catalog, explain=explain, marked=written)
    show(figures, as_text(checked, catalog, spoken, explain=explain, marked=written), form)
    if strict and (figures["refused"] or figures["findings"]["error"]):
        raise typer.Exit(STRICT)


def check_files(files: list[Path], catalog: Catalog, home: Path | None = None, sender: str = "") -> list[Checked]:
    """Reads files as a night would, in their order, and judges them together.

    Raises:
        TaizhangError: nobody is called as `sender` says.
    """
    from pipelines.intake.orgs import OrgIndex
    from pipelines.intake.problems import refused
    from pipelines.limits import within
    from pipelines.warehouse.trial import findings

    index, where = OrgIndex(catalog.orgs), site(home)
    by = _code(sender, index) if sender else ""
    with within(where.limits):
        checked = [
            _read(file, f"{sender}/{file.name}", catalog, index, by) if by
            else _read(file, _below(file, where.inbox), catalog, index, _folder(file, where.inbox, index))
            for file in files
        ]  # fmt: skip
    given = [one.path.absolute() if one.is_parquet else one.tables for one in checked]
    for one, found in zip(checked, findings(given, catalog, now()), strict=True):
        one.problems = [refused(table.refusal, table.sheet) for table in one.tables if table.refusal] + found
    return checked


def _read(file: Path, name: str, catalog: Catalog, index: OrgIndex, sender: str) -> Checked:
    """Reads a file as a night does; `name`: what it is called there, with the folders below the inbox."""
    from pipelines.intake.data_values import is_json
    from pipelines.intake.own_sheets import returns_of
    from pipelines.intake.reading import MEDIA, media_type, read_sheets
    from pipelines.intake.tables import Refusal, Table
    from pipelines.intake.understand import understand
    from pipelines.warehouse.understood import unforeseen

    read = Checked(file, file.read_bytes(), [], [])
    if media_type(read.content) == MEDIA["parquet"]:
        read.is_parquet = True
        return read
    try:
        read.sheets = [] if is_json(read.content) else returns_of(read_sheets(read.content))
        read.tables = understand(read.content, catalog, index, sender, name)
    except Refusal as told:
        read.tables = [Table(sheet=told.sheet, refusal=told)]
    except Exception as error:  # as in a night: whatever it is, the other files are told about
        read.tables = [unforeseen(error)]
    return read


def site_catalog(home: Path | None, orgs: Path | None, spoken: Lang) -> Catalog:
    """The site's catalog; without a site the shipped one with a register of organisations."""
    from pipelines.catalog.load import load_catalog

    if orgs is not None and home is not None:
        raise typer.BadParameter(say(spoken, "不能与 --home 同用", "not together with --home"), param_hint="--orgs")
    if home is not None or (orgs is None and Home(default_home()).config.exists()):
        where = site(home)
        where.require()
        return load_catalog(*where.catalog_folders)
    if orgs is not None and not orgs.is_file():
        raise typer.BadParameter(say(spoken, f"没有文件 {orgs}", f"there is no file {orgs}"), param_hint="--orgs")
    with tempfile.TemporaryDirectory(prefix="taizhang-check-") as scratch:
        shutil.copyfile(orgs or CHECKOUT / "data" / "orgs.csv", Path(scratch) / "orgs.csv")
        return load_catalog(SHIPPED_CATALOG, Path(scratch))


def _code(sender: str, index: OrgIndex) -> str:
    from pipelines.intake.tables import Refusal

    try:
        return index.resolve(sender).code
    except Refusal as told:
        raise TaizhangError(
            told.zh, told.en, remedy_zh="--sender 写单位代码或名册中的名称。",
            remedy_en="give --sender a code, or a name of the register.",
        ) from told  # fmt: skip


def _below(file: Path, inbox: Path) -> str:
    """The name of a file, with the folders below the inbox where it lies there."""
    path = file.absolute()
    return path.relative_to(inbox).as_posix() if path.is_relative_to(inbox) else file.name


def _folder(file: Path, inbox: Path, index: OrgIndex) -> str:
    """The organisation in whose folder of the inbox a file lies, or ''."""
    from pipelines.intake.tables import Refusal

    folder, slash, _ = _below(file, inbox).partition("/")
    try:
        return index.resolve(folder).code if slash else ""
    except Refusal:
        return ""


def _write_marked(checked: list[Checked], folder: Path, spoken: Lang) -> dict[Path, Path]:
    """Writes a marked copy of each file; gives where it is, by the file's own path."""
    from pipelines.intake.marked import mark
    from pipelines.warehouse.files import write_atomic

    folder.mkdir(parents=True, exist_ok=True)
    written = dict[Path, Path]()
    for one in checked:
        ending = say(spoken, "核对", "checked")
        path = folder / f"{one.path.stem}.{ending}.xlsx"
        for number in range(2, len(checked) + 2):
            if path not in written.values():
                break
            path = folder / f"{one.path.stem}.{ending}{number}.xlsx"
        write_atomic(path, mark(one.content, one.sheets, one.problems, spoken.value))
        written[one.path] = path
    return written
