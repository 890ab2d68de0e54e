"""The organisations' tables: scopes, ancestors in time, versions, lives; whole columns, no row of Python a unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.warehouse.writer import open_warehouse

HEAD = "code,name,level,parent,kind,aliases,valid_from,valid_to\n"
ORGS = """440000000000,广东省,province,,,,,
441900000000,东莞市,prefecture,440000000000,,,,
441900003000,东城街道,township,441900000000,,,,
441900003001,岗贝社区,village,441900003000,,,,
441900003000-clinic,东城街道卫生服务中心,institution,441900003000,clinic,,,
440100000000,广州市,prefecture,440000000000,,,,
440103000000,荔湾区,county,440100000000,,,,
440103001000,沙面街道,township,440103000000,,,,
440103001001,旧社区,village,440103001000,,旧,,2020-01-01
440103001001,新社区,village,440103002000,,,2020-01-01,
440103002000,岭南街道,township,440103000000,,,,
x-town,**镇,township,,,,,
x-village,甲村,village,x-town,,,,
x-gone,乙村,village,x-town,,,,
x-new,丙村,village,x-town,,,,
"""
CHANGES = "old_code,new_code,date,kind,weight\nx-gone,x-new,2021-05-01,recode,1\n"


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("orgs")
    (folder / "orgs.csv").write_text(HEAD + ORGS, encoding="utf-8")
    (folder / "changes.csv").write_text(CHANGES, encoding="utf-8")
    with open_warehouse(folder / "w.duckdb", load_catalog(folder), "tests") as con:
        yield con


@pytest.fixture
def rows(con: duckdb.DuckDBPyConnection) -> Callable[..., list[tuple[Any, ...]]]:
    return lambda query: con.execute(query).fetchall()


def test_a_unit_is_computed_with_its_county_or_with_what_stands_above_its_township(rows: Callable[..., Any]) -> None:
    found = dict(
        rows(
            "select unit.org_code, scope.org_code from core.org_unit as unit "
            "join core.org_unit as scope on unit.scope_key = scope.org_key"
        )
    )
    itself = {code: scope for code, scope in found.items() if code == scope}
    assert itself.keys() == {
        "440000000000", "441900000000", "440100000000", "440103000000", "x-town",
    }  # fmt: skip
    assert {code: scope for code, scope in found.items() if code not in itself} == {
        "441900003000": "441900000000", "441900003001": "441900000000", "441900003000-clinic": "441900000000",
        "440103001000": "440103000000", "440103001001": "440103000000", "440103002000": "440103000000",
        "x-village": "x-town", "x-gone": "x-town", "x-new": "x-town",
    }  # fmt: skip


def test_a_unit_that_moved_has_ancestors_with_dates_and_others_have_none(rows: Callable[..., Any]) -> None:
    query = (
        "select above.org_code, valid.valid_from, valid.valid_to from core.org_ancestor as valid "
        "join core.org_unit as unit using (org_key) join core.org_unit as above on ancestor_key = above.org_key "
        "where unit.org_code = '{}' and distance > 0 order by coalesce(valid.valid_from, date '1900-01-01'), distance"
    )
    day, above = date(2020, 1, 1), ["440103000000", "440100000000", "440000000000"]
    assert rows(query.format("440103001001")) == [
        *((code, None, day) for code in ("440103001000", *above)),
        *((code, day, None) for code in ("440103002000", *above)),
    ]
    assert rows(query.format("441900003001")) == [
        (code, None, None) for code in ("441900003000", "441900000000", "440000000000")
    ]


def test_a_unit_has_one_row_and_its_versions_beside_it(rows: Callable[..., Any]) -> None:
    assert rows("select count(*), count(distinct org_code) from core.org_unit") == [(14, 14)]
    assert rows("select org_name, parent_code from core.org_unit where org_code = '440103001001'") == [
        ("新社区", "440103002000")
    ]
    versions = "select org_name, parent_code, aliases, valid_to from store.org_version order by valid_from nulls first"
    assert rows(versions) == [
        ("旧社区", "440103001000", "旧", date(2020, 1, 1)),
        ("新社区", "440103002000", "", None),
    ]


def test_a_unit_lives_as_its_changes_imply_and_a_hidden_name_is_marked(rows: Callable[..., Any]) -> None:
    found = rows(
        "select org_code, valid_from, valid_to, is_masked from core.org_unit "
        "where parent_code = 'x-town' or org_code = 'x-town' order by 1"
    )
    day = date(2021, 5, 1)
    assert found == [
        ("x-gone", None, day, False),
        ("x-new", day, None, False),
        ("x-town", None, None, True),
        ("x-village", None, None, False),
    ]


def test_keys_follow_from_the_codes(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    turned = HEAD + "".join(reversed(ORGS.splitlines(keepends=True)))
    (tmp_path / "orgs.csv").write_text(turned, encoding="utf-8")
    query = "select org_code, org_key, parent_key, scope_key from core.org_unit order by org_code"
    with open_warehouse(tmp_path / "w.duckdb", load_catalog(tmp_path), "tests") as other:
        assert other.execute(query).fetchall() == con.execute(query).fetchall()
