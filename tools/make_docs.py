"""Writes docs/tables/ and docs/indicators/ from the SQL, the comments and the catalog; `--check` only compares.

`python tools/make_docs.py` after a change; a test runs the check.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.models import Edition, Indicator
from pipelines.settings import CHECKOUT, SHIPPED_CATALOG
from pipelines.sql import materialise, selects
from pipelines.warehouse.comments import comment_all
from pipelines.warehouse.hashing import relations
from pipelines.warehouse.writer import open_warehouse

DOCS = CHECKOUT / "docs"
MADE = "<!-- made by tools/make_docs.py; do not edit -->\n"


def pages() -> dict[Path, str]:
    """Every generated page by its path."""
    catalog = load_catalog(SHIPPED_CATALOG)
    with tempfile.TemporaryDirectory() as folder:
        con = open_warehouse(Path(folder) / "empty.duckdb", catalog, "docs")
        for select in selects().values():
            materialise(con, select)
        comment_all(con)
        narrow = [name for name in selects() if name.startswith("store.")]
        tables = [*relations(con), "meta.run", "store.fact_history", "store.claim_history", *narrow]
        found = {DOCS / "tables" / f"{name}.md": _table(con, name) for name in tables}
        con.close()
    found[DOCS / "tables" / "README.md"] = _index("Tables", "表", sorted(tables))
    codes = sorted(catalog.indicators)
    found |= {DOCS / "indicators" / f"{code}.md": _indicator(catalog, code) for code in codes}
    found[DOCS / "indicators" / "README.md"] = _indicators(catalog)
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


def _indicators(catalog: Catalog) -> str:
    lines = [
        "# Indicators (指标)",
        "",
        MADE,
        "| code | 名称 | name | domain | unit | formulas |",
        "|---|---|---|---|---|---|",
    ]
    for code, found in sorted(catalog.indicators.items()):
        formulas = len({edition.formula for edition in found.editions})
        lines.append(f"| [{code}]({code}.md) | {found.zh} | {found.en} | {found.domain} | {found.unit} | {formulas} |")
    return "\n".join(lines) + "\n"


def _indicator(catalog: Catalog, code: str) -> str:
    found: Indicator = catalog.indicators[code]
    lines = [f"# {code}", "", MADE, f"**{found.zh}** · {found.en}", ""]
    lines += [f"Domain {found.domain}; unit {found.unit} (× {found.per}); better: {found.better}.", ""]
    if found.note:
        lines += [found.note, ""]
    if not found.editions:
        return (
            "\n".join(
                [*lines, "The reports print this rate without counts: it has no formula yet. 报告只印率,没有分子分母。"]
            )
            + "\n"
        )
    lines += [
        "| standard | edition | valid | type | numerator | denominator | basis |",
        "|---|---|---|---|---|---|---|",
    ]
    for edition in found.editions:
        valid = f"{edition.valid_from or '…'} – {edition.valid_to or '…'}"
        document = catalog.documents[edition.document]
        basis = " ".join(filter(None, (document.title, document.number, document.date)))
        standard = f"{edition.standard} ({catalog.standards[edition.standard].zh})"
        above, below = _names(catalog, edition)
        lines.append(f"| {standard} | {edition.edition} | {valid} | {edition.type} | {above} | {below} | {basis} |")
        if edition.note:
            lines.append(f"| | | | | {edition.note} | | |")
    return "\n".join(lines) + "\n"


def _names(catalog: Catalog, edition: Edition) -> tuple[str, str]:
    def side(terms: tuple) -> str:  # type: ignore[type-arg]
        return " + ".join(f"{catalog.elements[t.element].zh} `{t.element}`" for t in terms)

    return side(edition.numerator), side(edition.denominator)


def main() -> int:
    """Writes the pages, or with --check says which are not fresh."""
    wanted = pages()
    present = {path for folder in ("tables", "indicators") for path in (DOCS / folder).glob("*.md")}
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
