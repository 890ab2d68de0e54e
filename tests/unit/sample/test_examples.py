"""A filled example of every form that has a frequency, sent all together: what a night makes of them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Org
from pipelines.sample.examples import Example, example, periods, places
from pipelines.settings import SHIPPED_CATALOG, Home
from tests.unit.warehouse.sites import plain_night, put

CATALOG = load_catalog(SHIPPED_CATALOG)
MONEY = "maternal_projects_ten_days"  # its 万元 are not read as such yet (docs/guide/forms.md)


def register() -> bytes:
    """The organisations of the examples as a site's orgs.csv."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [name for name in Org.model_fields if name != "synthetic"])
    writer.writeheader()
    for org in places().values():
        row = org.model_dump(exclude={"synthetic"}, exclude_none=True)
        writer.writerow({**row, "aliases": ";".join(org.aliases)})
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def sent() -> dict[str, Example]:
    """An example for each period in which each form is sent, by the name of its file."""
    made = [example(code, CATALOG, period) for code, form in CATALOG.forms.items() for period in periods(form)]
    return {f"{one.form}-{one.period.code}.xlsx": one for one in made}


@pytest.fixture(scope="module")
def night(sent: dict[str, Example], tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    home = Home(tmp_path_factory.mktemp("examples") / "site")
    home.create()
    (home.catalog / "orgs.csv").write_bytes(register())
    for name, one in sent.items():
        put(home, name, one.content)
    made = plain_night(home, day=2)
    return duckdb.connect(str(Path(made.database)), read_only=True)


def test_every_example_is_taken_as_the_form_that_it_is(
    sent: dict[str, Example], night: duckdb.DuckDBPyConnection
) -> None:
    found = night.execute(
        "select receipt.filename, submission.form_code, submission.org_code, submission.period_code, submission.state "
        "from intake.submission as submission inner join intake.receipt as receipt using (receipt_id)"
    ).fetchall()
    told = {name: (one.form, one.area, one.period.code, "accepted") for name, one in sent.items()}
    assert {Path(name).name: tuple(rest) for name, *rest in found} == told
    assert len({one.form for one in sent.values()}) == 34


def test_every_figure_of_every_example_is_a_fact(sent: dict[str, Example], night: duckdb.DuckDBPyConnection) -> None:
    found = Counter(dict(night.execute("select form_code, count(*) from core.fact group by form_code").fetchall()))
    wanted = Counter(one.form for one in sent.values() for _ in one.cells)
    assert found == wanted
    rows = night.execute(
        "select form_code, period_code, org_code, element_code, breakdown_code, value from core.fact "
        "where form_code <> ?",
        [MONEY],
    ).fetchall()
    said = {
        (one.form, one.period.code, cell.org, cell.element, cell.breakdown, cell.value)
        for one in sent.values() if one.form != MONEY for cell in one.cells.values()
    }  # fmt: skip
    assert set(rows) == said


def test_nothing_of_them_is_refused_or_quarantined(night: duckdb.DuckDBPyConnection) -> None:
    assert night.execute("select count(*) from intake.quarantine").fetchall() == [(0,)]
    assert night.execute("select distinct state from intake.receipt").fetchall() == [("accepted",)]


def test_forms_that_count_the_same_differently_are_told(night: duckdb.DuckDBPyConnection) -> None:
    """Each example's figures are drawn apart, so that two forms never agree on what both ask for."""
    found = night.execute("select form_code from quality.finding where rule_code = 'sources_disagree'").fetchall()
    assert {"nbphs_05_maternal", "maternal_health_quarter"} <= {form for (form,) in found}
