"""`taizhang sample`: where the county goes, what it leaves alone, and what a site has afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.catalog.load import load_catalog
from pipelines.settings import Home
from pipelines.warehouse.lock import writer_lock
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import new_site

ROSTER = "mine: {form: township_phs_summary, unit: x-mch-county, periods: ['2011']}\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the county in it; nothing here changes it."""
    from pipelines.cli.county import county_in_folder

    folder = tmp_path_factory.mktemp("sample") / "county"
    county_in_folder(folder, 2014)
    return folder


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("words", [(), ("here", "--home", "there")])
def test_it_wants_one_place(taizhang: Taizhang, words: tuple[str, ...]) -> None:
    assert taizhang("sample", *words).code == 2


def test_a_site_gets_the_county_beside_what_it_has(taizhang: Taizhang, tmp_path: Path) -> None:
    home = new_site(tmp_path / "site")
    (home.catalog / "roster.yaml").write_text(ROSTER, encoding="utf-8")
    own = (home.catalog / "orgs.csv").read_bytes()
    before = load_catalog(*home.catalog_folders).orgs
    for _ in range(2):
        said = taizhang("sample", "--home", home.path, "--format", "json")
        assert (said.code, said.err) == (0, "")
        told = json.loads(said.out)
        assert told == {"seed": 2014, "place": str(home.path), "inbox": str(home.inbox), "files": 674,
                        "organisations": 182, "villages": 139, "errors": 30,
                        "answers": str(home.path / "sample")}  # fmt: skip
        assert sorted(path.name for path in (home.path / "sample").iterdir()) == ["corrections.csv", "manifest.csv"]
        catalog = load_catalog(*home.catalog_folders)
        assert len(catalog.orgs) == len(before) + 182
        assert len(catalog.roster) == 1 + 56
        assert (home.catalog / "orgs.csv").read_bytes().startswith(own)
        assert len(list(home.inbox.rglob("*.xlsx"))) == 674


def test_the_same_county_is_written_again_and_nothing_else_changes(
    taizhang: Taizhang, written: Path, tmp_path: Path
) -> None:
    before = files_below(written)
    assert taizhang("sample", written).code == 0
    assert files_below(written) == before
    assert taizhang("sample", tmp_path / "other" / "folder").code == 0
    assert files_below(tmp_path / "other" / "folder") == before


def test_without_errors_there_is_nothing_to_answer(taizhang: Taizhang, tmp_path: Path) -> None:
    said = taizhang("sample", tmp_path / "county", "--no-errors", "--format", "json")
    told = json.loads(said.out)
    assert (told["files"], told["errors"], told["answers"]) == (672, 0, None)
    assert sorted(path.name for path in (tmp_path / "county").iterdir()) == ["catalog", "inbox"]
    assert taizhang("sample", tmp_path / "county").code == 1  # another county


def test_a_site_that_goes_by_its_own_clock_is_told_how_lateness_shows(taizhang: Taizhang, tmp_path: Path) -> None:
    home = new_site(tmp_path / "site")
    assert 'receipt_time = "modified"' in taizhang("sample", "--home", home.path).out
    home.config.write_text('receipt_time = "modified"\n', encoding="utf-8")
    assert "receipt_time" not in taizhang("sample", "--home", home.path, "--lang", "zh").out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_folder_with_something_else_is_left_alone(taizhang: Taizhang, tmp_path: Path, lang: str) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"ten years")
    said = taizhang("sample", tmp_path, "--lang", lang)
    assert said.code == 1
    assert {"zh": "换一个空文件夹", "en": "choose an empty folder"}[lang] in said.err
    assert files_below(tmp_path) == {"thesis.docx": b"ten years"}


def test_a_county_of_another_seed_is_left_alone(taizhang: Taizhang, written: Path, tmp_path: Path) -> None:
    before = files_below(written)
    assert taizhang("sample", written, "--seed", 7).code == 1
    assert files_below(written) == before
    home = new_site(tmp_path / "site")
    (home.catalog / "roster").mkdir()
    (home.catalog / "roster" / "sample_county.yaml").write_bytes((written / "catalog" / "roster.yaml").read_bytes())
    said = taizhang("sample", "--home", home.path, "--seed", 7)
    assert said.code == 1
    assert "taizhang sample --seed 2014" in said.err
    assert files_below(home.inbox) == {}


def test_a_folder_that_is_no_site_is_not_made_one(taizhang: Taizhang, tmp_path: Path) -> None:
    said = taizhang("sample", "--home", tmp_path / "none")
    assert said.code == 1
    assert "taizhang init" in said.err
    assert not (tmp_path / "none").exists()


def test_a_site_is_not_written_to_under_a_night(taizhang: Taizhang, tmp_path: Path) -> None:
    home = new_site(tmp_path / "site")
    with writer_lock(home.path):
        assert taizhang("sample", "--home", home.path).code == 1
    assert files_below(home.inbox) == {}


def test_a_register_that_cannot_be_read_is_told(taizhang: Taizhang, tmp_path: Path) -> None:
    home = Home(tmp_path / "site")
    home.create()
    (home.catalog / "orgs.csv").write_bytes("code,name\n1,北京\n".encode("gb18030"))
    said = taizhang("sample", "--home", home.path, "--lang", "zh")
    assert said.code == 1
    assert "UTF-8" in said.err
    assert files_below(home.inbox) == {}
