"""orgs.csv: read and checked as one table; only where something is wrong with it, row by row, to tell what."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from pipelines.catalog.mistakes import mistake, told
from pipelines.catalog.models import Level, Org
from pipelines.catalog.orgs import DEEPEST, TEXTS, Register, schema
from pipelines.catalog.tables import header_mistakes, rows_of
from pipelines.errors import Mistake

if TYPE_CHECKING:
    import polars as pl

NEEDED = ("code", "name", "level", "parent")
COLUMNS = tuple(Org.model_fields)
CODE = r"^(\d{12}|x-[a-z0-9-]+)(-[a-z0-9-]+)?$"
TRUE, FALSE = ("true", "1", "yes", "y", "on", "t"), ("false", "0", "no", "n", "off", "f", "")
RANKS = ("nation", "province", "prefecture", "county", "township", "village")


def read_orgs(path: Path, mistakes: list[Mistake], places: dict[str, str] | None = None) -> pl.DataFrame:
    """The rows of an orgs.csv that can be read, as a register's table.

    Args:
        path: the file: UTF-8, a head of column names; columns that mean nothing here are left out.
        mistakes: takes what is wrong with the others.
        places: takes where units stand whose rows cannot be read: nobody need call them unknown on top of that.
    """
    table = _whole(path)
    if table is None:
        table = _row_by_row(path, mistakes, {} if places is None else places)
    else:
        mistakes += header_mistakes(path, _header(path), NEEDED, COLUMNS)
    twice = _stands_twice(path, table, mistakes)
    return table.filter(~table["row"].is_in(twice)) if twice else table


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def _whole(path: Path) -> pl.DataFrame | None:
    """The file as a table, or None where anything is wrong with a row of it or with the file."""
    import polars as pl

    content = path.read_bytes()
    if content.count(b'"') % 2:  # a quote that is never closed swallows the rows behind it
        return None
    try:
        said = pl.read_csv(content, infer_schema=False)
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None
    if not set(NEEDED) <= set(said.columns):
        return None
    lacking = {name: pl.lit("") for name in COLUMNS if name not in said.columns}
    here = pl.col([name for name in COLUMNS if name in said.columns]).fill_null("").str.strip_chars()
    rows = said.select(here, **lacking).with_columns(row=pl.int_range(pl.len(), dtype=pl.Int32))
    rows = rows.filter(pl.any_horizontal(pl.col(COLUMNS) != ""))
    if rows.select(_is_wrong().any()).item():
        return None
    days = (pl.col(name).str.to_date("%Y-%m-%d", strict=False) for name in ("valid_from", "valid_to"))
    true = pl.col("synthetic").str.to_lowercase().is_in(TRUE)
    return rows.select(
        *TEXTS, *days, true, pl.lit(str(path)).alias("file"), "row", pl.lit(None, pl.Int32).alias("line")
    )


def _is_wrong() -> pl.Expr:
    """Whether the model of an organisation would not take a row; said of all rows at once."""
    import polars as pl

    def no_day(name: str) -> pl.Expr:
        return (pl.col(name) != "") & ~pl.col(name).str.contains(r"^\d{4}-\d{2}-\d{2}$")

    def unread(name: str) -> pl.Expr:
        return (pl.col(name) != "") & pl.col(name).str.to_date("%Y-%m-%d", strict=False).is_null()

    return (
        ~pl.col("code").str.contains(CODE)
        | (pl.col("name") == "")
        | ~pl.col("level").is_in(get_args(Level))
        | ~pl.col("synthetic").str.to_lowercase().is_in([*TRUE, *FALSE])
        | no_day("valid_from") | no_day("valid_to") | unread("valid_from") | unread("valid_to")
    )  # fmt: skip


def _row_by_row(path: Path, mistakes: list[Mistake], places: dict[str, str]) -> pl.DataFrame:
    """The rows that the model takes; what it says of the others."""
    import polars as pl

    found: list[tuple[Any, ...]] = []
    for number, (line, row) in enumerate(rows_of(path, NEEDED, COLUMNS, mistakes)):
        values: dict[str, Any] = {name: text for name, text in row.items() if text}
        values["aliases"] = tuple(filter(None, row.get("aliases", "").split(";")))
        try:
            org = Org.model_validate(values)
        except ValidationError as error:
            mistakes += [_org(path, line, row["code"], wrong) for wrong in error.errors()]
            places[f"orgs/{row['code']}"] = f"{path}:{line}"
            continue
        texts = (org.code, org.name, org.level, org.parent, org.kind, ";".join(org.aliases))
        found.append((*texts, org.valid_from, org.valid_to, org.synthetic, str(path), number, line))
    return pl.DataFrame(found, schema=schema(), orient="row")


def _org(path: Path, line: int, code: str, wrong: Any) -> Mistake:
    said, field_name = told(wrong, Org, {}), ".".join(map(str, wrong["loc"]))
    words = (f"{code} {field_name}:{said.zh}", f"{code} {field_name}: {said.en}")
    return Mistake(str(path), line, *words, said.remedy_zh, said.remedy_en)


def _stands_twice(path: Path, table: pl.DataFrame, mistakes: list[Mistake]) -> list[int]:
    """The rows of a code whose validity overlaps with that of another row of it."""
    import polars as pl

    again = table.filter(pl.len().over("code") > 1).sort("code", "valid_from", "row", nulls_last=False)
    if not again.height:
        return []
    before = again.select(pl.all().shift(1).over("code").name.suffix("_before"))
    pairs = pl.concat([again, before], how="horizontal").filter(pl.col("row_before").is_not_null())
    found = pairs.filter(
        pl.col("valid_from").is_null()
        | pl.col("valid_to_before").is_null()
        | (pl.col("valid_to_before") > pl.col("valid_from"))
    )
    rows = [(row["code"], *sorted((row["row"], row["row_before"]))) for row in found.iter_rows(named=True)]
    lines = dict(again.drop_nulls("line").select("row", "line").iter_rows())
    lines = lines or lines_of(path, [number for row in rows for number in row[1:]])
    for code, first, second in rows:
        mistakes.append(mistake(path, lines[second], "stands_twice", name=code, first=f"{path}:{lines[first]}"))
    return [second for _, _, second in rows]


def places_of(register: Register) -> dict[str, str]:
    """Where each unit stands ('file:line'; of several versions the last), by its code."""
    found: dict[str, str] = {}
    for (file,), rows in register.table.group_by("file", maintain_order=True):
        lines = lines_of(Path(str(file)), rows["row"]) if file else {}
        for code, row, line in rows.select("code", "row", "line").iter_rows():
            found[code] = f"{file}:{line or lines.get(row, 0)}"
    return found


def lines_of(path: Path, rows: Iterable[int]) -> dict[int, int]:
    """On which line of a CSV file its rows stand (numbered from 0, without its head)."""
    wanted, found = set(rows), dict[int, int]()
    reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    next(reader, None)
    for number, _ in enumerate(reader):
        if number in wanted:
            found[number] = reader.line_num
            if len(found) == len(wanted):
                break
    return found


# ---- what one row says of another


def check_orgs(register: Register, places: Container[str] = ()) -> Iterator[Mistake]:
    """Parents that are not there or stand lower, validity that ends before it begins, parents that go in a circle.

    `places`: units ('orgs/x-town') that were told of already, so that they are not unknown.
    """
    import polars as pl

    table = register.table
    lost = table.filter((pl.col("parent") != "") & ~pl.col("parent").is_in(register.last["code"].implode()))
    for row in lost.iter_rows(named=True):
        if f"orgs/{row['parent']}" not in places:
            words = {"code": row["parent"], "kind_zh": "机构", "kind_en": "organisation", "file": "orgs.csv"}
            yield _at(row, "unknown", near_zh="", near_en="", **words)
    above = register.last.select(parent="code", parent_level="level", parent_name="name")
    lower = table.join(above, on="parent").filter(_rank("parent_level") > _rank("level"))
    for row in lower.iter_rows(named=True):
        words = {"level": row["level"], "name": row["name"]}
        yield _at(row, "upside_down", parent_level=row["parent_level"], parent=row["parent_name"], **words)
    for row in table.filter(pl.col("valid_from") >= pl.col("valid_to")).iter_rows(named=True):
        yield _at(row, "ends_before")
    for row in _in_circles(register).iter_rows(named=True):
        yield _at(row, "cycle", chain_zh="上级单位", chain_en="parents", next=row["parent"])


def _rank(column: str) -> pl.Expr:
    """How deep a level stands; null for an institution, which stands anywhere."""
    import polars as pl

    return pl.col(column).replace_strict(dict(zip(RANKS, range(len(RANKS)), strict=True)), default=None)


def _at(row: Mapping[str, Any], what: str, **words: object) -> Mistake:
    file, line = str(row["file"]), row["line"]
    if line is None:
        line = lines_of(Path(file), [row["row"]]).get(row["row"], 0) if file else row["row"] + 2
    return mistake(file or "orgs.csv", line, what, row["code"], **words)


def _in_circles(register: Register) -> pl.DataFrame:
    """The units whose parents lead back to themselves, as their last versions say."""
    import numpy as np

    parents = register.parents
    top = len(parents)
    step = np.where(parents < 0, top, parents)
    far = np.append(step, top)
    for _ in range(DEEPEST.bit_length()):
        far = far[far]
    circle = set(np.flatnonzero(far[:top] != top).tolist())  # in a circle, or below one
    while outside := circle - {int(step[place]) for place in circle}:  # nobody of a circle stands below these
        circle -= outside
    return register.last[sorted(circle)]
