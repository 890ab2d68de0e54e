"""Tiny warehouses for the tests of sql/: rows in, one select, rows out."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.periods import parse_code
from pipelines.sql import materialise, needed, selects
from pipelines.warehouse.batch import add_periods
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.rows import insert
from pipelines.warehouse.writer import open_warehouse

CATALOG = {
    "units.yaml": """
persons: {zh: 人, en: persons, labels: [人]}
yuan: {zh: 元, en: yuan, labels: [元], counts: false}
""",
    "domains.yaml": "other: {zh: 其他, en: other}\n",
    "documents.yaml": "paper: {title: 文件}\n",
    "standards.yaml": "first: {zh: 一, en: first}\nsecond: {zh: 二, en: second}\n",
    "codes.yaml": "sex: {zh: 性别, en: sex, codes: {male: {zh: 男, en: male}, female: {zh: 女, en: female}}}\n",
    "elements/other.yaml": """
women: {zh: 产妇, en: women, unit: persons, kind: flow}
births: {zh: 活产, en: births, unit: persons, kind: flow}
managed: {zh: 管理, en: managed, unit: persons, kind: flow}
also_managed: {zh: 另管理, en: also managed, unit: persons, kind: flow}
staff: {zh: 人员, en: staff, unit: persons, kind: stock}
staff_town: {zh: 镇, en: town, unit: persons, kind: stock}
staff_village: {zh: 村, en: village, unit: persons, kind: stock}
fund: {zh: 经费, en: fund, unit: yuan, kind: flow}
fund_a: {zh: 甲经费, en: fund a, unit: yuan, kind: flow}
fund_b: {zh: 乙经费, en: fund b, unit: yuan, kind: flow}
""",
    "forms/monthly.yaml": """
monthly:
  zh: 月报
  en: monthly
  domain: other
  recognise: {title: 月报}
  columns: {item: [指标], unit: [单位], value: [数值], period: [统计期], claim_name: [率名], claim: [率]}
  items:
    - {element: women, labels: [产妇数]}
    - {element: births, labels: [活产数]}
    - {element: managed, labels: [管理数]}
    - {element: staff, labels: [人员数]}
    - {element: staff_town, labels: [镇人员数]}
    - {element: staff_village, labels: [村人员数]}
    - {element: fund, labels: [经费]}
  claims:
    - {indicator: share, labels: [管理率]}
  totals:
    - {total: staff, partition: by_place, parts: [staff_town, staff_village]}
""",
    "forms/survey.yaml": """
survey:
  zh: 调查表
  en: survey
  domain: other
  precedence: 50
  recognise: {title: 调查表}
  columns: {item: [指标], value: [数值]}
  items:
    - {element: births, labels: [活产数]}
""",
    "indicators/other.yaml": """
share:
  zh: 管理率
  en: share
  unit: percent
  editions:
    - {standard: first, edition: e1, type: proportion, numerator: [managed], denominator: [births], document: paper}
    - {standard: second, edition: e2, type: proportion, numerator: [managed], denominator: [women], document: paper}
""",
    "rules.yaml": """
births_at_least_managed: {kind: compare, zh: 活产≥管理, en: births ≥ managed, left: [births], op: '>=',
  right: [managed], severity: {township: error, county: question}, document: paper}
""",
    "orgs.csv": """code,name,level,parent
