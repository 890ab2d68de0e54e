"""`taizhang sign`: what is typed and read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.settings import Home
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put

PLACE = ("library_summary", "--org", "x-japan", "--period", "2016")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = new_site(tmp_path_factory.mktemp("sign") / "site")
    put(home, "a.csv", library_return(20))
    plain_night(home)
    return home


def test_signing_tells_what_it_did_and_when_it_shows(taizhang: Taizhang, home: Home) -> None:
    said = taizhang("sign", *PLACE, "--state", "approved", "--who", "张三", "--lang", "zh", "--home", home.path)
    assert (said.code, said.err) == (0, "")
    assert said.out == f"已审核 1:日本(x-japan)\n下一次 taizhang run --home {home.path} 起各数显示。\n"
    again = taizhang("sign", *PLACE, "--state", "approved", "--home", home.path)
    assert again.out == "was so before; not signed again 1: 日本(x-japan)\n"
    said = taizhang(
        "sign", *PLACE, "--state", "open", "--why", "重核", "--who", "李四", "--format", "json", "--home", home.path
    )
    assert json.loads(said.out) == {
        "form": "library_summary", "period": "2016", "state": "open", "who": "李四", "why": "重核",
        "signed": ["x-japan"], "already": [], "not_sent": [], "open_errors": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((*PLACE, "--state", "open"), 2, "opening again needs the reason"),
        ((*PLACE, "--state", "open", "--why", "  "), 2, "opening again needs the reason"),
        ((*PLACE, "--state", "sealed"), 2, "approved"),
        ((*PLACE, "--under", "x-japan", "--state", "closed"), 2, "give one of --org and --under"),
        (("library_summary", "--period", "2016", "--state", "closed"), 2, "give one of --org and --under"),
        (("library_sumary", *PLACE[1:], "--state", "closed"), 1, "did you mean library_summary"),
        (
            (*PLACE[:2], "x-nobody", *PLACE[3:], "--state", "closed"),
            1,
            "write its full name or code as in the register",
        ),
        ((*PLACE[:4], "2016-13", "--state", "closed"), 1, "'2016-13' is no period"),
        ((*PLACE[:4], "2015", "--state", "closed"), 1, "there is nothing to sign"),
    ],
)
def test_what_cannot_be_signed_is_told_with_the_remedy(
    taizhang: Taizhang, home: Home, words: tuple[str, ...], code: int, told: str
) -> None:
    said = taizhang("sign", *words, "--home", home.path)
    assert (said.code, said.out) == (code, "")
    assert told in said.err


def test_without_a_release_there_is_nothing_to_sign(taizhang: Taizhang, tmp_path: Path) -> None:
    home = new_site(tmp_path / "site")
    said = taizhang("sign", *PLACE, "--state", "closed", "--home", home.path)
    assert said.code == 1
    assert "has no release yet" in said.err
