"""Writes the pages of docs/ that follow from the SQL, the comments and the catalog; `--check` only compares.

`python tools/make_docs.py` after a change; a test runs the check.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.catalog.load import load_catalog
from pipelines.settings import CHECKOUT, SHIPPED_CATALOG
from pipelines.sql import materialise, selects
from pipelines.warehouse.comments import comment_all
from pipelines.warehouse.hashing import relations
from pipelines.warehouse.writer import open_warehouse
from tools.catalog_pages import MADE, catalog_pages
from tools.coverage_page import coverage_page

DOCS = CHECKOUT / "docs"
FOLDERS = ("tables", "indicators", "forms", "catalog")  # nothing but generated pages is in them


def pages() -> dict[Path, str]:
    """Every generated page by its path."""
    catalog = load_catalog(SHIPPED_CATALOG)
    with tempfile.TemporaryDirectory() as folder:
        con = open_warehouse(Path(folder) / "empty.duckdb", catalog, "docs")
        for select in selects().values():
            materialise(con, select)
        comment_all(con)
        narrow = con.execute("select table_name from information_schema.tables where table_schema = 'store'").fetchall()
        tables = [*relations(con), "meta.run", *(f"store.{name}" for (name,) in narrow)]
        found = {DOCS / "tables" / f"{name}.md": _table(con, name) for name in tables}
        con.close()
    found[DOCS / "tables" / "README.md"] = _index("Tables", "表", sorted(tables))
    found[DOCS / "coverage.md"] = coverage_page()
    found |= {DOCS / path: text for path, text in catalog_pages(catalog).items()}
    return found


def _table(con: duckdb.DuckDBPyConnection, name: str) -> str:
    schema, table = name.split(".")
    select = selects().get(name)
    grain = con.execute(
        "select comment from duckdb_tables() where schema_name = ? and table_name = ? union all "
        "select comment from duckdb_views() where schema_name = ? and view_name = ?",
        [schema, table, schema, table],
    ).fetchall()[0][0]
    columns = con.execute(
        "select column_name, data_type, comment from duckdb_columns() where schema_name = ? and table_name = ? "
        "order by column_index",
        [schema, table],
    ).fetchall()
    lines = [f"# {name}", "", MADE, grain, ""]
    if select:
        lines += [f"Unique key: `{', '.join(select.key)}`. Kept as: {select.kind}.", ""]
        lines += [f"Select: [sql/{schema}/{table}.sql](../../sql/{schema}/{table}.sql)", ""]
        links = ", ".join(f"[{read}]({read}.md)" for read in sorted(select.reads) if not read.startswith("run."))
        lines += [f"Reads: {links or '–'}", ""]
    lines += ["| column | type | 中文 | meaning |", "|---|---|---|---|"]
    for column, kind, comment in columns:
        zh, _, en = str(comment).partition("; ")
        lines.append(f"| `{column}` | {kind} | {zh} | {en} |")
    return "\n".join(lines) + "\n"


def _index(title: str, zh: str, names: list[str]) -> str:
    lines = [f"# {title} ({zh})", "", MADE, *(f"- [{name}]({name}.md)" for name in names)]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Writes the pages, or with --check says which are not fresh."""
    wanted = pages()
    present = {path for folder in FOLDERS for path in (DOCS / folder).glob("*.md")}
    stale = [p for p, text in wanted.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    stale += sorted(present - wanted.keys())
    if "--check" in sys.argv:
        print("\n".join(f"not fresh: {path.relative_to(CHECKOUT)}" for path in stale) or "docs are fresh")
        return bool(stale)
    for path in present - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(wanted)} pages, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
