"""`taizhang bulletin` writes the file, says where, and tells what it cannot do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.settings import Home
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A site with one release; nothing here changes it."""
    home = new_site(tmp_path_factory.mktemp("bulletin") / "site")
    put(home, "a.csv", library_return(20))
    plain_night(home)
    return home


def test_the_file_is_written_and_told(taizhang: Taizhang, site: Home, tmp_path: Path) -> None:
    target = tmp_path / "b.html"
    said = taizhang("bulletin", "--home", site.path, "-o", target, "--org", "日本公共图书馆", "--format", "json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert told["bytes"] == target.stat().st_size
    assert told["release_id"] in target.read_text("utf-8")
    assert '<h2 id="h-1">日本 ' in target.read_text("utf-8")


def test_an_unknown_unit_is_told_and_nothing_is_written(taizhang: Taizhang, site: Home, tmp_path: Path) -> None:
    said = taizhang("bulletin", "--home", site.path, "-o", tmp_path / "b.html", "--org", "nobody", "--lang", "en")
    assert said.code == 1
    assert "There is no unit 'nobody'." in said.err
    assert not list(tmp_path.iterdir())


def test_a_folder_is_no_file(taizhang: Taizhang, site: Home, tmp_path: Path) -> None:
    said = taizhang("bulletin", "--home", site.path, "-o", tmp_path, "--lang", "en")
    assert said.code == 1
    assert "is a folder" in said.err
