"""`taizhang export data-values`: what is typed and read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.settings import Home
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = new_site(tmp_path_factory.mktemp("export") / "site")
    put(made, "a.csv", library_return("约20"))
    plain_night(made)
    return made


def test_tidy_is_written_to_the_screen(taizhang: Taizhang, home: Home) -> None:
    said = taizhang("export", "data-values", "--home", home.path)
    assert (said.code, said.err) == (0, "1 figure(s) exported.\n")
    assert said.out == (
        "org_code,period_code,element_code,breakdown_code,value,form_code,reported_by\n"
        "x-japan,2016,walking_minutes_to_library,,约20,library_summary,x-japan\n"
    )


def test_json_is_written_to_a_file(taizhang: Taizhang, home: Home, tmp_path: Path) -> None:
    path = tmp_path / "values.json"
    said = taizhang("export", "data-values", "--home", home.path, "--format", "dhis2-json", "-o", path, "--lang", "zh")
    assert (said.out, said.err) == ("", "导出 1 个数。\n")
    [value] = json.loads(path.read_text("utf-8"))["dataValues"]
    assert (value["dataElement"], value["period"], value["orgUnit"], value["value"], value["comment"]) == (
        "walking_minutes_to_library", "2016", "x-japan", "20", "taizhang:about",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("data-values", "--form", "nothing"), 1, "--form: there is no 'nothing'"),
        (("data-values", "--system", "nothing"), 1, "--system: there is no 'nothing'"),
        (("data-values", "--org", "nobody"), 1, "has no unit 'nobody'"),
        (("data-values", "--period", "soon"), 1, "'soon' is no period"),
    ],
)
def test_what_is_not_there_is_told(
    taizhang: Taizhang, home: Home, words: tuple[str, ...], code: int, told: str
) -> None:
    said = taizhang("export", *words, "--home", home.path)
    assert said.code == code
    assert told in said.err
