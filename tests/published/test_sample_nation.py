"""A small part of the nation goes the whole way from Parquet to rates; polars adds the same figures up by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from expectations.engine import suite_tables, validate
from pipelines.sample.nation.files import Drawn, Nation, draw, organisations, roster_yaml, write_parquet
from pipelines.settings import Home
from pipelines.warehouse import night as steps
from pipelines.warehouse.release import Release, publish
from pipelines.warehouse.verify import verify
from tests.unit.warehouse.sites import compute

CLOCK = datetime(2026, 12, 20, 18, tzinfo=UTC)  # after the last return was received
NATION = Nation(0.0004, 2014, (date(2026, 10, 1), date(2026, 11, 1)))
ROLLED = """
    select numerator, denominator from marts.indicator_value
    where org_code = '000000000000' and period_code = ? and indicator_code = ? and standard = ? and basis = 'rolled_up'
"""


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return draw(NATION)


@pytest.fixture(scope="module")
def home(drawn: Drawn, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("nation") / "site")
    home.create()
    organisations(drawn).write_csv(home.catalog / "orgs.csv")
    (home.catalog / "roster.yaml").write_text(roster_yaml(NATION), encoding="utf-8")
    write_parquet(home.inbox, drawn)
    return home


@pytest.fixture(scope="module")
def stated(home: Home) -> pl.DataFrame:
    """Every row of the files, before the night takes them."""
    files = sorted(home.inbox.rglob("*.parquet"))
    return pl.concat(pl.read_parquet(path) for path in files).with_columns(
        pl.col("org_code", "reported_by", "form_code", "element_code", "period_code", "state").cast(pl.String)
    )


@pytest.fixture(scope="module")
def night(home: Home, stated: pl.DataFrame) -> Iterator[steps.Night]:
    with steps.open_night(home) as night:
        night.clock = CLOCK
        compute(night)
        yield night


@pytest.fixture(scope="module")
def con(night: steps.Night) -> duckdb.DuckDBPyConnection:
    return night.con


@pytest.fixture(scope="module")
def last(stated: pl.DataFrame) -> pl.DataFrame:
    """What each return says in the end."""
    of_return = ["reported_by", "form_code", "period_code"]
    return stated.filter(pl.col("revision") == pl.col("revision").max().over(of_return))


def test_every_row_is_a_fact_and_the_last_word_counts(
    con: duckdb.DuckDBPyConnection, stated: pl.DataFrame, last: pl.DataFrame
) -> None:
    [[facts, now]] = con.execute(
        "select count(*), count(*) filter (known_to is null) from store.fact_history"
    ).fetchall()
    assert (facts, now) == (stated.height, last.height)
    columns = ["org_code", "period_code", "element_code", "value", "state"]
    found = con.execute(
        "select org_code, period_code, element_code, cast(value as bigint), state from core.fact"
    ).fetchall()
    assert set(found) == set(last.select(columns).rows())


def test_a_return_sent_again_is_known_from_when_each_version_came(
    con: duckdb.DuckDBPyConnection, stated: pl.DataFrame
) -> None:
    found = con.execute(
        "select reported_by, form_code, period_code, revision, received_at from intake.submission order by all"
    ).fetchall()
    columns = ["reported_by", "form_code", "period_code", "revision"]
    wanted = stated.select(*columns, pl.col("received_at").dt.replace_time_zone(None)).unique().rows()
    assert found == sorted(wanted)
    [[closed]] = con.execute("select count(*) from core.fact_history where known_to > known_from").fetchall()
    assert closed == stated.height - con.execute("select count(*) from core.fact").fetchall()[0][0]


@pytest.mark.parametrize(
    ("indicator", "standard", "numerator", "denominator"),
    [
        ("maternal_system_management_rate", "women_delivered", "maternal_system_managed", "women_delivered"),
        ("newborn_visit_rate", "mch_survey", "newborns_visited", "live_births"),
        ("vaccination_rate", "report", "vaccine_doses_given", "vaccine_doses_due"),
        ("satisfaction_rate", "satisfaction_survey", "survey_satisfied", "survey_responded"),
    ],
)
def test_the_nations_rates_are_the_sums_of_its_villages(
    con: duckdb.DuckDBPyConnection, last: pl.DataFrame, indicator: str, standard: str, numerator: str, denominator: str
) -> None:
    both = last.filter(pl.col("element_code").is_in([numerator, denominator])).pivot(
        "element_code", index=["org_code", "period_code"], values="value"
    )
    both = both.drop_nulls([numerator, denominator])
    for period, rows in (("2026-10", both.filter(pl.col("period_code") == "2026-10")), ("2026Q4", both)):
        wanted = (rows[numerator].sum(), rows[denominator].sum())
        assert con.execute(ROLLED, [period, indicator, standard]).fetchall() == [wanted]


def test_who_reported_late_or_never_is_who_was_drawn_so(con: duckdb.DuckDBPyConnection, drawn: Drawn) -> None:
    found = dict(con.execute("select state, count(*) from marts.reporting_status group by state").fetchall())
    assert sum(found.values()) == drawn.townships * 5 * 2
    wanted = {"missing": 0, "late": 0, "on_time": 0}
    for month, province in drawn.by_province():
        due = pl.date(month.year, month.month + 1, 10) if month.month < 12 else pl.date(month.year + 1, 1, 10)
        times = pl.DataFrame({"at": province.returns.received.ravel().astype("datetime64[ms]")})
        rows = {form: province.returns.present[:, n] for n, form in enumerate(drawn.layout.forms)}
        sent = [rows[form][province.township_of == t].any() for t in range(len(province.townships)) for form in rows]
        late = times.select((pl.col("at") + pl.duration(hours=8)).dt.date() > due)["at"].to_list()
        for came, after in zip(sent, late, strict=True):
            wanted["late" if came and after else "on_time" if came else "missing"] += 1
    assert found == {state: count for state, count in wanted.items() if count}


def test_the_suites_pass_and_every_unit_is_synthetic(con: duckdb.DuckDBPyConnection) -> None:
    results = validate(con, suite_tables())
    assert [(table, [c.name for c in found.failed]) for table, found in results.items() if not found.passed] == []
    assert con.execute("select distinct is_synthetic from core.org_unit").fetchall() == [(True,)]


def test_the_release_can_be_rebuilt_from_the_archive(night: steps.Night, home: Home) -> None:
    release: Release = publish(night)
    report = verify(home, release)
    assert report.problems == []
    assert report.rows > 50_000
    assert not list(Path(home.inbox).rglob("*.parquet"))
