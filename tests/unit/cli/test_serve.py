"""`taizhang serve` before it serves: what stops it is told in the user's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli import serve
from pipelines.settings import Home
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import new_site


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A site; the server itself must not be started."""

    def started(*_: object) -> None:
        raise AssertionError("gunicorn was started")

    monkeypatch.setattr(serve, "_gunicorn", started)
    return new_site(tmp_path / "site")


@pytest.mark.parametrize("seconds", ['"often"', "0", "-1", "true", "nan", "inf"])
def test_seconds_that_are_none_are_told_once_and_before_the_server_starts(
    taizhang: Taizhang, home: Home, seconds: str
) -> None:
    home.config.write_text(f"[serve]\ncheck_seconds = {seconds}\n", "utf-8")
    said = taizhang("serve", "--home", home.path, "--lang", "zh")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        f"错误: {home.config}:[serve] 的 check_seconds 应是大于 0 的秒数。\n  → 写 check_seconds = 60,或删去这一行。\n"
    )


def test_a_section_that_is_none_is_told(taizhang: Taizhang, home: Home) -> None:
    home.config.write_text("serve = 5\n", "utf-8")
    said = taizhang("serve", "--home", home.path)
    assert said.code == 1
    assert "check_seconds under [serve] must be seconds above 0" in said.err
