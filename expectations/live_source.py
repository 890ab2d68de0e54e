"""The data source, engine and context by which Great Expectations reads a live DuckDB connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import duckdb
import great_expectations as gx
import sqlalchemy
from duckdb_engine import ConnectionWrapper
from great_expectations.compatibility import pydantic
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine

COMPLETE = {"result_format": "COMPLETE", "partial_unexpected_count": 0}


class LiveConnection(ConnectionWrapper):
    """Somebody else's connection: SQLAlchemy may neither close it nor begin or end its transactions."""

    def close(self) -> None:
        """Does nothing."""

    begin = commit = rollback = close


class LiveInspector:
    """The columns of a table or view, which duckdb-engine does not find outside of schema main."""

    def __init__(self, engine: sqlalchemy.Engine) -> None:
        self.dialect, self._engine = engine.dialect, engine

    def get_columns(self, table_name: str, schema: str) -> list[dict[str, Any]]:
        """Names in order; the types are left to DuckDB."""
        with self._engine.connect() as connection:
            described = connection.exec_driver_sql(f'describe "{schema}"."{table_name}"').fetchall()
        return [{"name": row[0], "type": sqlalchemy.types.NullType()} for row in described]

    def get_pk_constraint(self, table_name: str, schema: str) -> dict[str, list[str]]:
        """None: keys are checked by the suites."""
        return {"constrained_columns": []}


class LiveExecutionEngine(SqlAlchemyExecutionEngine):
    """Fetches every result before the connection is given back."""

    def get_inspector(self) -> Any:
        """What knows the columns."""
        return LiveInspector(self.engine)

    def execute_query(self, query: Any) -> Any:
        """The buffered rows of a query."""
        with self.get_connection() as connection:
            return connection.execute(query).freeze()()

    execute_query_in_transaction = execute_query


class LiveDuckDBDatasource(SQLDatasource):
    """The tables and views of one schema, through a connection that is already open."""

    type: Literal["live_duck_db"] = "live_duck_db"
    schema_name: str
    _live: Any = pydantic.PrivateAttr(None)

    @property
    def schema_(self) -> str:
        """Where Great Expectations looks for the tables."""
        return self.schema_name

    @property
    def execution_engine_type(self) -> Any:
        """The engine that fetches at once."""
        return LiveExecutionEngine

    def test_connection(self, test_assets: bool = True) -> None:
        """Nothing to test: the connection is open, and `validate` has looked for the tables."""

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Gives the data source its connection."""
        engine = sqlalchemy.create_engine(
            "duckdb://", creator=lambda: LiveConnection(con), poolclass=sqlalchemy.StaticPool
        )
        self._live = LiveExecutionEngine(engine=engine, create_temp_table=False)

    def get_engine(self) -> Any:
        """SQLAlchemy's engine over the live connection."""
        return self._live.engine

    def get_execution_engine(self) -> Any:
        """Great Expectations' engine over the live connection, always the same."""
        return self._live


class LiveContext:
    """An ephemeral context over one connection, for one call of `validate` in one thread."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),  # no folder in /tmp
            progress_bars={"globally": False, "metric_calculations": False},
            analytics_enabled=False,
        )
        self._context = gx.get_context(mode="ephemeral", project_config=config)
        self._sources: dict[str, Any] = {}

    def results(self, table: str, expectations: Sequence[Any]) -> list[tuple[Any, Any]]:
        """Each expectation with its result, in the order given."""
        if not expectations:
            return []
        schema, name = table.split(".")
        asset = self._source(schema).add_table_asset(name=table, table_name=name)
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        found = batch.validate(ExpectationSuite(name=table, expectations=list(expectations)), result_format=COMPLETE)
        by_name = {result.expectation_config.meta["name"]: result for result in found.results}
        return [(expectation, by_name[expectation.meta["name"]]) for expectation in expectations]

    def _source(self, schema: str) -> Any:
        if schema not in self._sources:
            source = self._context.data_sources.add_live_duck_db(
                name=schema, connection_string="duckdb://", schema_name=schema
            )
            source.attach(self._con)
            self._sources[schema] = source
        return self._sources[schema]
