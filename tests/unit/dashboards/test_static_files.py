"""Scripts are compressed once, answers each time."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask, Response

from dashboards.static_files import compressed


@pytest.fixture
def server() -> Flask:
    """A server with a script and an answer, of which each request gets another."""
    server = Flask("t")
    compressed(server)
    made = {"script": 0, "answer": 0}

    def reply(what: str) -> Response:
        made[what] += 1
        return Response(f"{what} {made[what]} " * 200, content_type="text/javascript")

    server.add_url_rule("/assets/x.js", "script", lambda: reply("script"))
    server.add_url_rule("/answer", "answer", lambda: reply("answer"))
    return server


def test_a_script_is_compressed_once_and_an_answer_each_time(server: Flask) -> None:
    with server.test_client() as client:

        def got(address: str) -> str:
            answer = client.get(address, headers={"Accept-Encoding": "gzip"})
            assert answer.headers["Content-Encoding"] == "gzip"
            return gzip.decompress(answer.data).decode()[:10].strip()

        assert [got("/assets/x.js") for _ in range(2)] == ["script 1 s", "script 1 s"]
        assert [got("/answer")[:8] for _ in range(2)] == ["answer 1", "answer 2"]
