"""Declared corrections: a file is archived and journalled when it is declared; the next night loads and applies it.

What counts is settled in SQL (store.correction, store.fact_current), so that facts stay as their units sent them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.periods import Period
from pipelines.errors import TaizhangError
from pipelines.intake.corrections import ALL, Correction, read_corrections
from pipelines.intake.tables import Refusal
from pipelines.settings import Home
from pipelines.warehouse import archive, journal
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.hashing import content_id
from pipelines.warehouse.rows import insert

KIND = "correction"
SHOWN = 20  # mistakes named in one message


def declare(home: Home, path: Path, clock: datetime, who: str = "") -> int:
    """Archives and journals a table of corrections; returns how many it declares. They count from the next night on.

    Raises:
        TaizhangError: the file cannot be read or a row is wrong; nothing was declared.
    """
    home.require()
    try:
        content = path.read_bytes()
        found = read_corrections(content, load_catalog(*home.catalog_folders), who)
    except OSError as error:
        raise TaizhangError(f"读不了 {path}:{error}", f"{path} cannot be read: {error}") from error
    except Refusal as told:
        raise TaizhangError(
            f"{path}:{told.zh}", f"{path}: {told.en}", remedy_zh=told.remedy_zh, remedy_en=told.remedy_en
        ) from told
    if found.mistakes or not found.declared:
        lines = [(f"{m.cell} “{m.printed}”:{m.zh}", f"{m.cell} {m.printed!r}: {m.en}") for m in found.mistakes[:SHOWN]]
        more = len(found.mistakes) - len(lines)
        lines += [(f"……另有 {more} 处", f"… and {more} more")] if more > 0 else []
        lines += [] if found.mistakes else [("没有一行更正", "it declares nothing")]
        raise TaizhangError(
            f"{path} 没有登记,有 {len(found.mistakes)} 处错误:\n  " + "\n  ".join(zh for zh, _ in lines),
            f"{path} was not declared; {len(found.mistakes)} mistake(s):\n  " + "\n  ".join(en for _, en in lines),
            remedy_zh="改正后再登记一次;每列的写法见 docs/guide/corrections.md。",
            remedy_en="mend them and declare it again; docs/guide/corrections.md says what each column holds.",
        )
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)
    journal.append(
        home.journal,
        KIND,
        clock,
        file_id=archive.put(home.archive, content),
        filename=path.name,
        sender=who,
        modified_at=modified.isoformat(),
    )
    return len(found.declared)


def load_rows(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, content: bytes, who: str, place: tuple[int, str, datetime]
) -> tuple[list[Period], tuple[int, ...], list[tuple[str, str, str]]]:
    """Puts the rows of a declared file into intake.correction; `place`: submission key and id, time of declaration.

    Returns the periods concerned, the account of the file's cells (read, fact, claim, total, entry, label,
    quarantined), and the rows that the catalog no longer understands (cell, printed, reason).
    """
    found, keys = read_corrections(content, catalog, who), Keys(catalog)
    submission_key, submission_id, declared_at = place
    first = con.execute("select coalesce(max(correction_key), 0) + 1 from intake.correction").fetchall()[0][0]
    rows = [_row(number, c, keys, submission_key, submission_id, declared_at)
            for number, c in enumerate(found.declared, first)]  # fmt: skip
    insert(con, "intake.correction", rows)
    insert(con, "run.touched", sorted({(keys.org[c.org], c.period.key) for c in found.declared}))
    held = {m.cell: m for m in found.mistakes}
    entries = found.cells - found.labels - len(held)
    account = (found.cells, 0, 0, 0, entries, found.labels, len(held))
    return [c.period for c in found.declared], account, [(m.cell, m.printed, m.en) for m in held.values()]


def _row(
    number: int, c: Correction, keys: Keys, submission_key: int, submission_id: str, at: datetime
) -> tuple[object, ...]:
    element = 0 if c.element == ALL else keys.element[c.element]
    return (
        number, content_id("correction", submission_id, c.cell), submission_key, c.cell, keys.org[c.org], c.period.key,
        keys.form[c.form], element, keys.breakdown[c.breakdown], c.found_state, c.found, c.value_state, c.value,
        c.why, c.who, c.until, at,
    )  # fmt: skip