x-province,省,province,
x-county,甲县,county,x-province
x-town,甲镇,township,x-county
x-village,甲村,village,x-town
x-town2,乙镇,township,x-county
x-other,乙县,county,x-province
x-other-town,丙镇,township,x-other
""",
}
CLOCK = datetime(2015, 1, 10, 18)


def write_catalog(folder: Path, files: dict[str, str]) -> Path:
    """A catalog folder with the files above, or those given in their place."""
    for name, text in {**CATALOG, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def small_catalog() -> Callable[[Path], Path]:
    """Writes the catalog above into a folder."""
    return lambda folder: write_catalog(folder, {})


@dataclass
class Tiny:
    """A warehouse of a few rows. What is said is written, and touched, when something is derived from it.

    What was derived is not derived again before something new is said or a test asks for the connection.
    """

    _con: duckdb.DuckDBPyConnection
    keys: Keys
    derived: set[str] = field(default_factory=set)
    facts: list[tuple[Any, ...]] = field(default_factory=list)
    claims: list[tuple[Any, ...]] = field(default_factory=list)
    submissions: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    periods: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The connection, to change what no sentence here changes."""
        self.derived.clear()
        return self._con

    def say(
        self,
        element: str,
        value: float | str | Decimal | None,
        *,
        org: str = "x-town",
        period: str = "2014",
        form: str = "monthly",
        by: str = "",
        occurrence: int = 1,
        qualifier: str = "exact",
        state: str = "",
        breakdown: str = "",
        submission: int = 1,
        known_from: datetime = CLOCK,
        known_to: datetime | None = None,
    ) -> None:
        """States a figure; None is a blank cell."""
        k, number = self.keys, None if value is None else Decimal(str(value))
        self._submit(submission, form, org, period, by or org)
        self.facts.append(
            (
                k.org[org], parse_code(period).key, k.element[element], k.breakdown[breakdown], k.form[form],
                k.org[by or org], occurrence, number, qualifier, state or ("blank" if number is None else "reported"),
                submission, f"D{next(self.numbers)}", False, known_from, known_to,
            )
        )  # fmt: skip

    def claim(
        self,
        indicator: str,
        value: str,
        *,
        org: str = "x-town",
        period: str = "2014",
        unit: str = "percent",
        qualifier: str = "exact",
        known_precision: bool = True,
        breakdown: str = "",
        submission: int = 1,
    ) -> str:
        """Prints a rate; its decimals are those of `value`. Returns its id."""
        k, number = self.keys, next(self.numbers)
        self._submit(submission, "monthly", org, period, org)
        decimals = len(value.partition(".")[2]) if known_precision else None
        self.claims.append(
            (
                k.org[org], parse_code(period).key, k.indicator[indicator], k.breakdown[breakdown], k.form["monthly"],
                k.org[org], 1, f"c{number}", value, Decimal(value), qualifier, unit, decimals, submission,
                f"G{number}", CLOCK, None,
            )
        )  # fmt: skip
        return f"c{number}"

    def _submit(self, key: int, form: str, org: str, period: str, by: str) -> None:
        self.periods.add(period)
        if key not in self.submissions:
            self.submissions[key] = (
                key, f"s{key}", f"r{key}", "表", form, org, by, parse_code(period).code, 1, "accepted", "", "", "", "",
                CLOCK, 0, 0, 0, 0, 0, 0, 0,
            )  # fmt: skip

    def write(self) -> None:
        """Writes what was said since the last time."""
        if not (self.facts or self.claims or self.periods):
            return
        con = self.con
        add_periods(con, [parse_code(code) for code in sorted(self.periods)])
        known = {row[0] for row in con.execute("select submission_key from intake.submission").fetchall()}
        new = [row for key, row in self.submissions.items() if key not in known]
        insert(con, "intake.submission", new)
        insert(con, "store.fact_history", self.facts)
        insert(con, "store.claim_history", self.claims)
        insert(con, "run.touched", sorted({row[:2] for row in (*self.facts, *self.claims)}))
        self.facts, self.claims, self.periods = [], [], set()

    def derive(self, *names: str) -> None:
        """Brings tables and all that they read up to date."""
        self.write()
        for name, select in needed(*names, "run.scope").items():
            if name not in self.derived:
                materialise(self._con, select)
                self.derived.add(name)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """The rows of a query; the tables that it reads are derived first."""
        self.derive(*(name for name in selects() if re.search(rf"\b{re.escape(name)}\b", query)))
        return self._con.execute(query, list(parameters)).fetchall()


@pytest.fixture(scope="session")
def tables_made(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The statements that make every scoped table empty: planning all the selects for it takes as long as a test."""
    folder = tmp_path_factory.mktemp("tables")
    with open_warehouse(folder / "made.duckdb", load_catalog(write_catalog(folder / "catalog", {})), "tests") as con:
        con.execute("insert into run.night values (?)", [CLOCK])
        for select in selects().values():
            materialise(con, select)
        told = con.execute("select schema_name || '.' || table_name, sql from duckdb_tables()").fetchall()
    return [sql for name, sql in told if name in selects() and selects()[name].kind == "scoped table"]


@pytest.fixture(scope="session")
def empty_warehouses(
    tmp_path_factory: pytest.TempPathFactory, tables_made: list[str]
) -> Callable[..., tuple[Path, Catalog]]:
    """Makes the file of an empty warehouse and its catalog, once for each content of a catalog."""

    @cache
    def empty(files: tuple[tuple[str, str], ...]) -> tuple[Path, Catalog]:
        folder = tmp_path_factory.mktemp("empty")
        catalog = load_catalog(write_catalog(folder / "catalog", dict(files)))
        with open_warehouse(folder / "empty.duckdb", catalog, "tests") as con:
            con.execute("insert into run.night values (?)", [CLOCK])
            con.execute(";\n".join(tables_made))
        return folder / "empty.duckdb", catalog

    return empty


@pytest.fixture
def make_tiny(tmp_path: Path, empty_warehouses: Callable[..., tuple[Path, Catalog]]) -> Iterator[Callable[..., Tiny]]:
    """Makes a tiny warehouse with the catalog above, or with the files given in their place."""
    opened: list[duckdb.DuckDBPyConnection] = []

    def make(files: dict[str, str] | None = None) -> Tiny:
        empty, catalog = empty_warehouses(tuple(sorted((files or {}).items())))
        path = tmp_path / f"tiny{len(opened)}.duckdb"
        shutil.copyfile(empty, path)
        con = open_warehouse(path, catalog, "tests")
        opened.append(con)
        return Tiny(con, Keys(catalog))

    yield make
    for con in opened:
        con.close()


@pytest.fixture
def tiny(make_tiny: Callable[..., Tiny]) -> Tiny:
    """A tiny warehouse with the catalog above."""
    return make_tiny()
