"""The tests' own memory of catalogs: the same files are read once, and no test sees what another changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.catalog.load import Catalog
from pipelines.errors import CatalogError
from tests.catalogs import remembering

UNITS = "persons: {zh: 人, en: persons}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "units.yaml").write_text(UNITS, encoding="utf-8")
    return tmp_path / "catalog"


def test_what_was_read_is_remembered_until_a_byte_changes(folder: Path, tmp_path: Path) -> None:
    read: list[tuple[Path, ...]] = []

    def reader(*folders: Path) -> Catalog:
        read.append(folders)
        return Catalog(places={"units/persons": f"{folders[0]}/units.yaml:1"})

    load = remembering(reader)
    assert load(folder).places == load(folder).places
    assert read == [(folder,)]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "units.yaml").write_text(UNITS, encoding="utf-8")
    assert load(elsewhere).places == {"units/persons": f"{elsewhere}/units.yaml:1"}
    assert read == [(folder,)]
    (folder / "unread.yaml").write_text("", encoding="utf-8")
    load(folder)
    (folder / "units.yaml").write_text(f"{UNITS}# more\n", encoding="utf-8")
    load(folder)
    assert read == [(folder,)] * 3


def test_a_test_changes_its_own_copy_only(folder: Path) -> None:
    load = remembering(lambda *_: Catalog())
    load(folder).places["units/other"] = "here"
    assert load(folder).places == {}


def test_a_catalog_with_mistakes_is_read_each_time(folder: Path) -> None:
    asked = 0

    def reader(*_: Path) -> Catalog:
        nonlocal asked
        asked += 1
        raise CatalogError([])

    load = remembering(reader)
    for _ in range(2):
        with pytest.raises(CatalogError):
            load(folder)
    assert asked == 2
