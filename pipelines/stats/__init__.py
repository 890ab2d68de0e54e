"""Statistics as pure functions: intervals and exact limits. Here: no data access, no Dagster, no DuckDB."""
