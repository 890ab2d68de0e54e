"""A card's SQL is what made its rows: run by itself it gives the download, row by row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards.cards import Card
from dashboards.pages import PAGES
from dashboards.reader import Reader
from pipelines.warehouse.release import DATABASE, Release
from tests.release_tables import RELEASE
from tests.unit.dashboards.drawn import content

TOWN = "org=640502103000&period=2011"
ADDRESSES = [f"/{page.key}?{TOWN}" for page in PAGES] + [
    "/indicator?org=x-mch-county&period=2014&indicator=maternal_system_management_rate",
    "/claims?scope=all&verdict=not_checkable",
    "/reporting?org=x-mch-county&period=2014",
    "/cells?org=x-mch-county&period=2014&indicator=maternal_system_management_rate",
]


@pytest.fixture(scope="module")
def release(published_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """The shipped reports."""
    folder = tmp_path_factory.mktemp("cards")
    shutil.copyfile(published_warehouse, folder / DATABASE)  # the other may be open in this process, set otherwise
    yield Release(folder, dict(RELEASE))
    shutil.rmtree(folder)


def cards(release: Release, address: str) -> list[tuple[Card, Reader]]:
    shown, found = content(release, address)
    return [(part, shown.reader) for part in found.parts if isinstance(part, Card)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_sql_of_a_card_gives_its_download(release: Release, address: str) -> None:
    found = cards(release, address)
    assert found
    for card, reader in found:
        taken = card.frame if card.whole is None else reader.frame(card.query, **{**card.values, **card.whole})
        with reader._con.cursor() as cursor:
            answer = cursor.sql(card.sql(reader)).pl()
        assert answer.equals(taken), card.key


def test_a_card_that_holds_a_part_of_an_answer_says_which(release: Release) -> None:
    by_key = {card.key: card for card, _ in cards(release, f"/?{TOWN}")}
    assert by_key["domain-mch"].frame.height > 5
    assert by_key["gaps"].frame.height > 0
    assert {card.kept for card in by_key.values()} > {"domain = 'mch' and value is not null", "value is null"}


def test_a_card_that_shows_one_page_of_its_rows_has_the_sql_of_all(release: Release) -> None:
    by_key = {card.key: card for card, _ in cards(release, "/claims?scope=all")}
    card, reader = by_key["claims"], cards(release, "/claims?scope=all")[0][1]
    with reader._con.cursor() as cursor:
        in_all = len(cursor.sql(card.sql(reader)).fetchall())
    assert in_all == 92 > card.frame.height
