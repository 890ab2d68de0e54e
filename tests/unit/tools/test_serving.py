"""The real command, served for tests and pictures."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from tests.unit.warehouse.sites import new_site
from tools.serving import serving


def test_a_home_is_served_until_the_block_is_left(tmp_path: Path) -> None:
    home = new_site(tmp_path / "site")
    with serving(home.path) as server:
        with urllib.request.urlopen(server.address, timeout=60) as answer:
            assert answer.status == 200
        assert server.process.poll() is None
    assert server.process.poll() is not None


def test_a_command_that_ends_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="has ended"), serving(tmp_path / "nothing"):
        pass
