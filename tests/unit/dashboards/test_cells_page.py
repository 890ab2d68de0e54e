"""Down to the cells: the figure in words, its cells with file and SHA-256, and clear words where there is nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dashboards.cards import draw
from dashboards.pages.cells_entered import giving
from dashboards.pages.cells_sums import Tile, entered, sums
from pipelines.settings import CHECKOUT
from pipelines.warehouse.release import DATABASE, Release
from tests.release_tables import RELEASE
from tests.unit.dashboards.drawn import content, links, said

COUNTY = "/cells?org=x-mch-county&period=2014&indicator=maternal_system_management_rate"


@pytest.fixture(scope="module")
def release(published_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped reports."""
    folder = tmp_path_factory.mktemp("cells")
    shutil.copyfile(published_warehouse, folder / DATABASE)  # the other may be open in this process, set otherwise
    return Release(folder, dict(RELEASE))


def test_the_cells_of_a_printed_report_lead_to_its_bytes(release: Release) -> None:
    _, page = content(release, COUNTY)
    card = page.card("cells")
    assert card is not None
    rows = card.frame.to_dicts()
    assert {row["side"]: row["amount"] for row in rows} == {"numerator": 7414, "denominator": 9887}
    shipped = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (CHECKOUT / "data").rglob("*.csv")}
    shipped |= {hashlib.sha256(path.read_bytes()).hexdigest() for path in (CHECKOUT / "data").rglob("*.xlsx")}
    assert {row["sha256"] for row in rows} <= shipped
    assert all(row["sheet"] and row["cell"] for row in rows)


def test_the_figure_is_told_in_words_and_adds_up(release: Release) -> None:
    text = said(release, f"{COUNTY}&lang=en")
    assert "= 7,414 / 9,887" in text
    assert "Numerator: women under systematic maternal management; denominator: live births." in text
    assert "✓ numerator Σ = 7,414; ✓ denominator Σ = 9,887" in text
    assert "what happened in the period" in text


def test_an_edition_in_the_address_is_the_one_that_is_shown(release: Release) -> None:
    _, page = content(release, COUNTY)
    card = page.card("figures")
    assert card is not None
    rows = card.frame.to_dicts()
    assert len(rows) > 1
    for row in rows:
        text = said(release, f"{COUNTY}&standard={row['standard']}&edition={row['edition']}", "figures")
        marked = text.split("→ ")[1]
        assert marked.startswith(f"自报 · {row['standard_zh']} · {row['edition']}")


@pytest.mark.parametrize("indicator", ["nope", "<img src=x>", "under5_mortality_rate"])
def test_what_there_is_no_figure_of_is_told_and_others_are_offered(release: Release, indicator: str) -> None:
    address = f"/cells?org=640502103203&indicator={indicator}"
    assert "没有这个指标" in said(release, address, "figures")
    _, page = content(release, address)
    assert page.card("choose") is not None


def test_without_an_indicator_those_of_the_unit_are_offered(release: Release) -> None:
    shown, page = content(release, "/cells?org=x-mch-county&period=2014")
    card = page.card("choose")
    assert card is not None
    assert any("indicator=maternal_system_management_rate" in way for way in links(draw(card, shown)))


# ---- a release that was tampered with


@pytest.fixture
def tampered(release: Release, tmp_path: Path) -> Callable[[str], Release]:
    """The release after a statement that nobody should have run on it."""

    def made(statement: str) -> Release:
        shutil.copyfile(release.database, tmp_path / DATABASE)
        with duckdb.connect(str(tmp_path / DATABASE)) as con:
            [(changed,)] = con.execute(statement).fetchall()
            assert changed
        return Release(tmp_path, dict(RELEASE))

    return made


OF_COUNTY = """
org_key = (select org_key from core.org_unit where org_code = 'x-mch-county')
and period_key = (select period_key from core.period where period_code = '2014')
"""


def test_a_cell_that_says_something_else_than_the_figure_is_told(tampered: Callable[[str], Release]) -> None:
    found = tampered(f"""update store.fact_chosen set value = value + 1 where {OF_COUNTY} and element_key = (
        select element_key from catalog.element where element_code = 'live_births')""")
    assert "≠ 2014 denominator: 9,888 in the cells, 9,887 stated" in said(found, f"{COUNTY}&lang=en", "cells")
    assert "≠ 2014 分母:单元格 9,888,该期 9,887" in said(found, COUNTY, "cells")


def test_cells_that_give_the_figure_are_told_so(release: Release) -> None:
    assert "✓ the cells give numerator and denominator of 1 period " in said(release, f"{COUNTY}&lang=en", "cells")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("numerator = numerator + 1", "≠ numerator Σ = 7,414, the figure has 7,415, difference 1"),
        ("value = value + 1", "75.99 % ≠ 7,414 / 9,887 × 100 = 74.99"),
    ],
)
def test_a_stored_figure_that_does_not_follow_is_told(
    tampered: Callable[[str], Release], change: str, told: str
) -> None:
    found = tampered(f"update store.indicator_figure set {change} where {OF_COUNTY}")
    assert told in said(found, f"{COUNTY}&lang=en")


# ---- what enters


def tile(period: str, end: str, thirds: int, numerator: int | None = 1) -> Tile:
    return {"period_code": period, "period_end": date.fromisoformat(end), "thirds": thirds, "numerator": numerator,
            "denominator": 2, "is_filled": False}  # fmt: skip


QUARTER = {"Q": [("1", 3), ("2", 3), ("3", 3)]}
MONTHS = [tile("1", "2014-01-31", 3), tile("2", "2014-02-28", 3), tile("3", "2014-03-31", 3)]
WHOLE = tile("Q", "2014-03-31", 9, 10)
FLOWS = ("flow", "flow")


def periods(tiles: list[Tile], kinds: tuple[str, str] = FLOWS, *, is_row: bool = True) -> list[str]:
    return [found["period_code"] for found in entered(tiles, QUARTER, "Q", kinds, is_row)]


def test_complete_parts_go_before_the_whole_and_the_whole_before_some_parts() -> None:
    assert periods([*MONTHS, WHOLE]) == ["1", "2", "3"]
    assert periods([*MONTHS[:2], WHOLE]) == ["Q"]
    assert periods(MONTHS[:2]) == ["1", "2"]


def test_what_a_unit_puts_together_is_never_its_own_whole() -> None:
    assert periods([*MONTHS[:2], WHOLE], is_row=False) == ["1", "2"]


def test_a_statement_that_lacks_a_side_does_not_enter() -> None:
    assert periods([MONTHS[0], tile("2", "2014-02-28", 3, None)]) == ["1"]


def test_of_levels_the_last_one_enters() -> None:
    assert periods(MONTHS, ("stock", "stock")) == ["3"]
    assert sums(MONTHS, ("flow", "stock")) == (3, 2)
    assert sums([], FLOWS) == (0, 0)


def test_a_unit_that_is_a_row_and_stands_above_rows_counts_once() -> None:
    rows = [
        {"basis": "own", "numerator": Decimal(3), "denominator": Decimal(4)},
        {"basis": "rolled_up", "numerator": Decimal(5), "denominator": Decimal(6)},
    ]
    assert giving(rows, {"numerator": Decimal(5), "denominator": Decimal(6)}) == (rows[1:], (5, 6))
    assert giving(rows, {"numerator": Decimal(8), "denominator": Decimal(10)}) == (rows, (8, 10))
    assert giving(rows, {"numerator": Decimal(9), "denominator": Decimal(10)}) == (rows, (8, 10))
