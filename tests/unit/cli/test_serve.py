"""`taizhang serve` before it serves: what stops it is told in the user's language."""

from __future__ import annotations

import errno
import os
import socket
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


def test_a_port_that_is_taken_is_told_in_one_language(taizhang: Taizhang, home: Home) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        zh, en = (taizhang("serve", "--home", home.path, "--port", port, "--lang", lang) for lang in ("zh", "en"))
    assert (zh.code, en.code) == (1, 1)
    assert zh.err == (
        f"错误: 不能在 127.0.0.1:{port} 上监听:端口已被占用。\n  → 用 --port 换一个端口,或结束占用它的程序。\n"
    )
    assert en.err == (
        f"error: Cannot listen on 127.0.0.1:{port}: the port is taken.\n  → give another --port, or end what uses it.\n"
    )


@pytest.mark.parametrize(
    ("number", "zh", "remedy"),
    [
        (errno.EACCES, "没有权限", "1024 以上的端口"),
        (errno.EADDRNOTAVAIL, "本机没有这个地址", "--host"),
        (errno.ENETDOWN, os.strerror(errno.ENETDOWN), "--host、--port"),
    ],
)
def test_another_refusal_is_told_with_its_own_remedy(
    taizhang: Taizhang, home: Home, monkeypatch: pytest.MonkeyPatch, number: int, zh: str, remedy: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    said = taizhang("serve", "--home", home.path, "--lang", "zh")
    assert said.code == 1
    assert f"上监听:{zh}。" in said.err
    assert remedy in said.err
