"""A unit that has stood below several: its returns and findings count once, where it stood at the period's end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.reader import Reader
from pipelines.warehouse.release import Release
from tests.release_tables import add
from tests.unit.dashboards.drawn import a_release

UNITS = {"c": (1, "county", None), "t1": (2, "township", "c"), "t2": (3, "township", "c"), "v": (4, "village", "t2")}
MOVED = "2014-02-01"  # the village, from t1 to t2
ABOVE = [
    ("c", "c", 0, None, None), ("t1", "t1", 0, None, None), ("t2", "t2", 0, None, None), ("t1", "c", 1, None, None),
    ("t2", "c", 1, None, None), ("v", "v", 0, None, MOVED), ("v", "v", 0, MOVED, None), ("v", "t1", 1, None, MOVED),
    ("v", "t2", 1, MOVED, None), ("v", "c", 2, None, MOVED), ("v", "c", 2, MOVED, None),
]  # fmt: skip
NO_CELLS = dict.fromkeys(
    (f"cells_{kind}" for kind in ("read", "fact", "claim", "total", "entry", "label", "quarantined")), 0
)
QUARTER = {"period": "2014Q1", "start": "2014-01-01", "end": "2014-03-31"}


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """The village owes two returns: one from before the move is missing, one from after it is late, with a finding."""
    found = a_release(tmp_path)
    with duckdb.connect(str(found.database)) as con:
        for code, (key, level, parent) in UNITS.items():
            con.execute(
                "insert into core.org_unit values (?, ?, ?, ?, ?, '', '', null, null, false, false, ?, ?)",
                [9000 + key, code, code, level, parent, 9000 + UNITS[parent][0] if parent else None, 9000 + key],
            )
        for code, above, distance, start, end in ABOVE:
            keys = [9000 + UNITS[code][0], 9000 + UNITS[above][0]]
            con.execute("insert into core.org_ancestor values (?, ?, ?, ?, ?)", [*keys, distance, start, end])
        for key, month in enumerate(("2014-01", "2014-03"), 1):
            con.execute(
                "insert into core.period values (?, ?, ?::date, last_day(?::date), 'month', false, '', null)",
                [key, month, f"{month}-01", f"{month}-01"],
            )
    for month, state in (("2014-01", "missing"), ("2014-03", "late")):
        owed = {"org_code": "v", "form_code": "mch_village_month", "period_code": month, "state": state}
        add(found.database, "marts.reporting_status", {**owed, "finality": "submitted"})
    broken = {"rule_code": "count_negative", "severity": "error", "message_zh": "负", "message_en": "negative"}
    for number, month in enumerate(("2014-03", None)):
        row = {"finding_id": f"f{number}", "org_code": "v", "period_code": month, "status": "open", **broken}
        add(found.database, "quality.finding", row)
    return found


def rows(release: Release, query: str, org: str, **more: Any) -> list[dict[str, Any]]:
    reader = Reader(release)
    try:
        key = reader.rows("shell/path", org=org)[-1]["org_key"]
        common = {"org": org, "org_key": key, "period_key": -1, "is_top": org == "c"}
        return reader.rows(query, **common, **QUARTER, first="", second="", third="", **more)
    finally:
        reader.close()


@pytest.mark.parametrize(("org", "missing", "late"), [("c", 1, 1), ("t1", 1, 0), ("t2", 0, 1), ("v", 1, 1)])
def test_each_return_counts_once_where_its_unit_stood(release: Release, org: str, missing: int, late: int) -> None:
    [sender] = rows(release, "overview/reporting", org)
    assert (sender["owed"], sender["missing"], sender["late"]) == (missing + late, missing, late)
    assert sender["owed_in_all"] == missing + late
    assert rows(release, "shell/finality", org) == [{"owed": missing + late, "approved": 0}]


@pytest.mark.parametrize(("org", "count"), [("c", 2), ("t1", 0), ("t2", 2), ("v", 2)])
def test_each_finding_counts_once_and_without_a_period_where_its_unit_stands(
    release: Release, org: str, count: int
) -> None:
    assert sum(row["findings"] for row in rows(release, "overview/findings", org)) == count
    listed = rows(release, "unit/findings", org)
    assert [row["in_all"] for row in listed] == [count] * count


def test_a_refused_file_counts_with_its_sender_and_one_of_an_unknown_sender_at_the_top(release: Release) -> None:
    for number, sender in enumerate(("v", "nobody")):
        common = {"received_at": "2014-04-01", "state": "refused", "reason": "form_unknown"}
        receipt = {"receipt_id": f"r{number}", "receipt_number": number, "file_id": "f", "filename": f"{number}.csv",
                   "sender": sender, "modified_at": "2014-04-01"}  # fmt: skip
        submission = {"submission_key": number, "submission_id": f"s{number}", "receipt_id": f"r{number}",
                      "sheet": "", "reason_zh": "", "reason_en": "", "cell": ""}  # fmt: skip
        add(release.database, "intake.receipt", {**receipt, **common})
        add(release.database, "intake.submission", {**submission, **common, **NO_CELLS})
        refused = {"rule_code": "table_refused", "severity": "error", "message_zh": "拒", "message_en": "refused"}
        row = {"finding_id": f"r{number}", "submission_id": f"s{number}", "status": "open", **refused}
        add(release.database, "quality.finding", row)
    for org, count in (("c", 2), ("t1", 0), ("t2", 1), ("v", 1)):
        counted = {row["rule_code"]: row["findings"] for row in rows(release, "overview/findings", org)}
        listed = [row["filename"] for row in rows(release, "unit/findings", org) if row["rule_code"] == "table_refused"]
        assert (counted.get("table_refused", 0), len(listed)) == (count, count)
    assert {row["org_code"]: row["findings"] for row in rows(release, "unit/below", "c")} == {"t1": 0, "t2": 3}


def test_units_below_share_the_returns_of_a_unit_that_moved_between_them(release: Release) -> None:
    found = {row["org_code"]: row for row in rows(release, "unit/below", "c")}
    assert {code: (row["owed"], row["missing"], row["late"], row["findings"]) for code, row in found.items()} == {
        "t1": (1, 1, 0, 0), "t2": (1, 0, 1, 2)}  # fmt: skip


@pytest.mark.parametrize(("org", "count"), [("c", 2), ("t1", 1), ("t2", 1), ("v", 2)])
@pytest.mark.parametrize("query", ["reporting/returns", "reporting/forms", "reporting/periods", "reporting/owed_forms"])
def test_lists_of_returns_go_by_where_a_unit_stood(release: Release, query: str, org: str, count: int) -> None:
    asked = {
        "form": "",
        "state": "",
        "since": "2014-01-01",
        "until": "2014-12-31",
        "sorting": "",
        "most": 9,
        "offset": 0,
    }
    found = rows(release, query, org, **asked)
    told = {"reporting/returns": "in_all", "reporting/owed_forms": "returns"}.get(query, "owed")
    assert (found[0]["in_all"] if told == "in_all" else sum(row[told] for row in found)) == count


def test_rules_are_counted_where_a_unit_stands(release: Release) -> None:
    assert [sum(row["findings"] for row in rows(release, "reporting/rules", org)) for org in UNITS] == [2, 0, 2, 2]
