"""A file's rows with codes as keys: what it names, and whether it can be read at all."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.catalog.load import Catalog
from pipelines.catalog.periods import Period, parse_code
from pipelines.warehouse.bulk import refusals
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.rows import insert

Connection = duckdb.DuckDBPyConnection
MOST_ROWS = 50_000_000
TEXTS = ("org_code", "period_code", "element_code", "form_code", "reported_by", "breakdown_code", "state")
REQUIRED = ("org_code", "period_code", "element_code", "form_code", "reported_by", "value")
KINDS = {
    **dict.fromkeys(TEXTS, ("VARCHAR", "ENUM")),
    "value": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
              "DECIMAL", "FLOAT", "DOUBLE"),
    "revision": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"),
    "received_at": ("TIMESTAMP",),
}  # fmt: skip


def read_columns(con: Connection, path: Path) -> dict[str, str]:
    """The file's columns and their types.

    Raises:
        Refusal: it is no Parquet, too long, or its columns are not those of the contract.
    """
    told = con.cursor()  # a failure there leaves the caller's transaction alone
    try:
        [rows] = told.execute("select sum(num_rows) from parquet_file_metadata(?)", [str(path)]).fetchall()
        found = told.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error as error:
        raise refusals.unreadable(error) from error
    finally:
        told.close()
    columns = {str(row[0]): str(row[1]).split("(")[0].removesuffix(" WITH TIME ZONE") for row in found}
    refusals.check_columns(columns, REQUIRED, KINDS)
    if rows[0] > MOST_ROWS:
        raise refusals.too_long(int(rows[0]), MOST_ROWS)
    if not rows[0]:
        raise refusals.empty()
    return columns


def name_codes(con: Connection, catalog: Catalog, path: Path) -> list[Period]:
    """Makes bulk_period (the periods that the file names) and bulk_item (what each form asks for)."""
    try:
        found = con.execute("select distinct period_code from read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error as error:
        raise _blamed(path, error) from error
    known = {code: period for (code,) in found if (period := _period(code))}
    con.execute("create or replace temp table bulk_period (period_code varchar, period_key bigint)")
    insert(con, "bulk_period", [(code, period.key) for code, period in sorted(known.items())])
    keys = Keys(catalog)
    items = {
        (keys.form[code], keys.element[item.element], keys.breakdown[item.breakdown])
        for code, form in catalog.forms.items()
        for item in form.items
    }
    con.execute("create or replace temp table bulk_item (form_key int, element_key int, breakdown_key int)")
    insert(con, "bulk_item", sorted(items))
    return sorted(set(known.values()))


def _period(code: str | None) -> Period | None:
    try:
        return parse_code(code) if code else None
    except ValueError:
        return None


def _blamed(path: Path, error: duckdb.Error) -> Exception:
    """A refusal where the file is to blame, else the error itself: a machine without room says so too."""
    with duckdb.connect(":memory:", config={"threads": 1}) as apart:
        try:
            apart.execute("select bit_xor(hash(told)) from read_parquet(?) as told", [str(path)])
        except duckdb.OutOfMemoryException:
            return error
        except duckdb.Error:
            return refusals.unreadable(error)
    return error


def stage(con: Connection, path: Path, columns: dict[str, str]) -> None:
    """bulk_row: a row for each of the file's, codes as keys; the text of a code only where it has no key."""

    def column(name: str, otherwise: str) -> str:
        return f"told.{name}" if name in columns else otherwise

    state = f"coalesce({column('state', 'null')}, case when told.value is null then 'blank' else 'reported' end)"
    number = "try_cast(told.value as decimal(20, 4))"
    query = f"""
        create or replace temp table bulk_row as
        select
            told.file_row_number + 1 as row_number,
            form.form_key, reporter.org_key as reported_by_key, period.period_key,
            unit.org_key, unit.parent_key, element.element_key, breakdown.breakdown_key,
            cast({column("revision", "1")} as bigint) as revision,
            cast({column("received_at", "null")} as timestamp) as received_at,
            {number} as value,
            {state} as state,
            case when form.form_key is null then coalesce(told.form_code, '') end as form_text,
            case when reporter.org_key is null then coalesce(told.reported_by, '') end as reporter_text,
            case when period.period_key is null then coalesce(told.period_code, '') end as period_text,
            case when unit.org_key is null then coalesce(told.org_code, '') end as org_text,
            case
                when element.element_key is null or breakdown.breakdown_key is null
                    then concat(told.element_code, '[' || nullif({column("breakdown_code", "''")}, '') || ']')
            end as element_text,
            case when {number} is distinct from told.value then cast(told.value as varchar) end as value_text
        from read_parquet(?, file_row_number = true) as told
        left join catalog.form as form on told.form_code = form.form_code
        left join core.org_unit as reporter on told.reported_by = reporter.org_code
        left join bulk_period as period on told.period_code = period.period_code
        left join core.org_unit as unit on told.org_code = unit.org_code
        left join catalog.element as element on told.element_code = element.element_code
        left join catalog.breakdown as breakdown
            on coalesce({column("breakdown_code", "''")}, '') = breakdown.breakdown_code"""
    try:
        con.execute(query, [str(path)])
    except duckdb.Error as error:
        raise _blamed(path, error) from error
