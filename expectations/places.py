"""Where a row that fails a check came from: file, sheet and cell, as far as the table or its unit and period tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
IDS = ("submission_id", "submission_key", "receipt_id")
CELLS = ("cells", "cell")
MOST = 3  # places shown of one row
# The periods inside the row's own, and the unit; a village's figures stand in its township's return.
INSIDE = """
    with inside as (
        select unit.org_key, unit.org_code, part.period_key, part.period_code
        from core.org_unit as unit, core.period as whole
        inner join core.period as part
            on part.period_start >= whole.period_start and part.period_end <= whole.period_end
        where unit.{org} = ? and whole.{period} = ?
    )"""
CELLS_OF = """
    select distinct fact.submission_key, fact.cell from store.fact_history as fact
    inner join inside on fact.org_key = inside.org_key and fact.period_key = inside.period_key
    inner join catalog.element as element on fact.element_key = element.element_key
    where fact.known_to is null and element.element_code in {elements}
    order by all desc limit ?"""
RETURNS_OF = """
    select distinct fact.submission_key, '' as cell from store.fact_history as fact
    inner join inside on fact.org_key = inside.org_key and fact.period_key = inside.period_key
    inner join catalog.form as form on fact.form_key = form.form_key
    where fact.known_to is null and form.form_code = coalesce(?, form.form_code)
    union
    select sent.submission_key, '' as cell from intake.submission as sent
    inner join inside on sent.org_code = inside.org_code and sent.period_code = inside.period_code
    where sent.state <> 'duplicate' and sent.form_code = coalesce(?, sent.form_code)
    order by all desc limit ?"""
ELEMENTS = {  # by what names them in a row
    "element_code": "(select ?)",
    "indicator_code": "(select element_code from catalog.indicator_term where indicator_code = ?)",
}


@dataclass(frozen=True)
class Place:
    """A file as it was named when it came, below its sender's folder; sheet and cells in it, '' where not known."""

    file: str
    sheet: str = ""
    cells: str = ""

    def __str__(self) -> str:
        return " › ".join(part for part in (self.file, self.sheet, self.cells) if part)


def places(con: duckdb.DuckDBPyConnection, table: str, row: Row) -> tuple[Place, ...]:
    """The places of a row that a check of a table found; none where nothing tells.

    The row itself names its cell; or the rows of the table that agree with it do; or the row names its return; or its
    unit and period tell which returns were read for them.
    """
    if any(row.get(name) for name in CELLS) and (named := _named(con, row)):
        return tuple(named)
    found: list[Place] = []
    for told in _rows_alike(con, table, row) or [row]:
        found += [place for place in _named(con, told) if place not in found]
    if not found:
        for key, cell in _read_for(con, row):
            found += _named(con, {"submission_key": key, "cell": cell})
    return tuple(found[:MOST])


def _named(con: duckdb.DuckDBPyConnection, row: Row) -> list[Place]:
    """The place by the id of the return, or of its file."""
    name = _first(IDS, row)
    if name is None:
        return []
    found = con.execute(
        "select distinct receipt.sender, receipt.filename, submission.sheet from intake.submission as submission "
        "inner join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id "
        f"where submission.{name} = ? order by all limit {MOST}",
        [row[name]],
    ).fetchall()
    cells = next((str(row[name]) for name in CELLS if row.get(name)), "")
    return [
        Place(f"{sender}/{file}" if sender else file, str(row.get("sheet") or sheet), cells)
        for sender, file, sheet in found
    ]


def _rows_alike(con: duckdb.DuckDBPyConnection, table: str, row: Row) -> list[Row]:
    """Rows of the table that hold what the found row says, if the table names returns."""
    columns = [str(told[0]) for told in con.execute(f"describe {table}").fetchall()]
    shared = [name for name in columns if name in row]
    wanted = [name for name in (*IDS, *CELLS, "sheet") if name in columns]
    if not shared or not set(IDS) & set(wanted):
        return []
    alike = " and ".join(f"{name} is not distinct from ?" for name in shared)
    query = f"select distinct {', '.join(wanted)} from {table} where {alike} order by all limit {MOST}"
    found = con.execute(query, [row[name] for name in shared]).fetchall()
    return [dict(zip(wanted, told, strict=True)) for told in found]


def _read_for(con: duckdb.DuckDBPyConnection, row: Row) -> list[tuple[int, str]]:
    """The newest returns that tell of the row's unit and period; with the cells, where it names what was counted."""
    org = _first(("org_code", "org_key"), row)
    period = _first(("period_code", "period_key"), row)
    if org is None or period is None:
        return []
    inside = INSIDE.format(org=org, period=period)
    counted = _first(tuple(ELEMENTS), row)
    if counted is not None:
        query = inside + CELLS_OF.format(elements=ELEMENTS[counted])
        return con.execute(query, [row[org], row[period], row[counted], MOST]).fetchall()
    form = row.get("form_code")
    return con.execute(inside + RETURNS_OF, [row[org], row[period], form, form, MOST]).fetchall()


def _first(names: tuple[str, ...], row: Row) -> str | None:
    return next((name for name in names if row.get(name) is not None), None)
