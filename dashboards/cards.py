"""A card: one figure of a page, the table behind it, the SQL that made it, and the ways to take it along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from dash import dcc, html

from dashboards.compact import Node, box, compact
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

if TYPE_CHECKING:
    import polars as pl

    from dashboards.reader import Reader

Cell = Any  # a text, or a Dash component such as a link
MOST_ROWS = 200  # of a table on a page; the downloads hold all
SILENT, NO_DATA = Words("", ""), Words("没有数据。", "There are no data.")
GRAPH = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


@dataclass(frozen=True)
class Column:
    """A column of a table on a page.

    Attributes:
        title: what stands above it.
        cell: what stands in it, of a row of the card's frame.
        numeric: whether it stands to the right.
        kind: 'whole' where it stays on one line, 'long' where it holds long names; the browser pays for every component
            of a page with every other, so that this is no wrapper within the cell.
    """

    title: Words
    cell: Callable[[dict[str, Any]], Cell]
    numeric: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Card:
    """One figure with the table behind it.

    Attributes:
        key: its name on the page, in its address and in the names of downloaded files.
        title: its heading.
        query: the query that made it, e.g. 'overview/figures'.
        values: the query's parameters.
        frame: the query's answer; what is downloaded.
        columns: how the table shows it; the first is the row's head.
        figure: a Plotly figure as plain values, without template; None for a table alone.
        alt: what the figure shows, for those who do not see it.
        notes: sentences beneath the heading.
        empty: what is said where there are no rows: what is missing and why.
        shown: the rows that the table shows, where not all of the frame.
        is_open: whether the table is open from the start.
        whole: the parameters that give all rows, where `frame` holds one page of them; downloads take these.
        kept: the SQL condition that keeps the frame's rows of the query's answer, where the card holds a part of it.
    """

    key: str
    title: Words
    query: str
    values: dict[str, Any]
    frame: pl.DataFrame
    columns: Sequence[Column]
    figure: dict[str, Any] | None = None
    alt: Words = SILENT
    notes: Sequence[Any] = field(default_factory=tuple)
    empty: Words = NO_DATA
    shown: pl.DataFrame | None = None
    is_open: bool = False
    whole: dict[str, Any] | None = None
    kept: str = ""

    def sql(self, reader: Reader) -> str:
        """The SQL that gives what is downloaded: all its rows, and no others."""
        text = reader.sql(self.query, **{**self.values, **(self.whole or {})})
        return f"select *\nfrom (\n{text}\n)\nwhere {self.kept}" if self.kept else text


def draw(card: Card, visit: Visit) -> html.Section:
    """A card as a page shows it."""
    heading = html.H2(visit.say(card.title), id=f"h-{card.key}")
    parts: list[Any] = [html.Div([heading, _tools(card, visit)], className="card-head")]
    parts += [html.P(note, className="note") if isinstance(note, str) else note for note in card.notes]
    rows = card.frame if card.shown is None else card.shown
    if rows.is_empty():
        parts.append(html.P(visit.say(card.empty), className="empty"))
    else:
        if card.figure is not None:
            parts.append(_chart(card, visit))
        parts.append(_table(card, visit, rows))
    return html.Section(parts, className="card", id=f"card-{card.key}", **{"aria-labelledby": f"h-{card.key}"})


def _chart(card: Card, visit: Visit) -> html.Div:
    graph = dcc.Graph(
        id={"type": "chart", "card": card.key},
        figure=card.figure,
        config=GRAPH,
        className="chart",
        style={"height": (card.figure or {}).get("layout", {}).get("height", 360)},
    )
    return html.Div(graph, role="img", className="chart-box", **{"aria-label": visit.say(card.alt)})


def _table(card: Card, visit: Visit, rows: pl.DataFrame) -> Any:
    body = table(card.columns, rows.head(MOST_ROWS).to_dicts(), visit, visit.say(card.title))
    left_out = rows.height - MOST_ROWS
    if left_out > 0:
        told = visit.t(
            f"只列出前 {MOST_ROWS} 行,另有 {left_out} 行在下载的文件里。",
            f"The first {MOST_ROWS} rows; {left_out} more are in the downloads.",
        )
        body = html.Div([body, html.P(told, className="note")])
    if card.figure is None or card.is_open:
        return body
    summary = html.Summary(visit.t(f"数据表({rows.height} 行)", f"Table ({rows.height} rows)"))
    return html.Details([summary, body], className="behind")


def table(columns: Sequence[Column], rows: Sequence[dict[str, Any]], visit: Visit, caption: str) -> html.Div:
    """A table that scrolls by itself where it is wide."""
    sides = [{"class": side} if (side := _side(column)) else {} for column in columns]
    head = [
        ["th", {"scope": "col", **side}, visit.say(column.title)] for column, side in zip(columns, sides, strict=True)
    ]
    body: list[Node] = [["tr", {}, *_cells(row, columns, sides)] for row in rows]
    content = ["table", {}, ["caption", {}, caption], ["thead", {}, ["tr", {}, *head]], ["tbody", {}, *body]]
    return box(content, caption)


def _cells(row: dict[str, Any], columns: Sequence[Column], sides: Sequence[dict[str, str]]) -> Iterator[Node]:
    """The cells of a row as lists: as components, a page of a thousand cells would take most of its time to make."""
    for number, (column, side) in enumerate(zip(columns, sides, strict=True)):
        tag, attributes = ("td", side) if number else ("th", {**side, "scope": "row"})
        yield [tag, attributes, *compact(column.cell(row))]


def _side(column: Column) -> str:
    return "number" if column.numeric else column.kind


def _tools(card: Card, visit: Visit) -> html.Details:
    """Copy, files, pictures and the SQL of a card."""
    code = card.sql(visit.reader)
    items: list[Any] = [
        html.Button(visit.t("复制表格", "Copy the table"), type="button", **{"data-take": "copy"}),
        html.A("CSV", href=download_address(card.key, "csv", visit), download=True),
        html.A("Excel", href=download_address(card.key, "xlsx", visit), download=True),
    ]
    if card.figure is not None and not card.frame.is_empty():
        items += [html.Button(kind.upper(), type="button", **{"data-take": kind}) for kind in ("png", "svg")]
    items += [
        html.Button(visit.t("打印", "Print"), type="button", **{"data-take": "print"}),
        html.Details(
            [
                html.Summary("SQL"),
                html.Pre(html.Code(code), tabIndex=0),
                html.Button(visit.t("复制 SQL", "Copy the SQL"), type="button", **{"data-take": "sql"}),
                html.P(visit.t("用 taizhang sql 运行。", "Run it with taizhang sql."), className="note"),
            ],
            className="sql",
        ),
    ]
    name = visit.t("取用", "Take along")
    return html.Details(
        [html.Summary(name, **{"aria-label": f"{name}: {visit.say(card.title)}"}), html.Div(items, className="menu")],
        className="tools",
    )


def download_address(key: str, kind: str, visit: Visit) -> str:
    """Where a card's rows are to be had as a file; the release is in it, so that it stays the same file."""
    values = {**visit.view.values, "org": visit.org_code, "period": visit.period_code, "release": visit.reader.id}
    chosen = sorted((name, value) for name, value in values.items() if value)
    return f"/download/{visit.view.page or 'overview'}/{key}.{kind}?{urlencode(chosen)}"
