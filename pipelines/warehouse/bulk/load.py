"""One Parquet file into the warehouse, within the caller's transaction."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.catalog.load import Catalog
from pipelines.intake.tables import Refusal
from pipelines.warehouse.batch import Delivery, add_periods
from pipelines.warehouse.bulk import facts, returns, staging

Connection = duckdb.DuckDBPyConnection
TABLES = ("bulk_period", "bulk_item", "bulk_row", "bulk_return", "bulk_before", "bulk_told", "bulk_twice",
          "bulk_refusal")  # fmt: skip


def load_parquet(con: Connection, catalog: Catalog, path: Path, delivery: Delivery) -> tuple[set[str], list[Refusal]]:
    """Loads a file within the caller's transaction; returns the states of its returns and why some were refused.

    Raises:
        Refusal: the file as a whole cannot be taken. The transaction is lost then.
    """
    columns = staging.read_columns(con, path)
    add_periods(con, staging.name_codes(con, catalog, path))
    staging.stage(con, path, columns)
    returns.group(con, delivery)
    returns.decide(con, delivery)
    returns.judge(con)
    refused = returns.refuse(con)
    facts.submit(con, delivery)
    facts.set_aside(con)
    facts.end_facts(con)
    facts.state_facts(con)
    facts.remark(con)
    facts.touch(con)
    states = {row[0] for row in con.execute("select distinct state from bulk_return").fetchall()}
    for table in TABLES:
        con.execute(f"drop table {table}")
    return states, refused
