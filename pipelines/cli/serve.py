"""`taizhang serve`: the dashboards of a site."""

from __future__ import annotations

import errno
import logging
import sys
from logging.handlers import RotatingFileHandler
from typing import Annotated, Any

import typer

from pipelines.cli.options import HomeOption, LangOption, site
from pipelines.cli.words import default_lang, say
from pipelines.errors import TaizhangError
from pipelines.settings import Home

WORKERS, THREADS, SECONDS = 1, 8, 60
LOG_BYTES = 5 << 20
# Why an address cannot be listened on, and what to do: Chinese, English, remedy in Chinese, in English.
REFUSALS = {
    errno.EADDRINUSE: (
        "端口已被占用", "the port is taken",
        "用 --port 换一个端口,或结束占用它的程序。", "give another --port, or end what uses it.",
    ),
    errno.EACCES: (
        "没有权限", "no permission",
        "用 --port 给出 1024 以上的端口。", "give a --port above 1024.",
    ),
    errno.EADDRNOTAVAIL: (
        "本机没有这个地址", "this machine has no such address",
        "用 --host 给出本机的地址,如 127.0.0.1。", "give an address of this machine as --host, such as 127.0.0.1.",
    ),
}  # fmt: skip


def serve(
    home: HomeOption = None,
    host: Annotated[str, typer.Option("--host", help="监听地址 / address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 / port")] = 8050,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="进程数 / processes")] = WORKERS,
    lang: LangOption = None,
) -> None:
    """网页:最新发布的各项指标。 The dashboards of the newest release, on http://127.0.0.1:8050.

    只读;新的发布会在打开的网页上提示,不用重新启动。Ctrl+C 结束。
    Read-only; open pages are told of a newer release, nothing is started again. Ctrl+C ends it.
    """
    where, spoken = site(home), lang or default_lang()
    where.require()
    seconds = where.check_seconds  # told here: what a worker raises is a traceback
    _free(host, port)
    print(
        say(spoken, f"打开 http://{host}:{port} ;Ctrl+C 结束。", f"Open http://{host}:{port} ; Ctrl+C ends it."),
        file=sys.stderr,
        flush=True,
    )
    _gunicorn(where, seconds, {"bind": f"{host}:{port}", "workers": workers, "threads": THREADS, "timeout": SECONDS})


def _free(host: str, port: int) -> None:
    """Tells an address that cannot be listened on before anything is loaded."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _refused(host, port, error) from error


def _refused(host: str, port: int, error: OSError) -> TaizhangError:
    """Why an address cannot be listened on; what is not among the usual reasons is told as the system says it."""
    system = error.strerror or str(error)
    other = system, system, "用 --host、--port 换一个地址或端口。", "give another --host or --port."
    zh, en, remedy_zh, remedy_en = REFUSALS.get(error.errno or 0, other)
    return TaizhangError(
        f"不能在 {host}:{port} 上监听:{zh}。",
        f"Cannot listen on {host}:{port}: {en}.",
        remedy_zh=remedy_zh,
        remedy_en=remedy_en,
    )


def _gunicorn(home: Home, check_seconds: float, options: dict[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication

    class Served(BaseApplication):
        """Gunicorn with our settings; each process loads the application itself, as DuckDB must not be forked."""

        def load_config(self) -> None:
            settings = {**options, "worker_class": "gthread", "loglevel": "warning", "proc_name": "taizhang"}
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from dashboards.application import create_app

            log_to(home)
            return create_app(home, check_seconds).server

    Served().run()


def log_to(home: Home) -> None:
    """What goes wrong on a page is written into the site's logs/serve.log."""
    folder = home.path / "logs"
    folder.mkdir(exist_ok=True)
    handler = RotatingFileHandler(folder / "serve.log", maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    logging.getLogger("taizhang.serve").addHandler(handler)
