"""A card's rows as a file: the address names page, card and state, so that a download can be shared and repeated."""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Flask, Response, request

from dashboards.address import parse
from dashboards.page import Page
from dashboards.reader import Releases
from dashboards.visit import visit
from pipelines.errors import TaizhangError
from pipelines.tabular import as_csv, cell_writer

if TYPE_CHECKING:
    import polars as pl

LOG = logging.getLogger("taizhang.serve")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

NOTHING = TaizhangError(
    "没有这个下载。", "There is no such download.",
    remedy_zh="从页面上的“取用”下载。", remedy_en="take it from “Take along” on a page.",
)  # fmt: skip
FAILED = TaizhangError(
    "下载失败,经过已写入站点的日志 logs/serve.log。", "The download failed; the site's logs/serve.log says why.",
    remedy_zh="把这个地址告诉管理员。", remedy_en="tell the administrator this address.",
)  # fmt: skip


def add_downloads(
    server: Flask, releases: Releases, pages: Mapping[str, Page], known: Mapping[str, tuple[str, ...]]
) -> None:
    """Adds `/download/<page>/<card>.<csv|xlsx>?<state>` to a server; the first page is called overview."""

    @server.get("/download/<page>/<card>.<kind>")
    def download(page: str, card: str, kind: str) -> Response:
        key = "" if page == "overview" else page
        if key not in pages or kind not in TYPES:
            return _refusal(NOTHING, 404)
        view = parse(f"/{key}", request.query_string.decode("utf-8", "replace"), known)
        try:
            reader = releases.reader(view.get("release") or None)
            shown = visit(view, reader)
            content = pages[key].content(shown)
            found = content.card(card)
            if found is None:
                return _refusal(NOTHING, 404)
            whole = found.whole
            frame = found.frame if whole is None else reader.frame(found.query, **{**found.values, **whole})
            origin = _origin(request.full_path, reader.id, found.sql(reader))
            # Excel takes a CSV for UTF-8 only by its mark.
            file = as_csv(frame.to_arrow()).encode("utf-8-sig") if kind == "csv" else as_xlsx(frame, origin)
        except TaizhangError as error:
            return _refusal(error, 404)
        except Exception:
            LOG.exception("%s", request.full_path)
            return _refusal(FAILED, 500)
        name = "-".join(("taizhang", page, card, *pages[key].subject(content, shown).codes))
        head = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name.replace('/', '_'))}.{kind}"}
        return Response(file, 200, head, content_type=TYPES[kind])


def _refusal(error: TaizhangError, status: int) -> Response:
    return Response(f"{error}\n", status, content_type="text/plain; charset=utf-8")


def _origin(address: str, release: str, sql: str) -> list[tuple[str, str]]:
    return [("发布 release", release), ("地址 address", address), ("SQL", sql)]


def as_xlsx(frame: pl.DataFrame, origin: list[tuple[str, str]]) -> bytes:
    """A workbook: the rows with their types, and where they come from on a second sheet.

    Args:
        frame: the rows.
        origin: what is said of them, as (what, text).
    """
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        bold, write = book.add_format({"bold": True}), cell_writer(book)
        sheet = book.add_worksheet("data")
        for column, name in enumerate(frame.columns):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(frame.iter_rows(), 1):
            for column, value in enumerate(row):
                write(sheet, number, column, value)
        sheet.freeze_panes(1, 1)
        sheet.autofit(300)
        about = book.add_worksheet("来历 origin")
        about.set_column(0, 0, 18, bold)
        about.set_column(1, 1, 120)
        for number, pair in enumerate(origin):
            for at, text in enumerate(pair):
                about.write_string(number, at, text)
    return target.getvalue()
