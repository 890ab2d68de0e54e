"""uv is fetched from a package index only as the index describes it, and a failure says what to do."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from tools import bootstrap

WHEEL = "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The folder of uv on a package index, and the index's address."""
    folder = tmp_path / "index" / "simple" / "uv"
    folder.mkdir(parents=True)
    server = HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "index")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://user:secret@127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()


@pytest.fixture
def offered(index: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index that offers one wheel, whose program reports version 0.13.9."""
    folder, address = index
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("uv-0.13.9.data/scripts/uv", "#!/bin/sh\necho 'uv 0.13.9 (test)'\n")
    (folder / WHEEL).write_bytes(packed.getvalue())
    digest = hashlib.sha256(packed.getvalue()).hexdigest()
    (folder / "index.html").write_text(f'<a href="{WHEEL}#sha256={digest}">uv</a>')
    monkeypatch.setenv("UV_DEFAULT_INDEX", address)
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(bootstrap, "fits", lambda tag: "x86_64" in tag)
    return folder


def test_a_wheel_with_the_stated_hash_becomes_a_program(offered: Path) -> None:
    uv = bootstrap.with_wheel()
    assert bootstrap.version_of(uv) == (0, 13, 9)
    assert bootstrap.from_before() == uv


def test_a_wheel_with_another_hash_is_refused(offered: Path, tmp_path: Path) -> None:
    (offered / WHEEL).write_bytes(b"something else")
    with pytest.raises(bootstrap.Failure, match="SHA-256"):
        bootstrap.with_wheel()
    assert not (tmp_path / "tools").exists()


def test_yanked_old_and_unhashed_wheels_are_passed_over() -> None:
    page = """
      <a href="uv-0.13.9-py3-none-any_x86_64.whl#sha256=aa" data-yanked="">uv</a>
      <a href="uv-0.13.8-py3-none-any_x86_64.whl">uv</a>
      <a href="uv-0.13.7rc1-py3-none-any_x86_64.whl#sha256=aa">uv</a>
      <a href="uv-0.13.6-py3-none-any_x86_64.whl#sha256=bb">uv</a>
    """
    assert [link.version for link in bootstrap.wheels_on(page, "https://i.example/uv/")] == [(0, 13, 6)]


def test_an_old_uv_on_path_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'uv 0.4.1'\n")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.on_path() is None
    uv.write_text("#!/bin/sh\necho 'uv 1.2.3'\n")
    assert bootstrap.on_path() == uv


def test_caches_go_beside_the_tools_where_home_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "UV_CACHE_DIR", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    monkeypatch.setattr(bootstrap, "can_write", lambda folder: False)
    environment = bootstrap.uv_environment()
    assert environment["UV_CACHE_DIR"] == str(bootstrap.TOOLS / "cache")
    assert "VIRTUAL_ENV" not in environment


def test_a_failure_says_what_to_do_in_both_languages_and_no_password(repo_root: Path, tmp_path: Path) -> None:
    """-S leaves site-packages out: no pip, as on a bare machine."""
    tool = tmp_path / "tools" / "bootstrap.py"
    tool.parent.mkdir()
    tool.write_text((repo_root / "tools" / "bootstrap.py").read_text("utf-8"), "utf-8")
    said = subprocess.run(
        [sys.executable, "-S", str(tool)],
        env={
            "PATH": "/nowhere",
            "PIP_INDEX_URL": "http://user:secret@127.0.0.1:9/simple",
            "PIP_RETRIES": "0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert "检查网络" in said.stderr
    assert "check the network" in said.stderr
    assert "secret" not in said.stderr
