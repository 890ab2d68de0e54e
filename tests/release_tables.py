"""A release's tables without a row: the real columns, made by the real SQL, for rows that a test writes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

LIVE = ("store.unit_below", "quality.finding_place")  # as views: of the units and findings that a test adds
SHOWN = (
    "marts.claim_check",
    "marts.claim_verdict",
    "marts.total_check",
    "marts.reporting_status",
    "marts.level_consistency",
    "core.return_state",
    "core.claim",
    "quality.finding",
)
RELEASE = {
    "release_id": "20260101T180000Z-abcdef12",
    "created_at": "2026-01-01T18:00:00+00:00",
    "previous_release": "",
    "code_sha256": "c0de" * 16,
    "catalog_sha256": "ca7a" * 16,
    "journal_entries": 3,
}
NAMES = {
    "indicator_name_zh": "产后访视率",
    "indicator_name_en": "Postnatal visit rate",
    "indicator_code": "postnatal_visit_rate",
}
RATE = {
    "org_code": "u1",
    "org_name": "甲村",
    "org_level": "village",
    "period_code": "2014",
    "period_start": "2014-01-01",
    "period_end": "2014-12-31",
    "period_kind": "year",
    "period_basis": "stated",
    **NAMES,
    "domain": "mch",
    "breakdown_code": "",
    "standard": "mch_survey",
    "edition": "卫统41",
    "is_default_edition": True,
    "basis": "own",
    "numerator": 9,
    "denominator": 16,
    "value": 56.25,
    "unit": "percent",
    "lower": 33.18,
    "upper": 76.9,
    "interval_method": "wilson",
    "coverage": 1.0,
    "state": "ok",
    "finality": "submitted",
    "target_status": "no_target",
}


UNIT: dict[str, object] = {
    "org_name": "", "org_level": "village", "parent_code": None, "kind": "", "aliases": "", "is_synthetic": False,
    "is_masked": False, "parent_key": None, "scope_key": 1,
}  # fmt: skip
PERIOD: dict[str, object] = {
    "period_start": None, "period_end": None, "period_kind": "year", "is_as_at": False, "aliases": "",
    "previous_key": None,
}  # fmt: skip
FIGURE = (
    "basis", "period_basis", "numerator", "denominator", "value", "lower", "upper", "interval_method",
    "units_expected", "units_reported", "coverage", "state", "state_reason", "finality", "is_default_edition",
)  # fmt: skip


def empty_release(path: Path) -> Path:
    """A DuckDB file with every table of a release and no row that a sender sent."""
    path.write_bytes(_template())
    return path


@cache
def _template() -> bytes:
    from pipelines.catalog.load import load_catalog
    from pipelines.settings import SHIPPED_CATALOG
    from pipelines.warehouse.writer import open_warehouse

    with TemporaryDirectory(prefix="release-tables-") as folder:
        path = Path(folder) / "empty.duckdb"
        with open_warehouse(path, load_catalog(SHIPPED_CATALOG), "code") as con:
            _fill(con)
        return path.read_bytes()


def _fill(con: duckdb.DuckDBPyConnection) -> None:
    from pipelines.sql import materialise, selects

    con.execute("insert into run.night values (timestamp '2026-01-01 18:00:00')")
    for select in selects().values():
        materialise(con, select)
    for name in SHOWN:
        kind = "table" if selects()[name].kind != "view" else "view"
        con.execute(f"create temporary table kept as select * from {name} limit 0")
        con.execute(f"drop {kind} {name}")
        con.execute(f"create table {name} as select * from kept")
        con.execute("drop table kept")
    for name in LIVE:
        con.execute(f"drop table {name}")
        con.execute(f"create view {name} as {selects()[name].text}")


def add_rates(path: Path, *rows: dict[str, object]) -> None:
    """Adds rates as the store keeps them, with their units and periods, and targets where a row names one.

    Args:
        path: the release's file.
        rows: columns of marts.indicator_value; the mart finds out names, what is met and what changed by itself.
    """
    with duckdb.connect(str(path)) as con:
        for row in rows:
            _add_rate(con, row)


def _add_rate(con: duckdb.DuckDBPyConnection, row: dict[str, object]) -> None:
    said = {name: row[name] for name in FIGURE if name in row}
    figure = {
        "boundary": 0,
        "org_key": _key(con, "core.org_unit", "org", UNIT, row),
        "period_key": _key(con, "core.period", "period", PERIOD, row),
        "edition_key": _found(
            con, "catalog.indicator_edition", "edition_key", row, ("indicator_code", "standard", "edition")
        ),
        "breakdown_key": _found(con, "catalog.breakdown", "breakdown_key", row, ("breakdown_code",)),
    }
    _insert(con, "store.indicator_figure", figure | said)
    if row.get("target") is not None:
        place = {name: figure[name] for name in ("org_key", "period_key")}
        indicator = _found(con, "catalog.indicator", "indicator_key", row, ("indicator_code",))
        aimed = {"scope_rank": 1, "target_code": "t", "target_value": row["target"]}
        told = {"indicator_key": indicator, "comparator": row["target_comparator"]}
        _insert(con, "store.indicator_target", place | aimed | told)


def _key(
    con: duckdb.DuckDBPyConnection, table: str, stem: str, usual: dict[str, object], row: dict[str, object]
) -> object:
    """The key of a row's unit or period; a new one where it is not there yet."""
    code, key = f"{stem}_code", f"{stem}_key"
    if not con.execute(f"select 1 from {table} where {code} = ?", [row[code]]).fetchall():
        [(number,)] = con.execute(f"select coalesce(max({key}), 0) + 1 from {table}").fetchall()
        _insert(
            con, table, usual | {key: number, code: row[code]} | {name: row.get(name, usual[name]) for name in usual}
        )
    return _found(con, table, key, row, (code,))


