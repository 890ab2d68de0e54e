"""Run by another DuckDB, alone: reads every table and view of a release and prints its content hashes as JSON.

`python reader.py HASHING.PY RELEASE.DUCKDB`
"""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import asdict

if __name__ == "__main__":
    import duckdb

    spec = importlib.util.spec_from_file_location("hashing", sys.argv[1])
    assert spec is not None
    assert spec.loader is not None
    hashing = importlib.util.module_from_spec(spec)
    sys.modules["hashing"] = hashing  # dataclasses look their module up
    spec.loader.exec_module(hashing)
    with duckdb.connect(sys.argv[2], read_only=True) as con:
        names = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema not in ('main', 'temp', 'information_schema', 'pg_catalog') order by 1"
        ).fetchall()
        rows = {name: len(con.execute(f"select * from {name}").fetchall()) for (name,) in names}
        hashes = {name: asdict(content) for name, content in hashing.contents(con).items()}
    print(json.dumps({"duckdb": duckdb.__version__, "rows": rows, "tables": hashes}))
