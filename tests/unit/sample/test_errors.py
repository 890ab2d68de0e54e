"""The planted errors: each where the manifest says, each put right by the corrections, none by chance."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from pipelines.intake.orgs import OrgIndex
from pipelines.intake.understand import understand
from pipelines.sample.county import SampleCounty, draw_county, forms, shipped
from pipelines.sample.errors import KINDS, Planted, plant
from pipelines.sample.folder import files_of
from pipelines.sample.layout import workbook
from pipelines.sample.manifest import CORRECTIONS, MANIFEST, as_csv, describe

SEEDS = (2014, 1, 77)
Key = tuple[str, str, str, str]  # organisation, period, form, element
Rows = list[dict[str, str]]


class Sample:
    """A county with its errors, and the two tables that are handed out with it, read back from their bytes."""

    def __init__(self, seed: int) -> None:
        self.county: SampleCounty = draw_county(seed)
        self.planted: list[Planted] = plant(self.county)
        manifest, corrections = describe(self.county, self.planted)
        self.manifest: Rows = read(as_csv(MANIFEST, manifest))
        self.corrections: Rows = read(as_csv(CORRECTIONS, corrections))

    def truth(self) -> dict[Key, str]:
        """What the returns that were spoilt should state."""
        return {
            (org, error.truth.period, error.truth.form, element): "blank" if value is None else shown(value)
            for error in self.planted
            for org, row in {**error.truth.rows, error.truth.township: error.truth.total}.items()
            for element, value in row.items()
        }

    def stated(self) -> dict[Key, str]:
        """What a site states after those returns came: of several files the last one counts."""
        index, found = OrgIndex({org.code: org for org in self.county.orgs}), dict[Key, str]()
        for error in self.planted:
            for sent in error.sent:
                content = workbook(sent.printed, forms()[error.truth.form])
                for table in understand(content, shipped(), index, error.truth.sender):
                    assert table.refusal is None
                    for fact in table.facts:
                        key = (fact.org, fact.period.code, table.form, fact.element)
                        if fact.occurrence == 1:
                            found[key] = fact.state if fact.value is None else shown(fact.value)
        return found


def read(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def shown(value: object) -> str:
    return f"{Decimal(str(value)).normalize():f}"


def corrected(stated: dict[Key, str], corrections: Rows) -> dict[Key, str]:
    """The figures after the corrections; one that does not find what it corrects is a failure."""
    figures = dict(stated)
    for row in corrections:
        org, period, form, element = (row[name] for name in ("org_code", "period_code", "form_code", "element_code"))
        if element == "*":
            assert (row["found"], row["value"]) == ("*", "withdrawn")
            gone = [key for key in figures if key[1:3] == (period, form) and key[0].startswith(org)]
            assert gone
            for key in gone:
                del figures[key]
            continue
        assert figures.get((org, period, form, element), "nothing") == row["found"] != row["value"]
        figures[org, period, form, element] = row["value"]
    return figures


@pytest.fixture(scope="module", params=SEEDS)
def sample(request: pytest.FixtureRequest) -> Sample:
    return Sample(request.param)


def test_there_is_an_error_of_every_kind_and_enough_of_them(sample: Sample) -> None:
    assert [error.kind for error in sample.planted] == list(KINDS)
    assert len({kind.code for kind in KINDS}) >= 18
    assert {row["error_id"] for row in sample.manifest} == {error.error_id for error in sample.planted}
    assert len({error.error_id for error in sample.planted}) == len(KINDS)


def test_every_error_has_a_township_and_month_of_its_own(sample: Sample) -> None:
    assert len({(error.truth.township, error.truth.period) for error in sample.planted}) == len(KINDS)


def test_the_corrections_restore_every_figure(sample: Sample) -> None:
    stated, truth = sample.stated(), sample.truth()
    assert stated != truth
    targets = [tuple(row[name] for name in CORRECTIONS[:5]) for row in sample.corrections]
    assert len(targets) == len(set(targets)) > 100
    assert corrected(stated, sample.corrections) == truth


def test_without_the_corrections_the_year_differs(sample: Sample) -> None:
    truth, stated = sample.truth(), sample.stated()
    year = [f"{error.truth.period}" for error in sample.planted]

    def totals(figures: dict[Key, str]) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for (org, period, _, element), value in figures.items():
            if "-v" in org and period in year and value != "blank":
                found[element] += Decimal(value)
        return found

    right, wrong = totals(truth), totals(stated)
    for element in ("live_births", "women_with_postnatal_visit", "hospital_deliveries", "newborns_visited",
                    "households_visited", "survey_satisfied", "survey_responded", "legal_service_hours"):  # fmt: skip
        assert right[element] != wrong[element]


def test_the_manifest_names_the_cells_and_what_they_show(sample: Sample) -> None:
    """Read with openpyxl, which no code of the project uses for figures."""
    files = {f"{file.sender}/{file.name}": file.content for file in files_of(sample.county, sample.planted)}
    seen = 0
    for name in {row["file"] for row in sample.manifest if row["cell"]}:
        book = load_workbook(io.BytesIO(files[name]), data_only=True)
        for row in sample.manifest:
            if row["file"] == name and row["cell"]:
                value = book[row["sheet"]][row["cell"]].value
                text = "" if value is None else value if isinstance(value, str) else shown(value)
                assert text.removeprefix("报告期:") == row["printed"] != row["true_value"]
                seen += 1
    assert seen > 100


def test_every_wrong_cell_is_in_the_manifest_and_no_other(sample: Sample) -> None:
    """Cell by cell against the workbook that the clerk should have sent."""
    for error in sample.planted:
        if not error.sent or len(error.sent[-1].printed.rows) != len(error.truth.rows):
            continue
        form, sent = forms()[error.truth.form], error.sent[-1].printed
        right, wrong = (
            load_workbook(io.BytesIO(workbook(found, form)), data_only=True).active for found in (error.truth, sent)
        )
        assert right is not None
        assert wrong is not None
        differing = {
            one.coordinate
            for row in zip(right.iter_rows(), wrong.iter_rows(), strict=True)
            for one, other in zip(*row, strict=True)
            if one.value != other.value
        }
        told = {row["cell"] for row in sample.manifest if row["error_id"] == error.error_id} - {""}
        notes = {
            cell for cell in differing if right[cell].column == right.max_column or right[cell].row == right.max_row
        }
        assert differing - notes == told - notes
        assert not told & notes


def test_the_same_county_has_the_same_errors(sample: Sample) -> None:
    again = Sample(sample.county.seed)
    assert (again.manifest, again.corrections) == (sample.manifest, sample.corrections)


def test_descriptions_are_in_two_languages() -> None:
    for kind in KINDS:
        assert any("一" <= sign <= "鿿" for sign in kind.zh)
        assert kind.en.isascii() or "合计" in kind.en or "无" in kind.en


def test_a_kind_without_any_occasion_is_told_instead_of_left_out() -> None:
    county = draw_county()
    nothing = [
        replace(found, rows={village: dict.fromkeys(row, 0) for village, row in found.rows.items()})
        for found in county.returns
    ]
    with pytest.raises(LookupError, match="digits_swapped"):
        plant(SampleCounty(county.seed, county.orgs, tuple(nothing)))
