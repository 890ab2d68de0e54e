"""What the tests of the command share: the command itself, in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pipelines.cli import main as cli


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Taizhang = Callable[..., Said]


@pytest.fixture
def taizhang(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Taizhang:
    """The command, in this process; English unless another language is asked for."""
    for name in ("TAIZHANG_LANG", "TAIZHANG_HOME", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    def run(*words: object) -> Said:
        monkeypatch.setattr("sys.argv", ["taizhang", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run