def _found(
    con: duckdb.DuckDBPyConnection, table: str, key: str, row: dict[str, object], names: tuple[str, ...]
) -> object:
    condition = " and ".join(f"{name} = ?" for name in names)
    [(found,)] = con.execute(f"select {key} from {table} where {condition}", [row[name] for name in names]).fetchall()
    return found


def _insert(con: duckdb.DuckDBPyConnection, table: str, row: dict[str, object]) -> None:
    columns, marks = ", ".join(row), ", ".join("?" for _ in row)
    con.execute(f"insert into {table} ({columns}) values ({marks})", list(row.values()))


def add(path: Path, table: str, *rows: dict[str, object]) -> None:
    """Adds rows by column name; columns that a row leaves out are null."""
    with duckdb.connect(str(path)) as con:
        for row in rows:
            _insert(con, table, row)


def add_claims(path: Path) -> None:
    """Three printed rates of one file: one reproduced, one cut off, one that no whole number gives."""
    receipt = ("r1", 1, "f1", "甲县.xlsx", "", "2026-01-01", "2026-01-01", "accepted", "")
    with duckdb.connect(str(path)) as con:
        con.execute(f"insert into intake.receipt values {receipt}")
        con.execute(
            "insert into intake.submission by name select 1 as submission_key, 's1' as submission_id, "
            "'r1' as receipt_id, '报表' as sheet, 'accepted' as state, '' as reason, '' as reason_zh, "
            "'' as reason_en, '' as cell, timestamp '2026-01-01' as received_at, 10 as cells_read, "
            "4 as cells_fact, 3 as cells_claim, 0 as cells_total, 0 as cells_entry, 3 as cells_label, "
            "0 as cells_quarantined"
        )
    told = (
        ("c1", "56.3%", "reproduced", True, 56.25),
        ("c2", "56.2%", "truncated", True, 56.25),
        ("c3", "57%", "inconsistent", False, 56.25),
    )
    for at, (claim_id, text, verdict, attainable, recomputed) in enumerate(told, 2):
        shared = {
            "claim_id": claim_id,
            "org_code": "u1",
            "period_code": "2014",
            "indicator_code": "postnatal_visit_rate",
            "breakdown_code": "",
            "reported_text": text,
            "unit": "percent",
            "verdict": verdict,
            "attainable": attainable,
            "submission_id": "s1",
            "sheet": "报表",
            "cell": f"C{at}",
        }
        formula = "women_with_postnatal_visit/live_births"
        add(path, "marts.claim_verdict", {**shared, "formulas_tried": 1})
        tried = {"standard": "mch_survey", "edition": "卫统41", "formula": formula, "recomputed": recomputed}
        add(path, "marts.claim_check", {**shared, **tried, "numerator": 9, "denominator": 16})


def add_synthetic(path: Path, townships: int = 2) -> None:
    """A synthetic county with townships of a village each, a rate for each of them, a late return and a finding."""
    places = [("x-sample", "样本县(合成)", "county", None)]
    for number in range(townships):
        town = f"x-sample-t{number:02d}"
        places += [(town, f"样{number}镇(合成)", "township", "x-sample"), (f"{town}-v", "河村(合成)", "village", town)]
    with duckdb.connect(str(path)) as con:
        for key, (code, name, level, parent) in enumerate(places, 9000):
            con.execute(
                "insert into core.org_unit values (?, ?, ?, ?, ?, '', '', null, null, true, false, null, ?)",
                [key, code, name, level, parent, key],
            )
    for code, name, level, parent in places:
        rate = {**RATE, "org_code": code, "org_name": name, "org_level": level, "parent_code": parent}
        add_rates(path, {**rate, "basis": "own" if level == "village" else "rolled_up"})
    owed = {"org_code": "x-sample-t00", "form_code": "mch_village_month", "finality": "submitted"}
    add(path, "marts.reporting_status", {**owed, "period_code": "2014-01", "state": "late"},
        {**owed, "period_code": "2014-02", "state": "on_time"})  # fmt: skip
    finding = {"finding_id": "f", "rule_code": "count_negative", "severity": "error", "org_code": "x-sample-t00-v"}
    told = {"message_zh": "计数为负:-7。", "message_en": "A count is negative: -7.", "status": "open"}
    add(path, "quality.finding", {**finding, **told, "period_code": "2014-01"})
