"""Every kind of mistake that people make in a catalog, planted in a county's own: found where it is, with a remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from pipelines.catalog import mistakes, said
from pipelines.catalog.load import load_catalog
from pipelines.errors import CatalogError, Mistake
from pipelines.settings import SHIPPED_CATALOG

HERE = Path(__file__).parent
XIPING = HERE / "xiping"  # a county's own catalog; the county is real, its thyroid screening is made up
FILES = {p.relative_to(XIPING).as_posix(): p.read_text("utf-8") for p in sorted(XIPING.rglob("*")) if p.is_file()}


@dataclass(frozen=True)
class Plant:
    """A mistake of planted.yaml."""

    name: str
    file: str
    good: str
    bad: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    at: str = ""
    more: int = 0
    apart: bool = False


def plants() -> Iterator[Plant]:
    for found in yaml.safe_load((HERE / "planted.yaml").read_text("utf-8")):
        yield Plant(**{name: tuple(value) if isinstance(value, list) else value for name, value in found.items()})


PLANTS = list(plants())
NEW_FILES = {  # files that are wrong as a whole
    "causes/broken.yaml": ("late: {zh: 迟报, en: late\nforgotten: {zh: 漏报, en: forgotten}\n", 2, "不是合法的 YAML"),
    "causes/tab.yaml": ("late:\n\tzh: 迟报\n", 2, "不是合法的 YAML"),
    "causes/list.yaml": ("- late\n", 1, "内容不是“编码: {…}”"),
    "element/thyroid.yaml": ("thyroid: {zh: 甲, en: t}\n", 0, "是不是 elements?"),
    "roster.yml": ("late: {}\n", 0, "是不是 roster?"),
    "org.csv": ("code,name\n", 0, "是不是 orgs.csv?"),
}  # fmt: skip


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def planted(files: dict[str, str], plant: Plant) -> dict[str, str]:
    assert files[plant.file].count(plant.good) == 1, f"{plant.name}: {plant.good} must stand once"
    return {**files, plant.file: files[plant.file].replace(plant.good, plant.bad)}


def line_of(files: dict[str, str], plant: Plant) -> int:
    """The line on which the mistake stands in the planted file."""
    before = files[plant.file].partition(plant.at or plant.bad.splitlines()[-1])[0]
    return before.count("\n") + 1


class Heard(dict[str, said.Said]):
    """The texts of the checks, and which of them were told."""

    def __init__(self, texts: dict[str, said.Said]) -> None:
        super().__init__(texts)
        self.keys_heard: set[str] = set()

    def __getitem__(self, key: str) -> said.Said:
        self.keys_heard.add(key)
        return super().__getitem__(key)


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mistakes, "CHECKS", Heard(said.CHECKS))
        yield mistakes.CHECKS


@dataclass(frozen=True)
class Planted:
    """What a planted catalog was told."""

    folder: Path
    files: dict[str, str]
    found: list[Mistake]


@pytest.fixture(scope="module")
def plant_alone(heard: Heard, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Plant], Planted]:
    @cache
    def alone(plant: Plant) -> Planted:
        files, folder = planted(FILES, plant), tmp_path_factory.mktemp("planted")
        return Planted(folder, files, mistakes_of(write(folder, files)))

    return alone


def mistakes_of(folder: Path) -> list[Mistake]:
    with pytest.raises(CatalogError) as caught:
        load_catalog(SHIPPED_CATALOG, folder)
    return caught.value.mistakes


def tells(mistake: Mistake, plant: Plant, folder: Path, line: int) -> bool:
    if mistake.place != f"{folder / plant.file}:{line}":
        return False
    zh, en = mistake.text("zh"), mistake.text("en")
    return all(word in zh for word in plant.zh) and all(word in en for word in plant.en)


def test_the_ground_is_clean(tmp_path: Path) -> None:
    catalog = load_catalog(SHIPPED_CATALOG, write(tmp_path, FILES))
    assert catalog.forms["thyroid_month"].zh == "甲状腺筛查月报表"


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_mistake_is_told_at_its_line_with_a_remedy(
    plant: Plant, plant_alone: Callable[[Plant], Planted]
) -> None:
    told = plant_alone(plant)
    line = line_of(told.files, plant)
    assert any(tells(mistake, plant, told.folder, line) for mistake in told.found), "\n".join(map(str, told.found))
    assert len(told.found) == 1 + plant.more, "\n".join(map(str, told.found))
    assert all(mistake.remedy_zh and mistake.remedy_en for mistake in told.found)


@pytest.mark.parametrize("name", NEW_FILES)
def test_a_file_that_is_wrong_as_a_whole_is_told(name: str, tmp_path: Path, heard: Heard) -> None:
    text, line, told = NEW_FILES[name]
    [found] = mistakes_of(write(tmp_path, {**FILES, name: text}))
    assert found.place == str(tmp_path / name) + (f":{line}" if line else "")
    assert told in found.text("zh")


@pytest.mark.parametrize(("name", "mark"), [("units.yaml", "millilitres"), ("orgs.csv", "411721000000")])
def test_a_file_in_gb18030_is_told_with_the_line(name: str, mark: str, tmp_path: Path, heard: Heard) -> None:
    write(tmp_path, FILES)
    (tmp_path / name).write_bytes(FILES[name].encode("gb18030"))
    found = next(m for m in mistakes_of(tmp_path) if m.file == str(tmp_path / name))
    assert found.line == next(n for n, line in enumerate(FILES[name].splitlines(), 1) if line.startswith(mark))
    assert "GB18030" in found.zh
    assert "CSV UTF-8" in found.remedy_en


def test_forty_mistakes_are_told_in_one_run(tmp_path: Path) -> None:
    files, chosen = FILES, [plant for plant in PLANTS if not plant.apart]
    for plant in chosen:
        files = planted(files, plant)
    write(tmp_path, {**files, **{name: text for name, (text, _, _) in NEW_FILES.items()}})
    found = mistakes_of(tmp_path)
    missed = [p.name for p in chosen if not any(tells(m, p, tmp_path, line_of(files, p)) for m in found)]
    assert not missed, "\n".join(map(str, found))
    assert {str(tmp_path / name) for name in NEW_FILES} <= {mistake.file for mistake in found}
    assert len(chosen) + len(NEW_FILES) >= 40
    assert found == sorted(found, key=lambda mistake: (mistake.file, mistake.line))


def test_every_check_is_set_off_by_a_planted_mistake(
    heard: Heard, plant_alone: Callable[[Plant], Planted], tmp_path: Path
) -> None:
    for plant in PLANTS:
        plant_alone(plant)
    mistakes_of(write(tmp_path, {name: text for name, (text, _, _) in NEW_FILES.items()}))
    (tmp_path / "orgs.csv").write_bytes(FILES["orgs.csv"].encode("gb18030"))
    mistakes_of(tmp_path)
    assert said.CHECKS.keys() - heard.keys_heard == set()
