"""The dashboards as the real command serves them, and the browser to look at them: for tests, pictures, benchmarks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
TRIES, PAUSE, PATIENCE = 600, 0.1, 10.0  # how often and how long its first page is asked for, in seconds


@dataclass(frozen=True)
class Server:
    """`taizhang serve`, answering.

    Attributes:
        address: of its first page.
        process: which its workers belong to.
    """

    address: str
    process: subprocess.Popen[bytes]


@contextmanager
def serving(home: Path, port: int = 0) -> Iterator[Server]:
    """`taizhang serve` on a home, until the block is left.

    Args:
        home: the site's folder.
        port: to listen on; 0 for any that is free.

    Raises:
        RuntimeError: it has ended, or does not answer.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "pipelines.cli", "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        server = Server(f"http://127.0.0.1:{port}", process)
        _wait(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def _wait(server: Server) -> None:
    for _ in range(TRIES):
        try:
            urllib.request.urlopen(server.address, timeout=PATIENCE).close()
        except OSError:  # refused, or too slow on a busy machine
            if server.process.poll() is not None:
                raise RuntimeError("taizhang serve has ended") from None
            time.sleep(PAUSE)
        else:
            return
    raise RuntimeError("taizhang serve does not answer")


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chromium(playwright: Any) -> Any:
    """The machine's Chromium; where there is none, the one of Playwright's own."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
