"""The sample county goes the whole way from 672 workbooks; its year is that of the real county report of 2014."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.sample.folder import write_county
from pipelines.settings import Home
from pipelines.sql import selects
from pipelines.warehouse import night as steps

ROLLED = """
    select numerator, denominator, units_reported, coverage, state from marts.indicator_value
    where org_code = 'x-sample' and period_code = 'M2014' and basis = 'rolled_up' and is_default_edition
        and indicator_code = ?
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home = Home(tmp_path_factory.mktemp("county") / "site")
    home.create()
    write_county(home.path)
    with steps.open_night(home) as night:
        steps.read_catalog(night)
        steps.receive(night)
        steps.set_clock(night)
        for select in selects().values():
            steps.derive(night, select)
        yield night.con


@pytest.mark.parametrize(
    ("indicator", "numerator", "denominator"),
    [
        ("maternal_system_management_rate", 7414, 9887),
        ("postnatal_visit_rate", 9568, 9887),
        ("antenatal_care_rate", 9730, 9887),
        ("hospital_delivery_rate", 9737, 9887),
        ("caesarean_rate", 2263, 9887),
    ],
)
def test_the_villages_months_add_up_to_the_real_countys_year(
    indicator: str, numerator: int, denominator: int, county: duckdb.DuckDBPyConnection
) -> None:
    assert county.execute(ROLLED, [indicator]).fetchall() == [(numerator, denominator, 139, 1.0, "ok")]


def test_no_cell_of_the_county_is_lost_or_set_aside(county: duckdb.DuckDBPyConnection) -> None:
    [account] = county.execute(
        "select count(*), sum(cells_read) - sum(cells_fact + cells_total + cells_label), sum(cells_quarantined) "
        "from intake.submission where state = 'accepted'"
    ).fetchall()
    assert account == (672, 0, 0)


def test_a_township_states_what_its_villages_add_up_to(county: duckdb.DuckDBPyConnection) -> None:
    [different] = county.execute(
        "select count(*) from marts.indicator_value own inner join marts.indicator_value rolled "
        "using (org_code, period_code, indicator_code, standard, edition, breakdown_code, period_basis) "
        "where own.basis = 'own' and rolled.basis = 'rolled_up' and rolled.state = 'ok' and own.org_level = 'township' "
        "and indicator_code = 'maternal_system_management_rate' and own.numerator <> rolled.numerator"
    ).fetchall()
    assert different == (0,)
