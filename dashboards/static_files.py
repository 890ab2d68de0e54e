"""Scripts and styles of the pages: compressed once in a process; those of charts are asked for before all others."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request

STATIC = ("/_dash-component-suites/", "/assets/")  # their addresses change with their content
PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"


class Compressed:
    """What flask-compress made of scripts and styles; pages and answers are made anew each time and not kept."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """The compressed file; None where it is not kept."""
        return self._kept.get(key)

    def set(self, key: str, content: bytes) -> None:
        """Keeps it, if it is a file."""
        if key.split(";", 1)[1].startswith(STATIC):
            self._kept[key] = content


def address(request: Request) -> str:
    """What a compressed answer is kept by."""
    return request.full_path


def compressed(server: Flask) -> None:
    """Has answers compressed, and each script and style once: the scripts of charts alone take half a second."""
    from flask_compress import Compress

    server.config.update(COMPRESS_CACHE_BACKEND=Compressed, COMPRESS_CACHE_KEY=address)
    Compress(server)


def charts_first(parts: dict[str, Any]) -> dict[str, Any]:
    """The parts of the first document, with the scripts of the charts asked for before all others."""
    return {**parts, "metas": f'{parts.get("metas", "")}<script async src="{PLOTLY}"></script>'}
