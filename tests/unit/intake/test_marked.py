"""The marked copy: the return as it was, its bad cells coloured and commented, a list that leads to them."""

from __future__ import annotations

import io

import openpyxl
import xlsxwriter

from pipelines.intake import marked
from pipelines.intake.marked import mark
from pipelines.intake.own_sheets import LISTED, returns_of
from pipelines.intake.problems import Problem
from pipelines.intake.reading import read_sheets

WORDS = ("“x”没有载入。", '"x" was not loaded.', "改成数。", "Write a number.")


def problem(severity: str, *cells: str, sheet: str = "9月", words: tuple[str, ...] = WORDS) -> Problem:
    return Problem(severity, "rule", sheet, cells, *words, observed="=1+1", expected="= 3")


def workbook() -> bytes:
    """A workbook with a merged title, a formula with its value, a colour and a comment of its own."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("9月")
        sheet.merge_range("A1:C1", "标题", book.add_format({"bold": True}))
        sheet.write_row("A2", ["甲村", 2, 3])
        sheet.write_comment("B2", "村医的话")
        sheet.write_formula("C3", "=SUM(B2:C2)", None, 5)
        sheet.write_formula("B3", '=A2&"合计"', None, "甲村合计")
    return target.getvalue()


def marked_copy(content: bytes, *problems: Problem, lang: str = "zh") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(mark(content, read_sheets(content), problems, lang)))


def test_bad_cells_are_coloured_by_the_worst_and_say_why_and_what_to_do() -> None:
    book = marked_copy(workbook(), problem("question", "B2"), problem("error", "B2", "C2"))
    sheet = book["9月"]
    assert sheet["C2"].fill.start_color.rgb == "00" + marked.COLOURS["error"]
    assert sheet["C2"].comment.text == "错误:“x”没有载入。\n→ 改成数。"
    assert sheet["B2"].fill.start_color.rgb == "00" + marked.COLOURS["error"]
    assert sheet["B2"].comment.text.startswith("村医的话\n\n疑问:")
    assert sheet["A2"].comment is None
    assert sheet["A2"].fill.fill_type is None
    assert sheet["A1"].font.bold


def test_a_cell_inside_a_merged_one_is_marked_where_it_is_seen() -> None:
    sheet = marked_copy(workbook(), problem("refused", "C1"))["9月"]
    assert sheet["A1"].comment.text.startswith("拒收:")


def test_the_list_names_everything_the_worst_first_with_links() -> None:
    book = marked_copy(workbook(), problem("question", "C2"), problem("refused", sheet=""), lang="en")
    rows = list(book[LISTED].iter_rows(values_only=True))
    assert rows[0] == marked.HEAD["en"]
    assert [row[0] for row in rows[1:]] == ["refused", "question"]
    assert rows[2][1:5] == ("9月", "C2", WORDS[1], WORDS[3])
    assert book[LISTED]["C3"].hyperlink.location or book[LISTED]["C3"].hyperlink.target == "#'9月'!C2"
    assert book.active.title == LISTED


def test_texts_of_a_sender_never_become_formulas() -> None:
    content = "标题\n\"=cmd|' /C calc'!A0\",-1\n".encode()
    book = marked_copy(content, problem("error", "A2", sheet=""))
    for sheet in book.worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert book.worksheets[0]["A2"].quotePrefix


def test_formulas_keep_the_values_that_they_had() -> None:
    content = workbook()
    copy = mark(content, read_sheets(content), [problem("error", "C2")], "zh")
    assert openpyxl.load_workbook(io.BytesIO(copy))["9月"]["C3"].value == "=SUM(B2:C2)"
    [before], [after] = returns_of(read_sheets(content)), returns_of(read_sheets(copy))
    assert after.filled == before.filled
    assert (after.filled[2, 2], after.filled[2, 1]) == (5, "甲村合计")


def test_a_copy_of_a_marked_copy_has_one_list() -> None:
    content = workbook()
    once = mark(content, read_sheets(content), [problem("error", "C2")], "zh")
    twice = mark(once, returns_of(read_sheets(once)), [], "zh")
    book = openpyxl.load_workbook(io.BytesIO(twice))
    assert book.sheetnames == ["9月", LISTED]
    assert book[LISTED]["D2"].value == "没有发现问题。"


def test_the_values_of_a_csv_become_a_workbook() -> None:
    copy = mark("表\n甲,1\n".encode(), read_sheets("表\n甲,1\n".encode()), [problem("error", "B2", sheet="")], "zh")
    book = openpyxl.load_workbook(io.BytesIO(copy))
    assert book.worksheets[0]["A2"].value == "甲"
    assert book.worksheets[0]["B2"].comment is not None


def test_what_cannot_be_read_gets_the_list_alone() -> None:
    book = openpyxl.load_workbook(io.BytesIO(mark(b"\x00\x01", [], [problem("refused", sheet="")], "zh")))
    assert book.sheetnames == [LISTED]


def test_comments_are_limited_in_number_and_length() -> None:
    content = b"\n".join(b"a,b" for _ in range(1200))
    long = tuple("长" * 2000 for _ in range(4))
    found = [problem("error", f"A{row}", sheet="", words=long) for row in range(1, 1201)]
    sheet = marked_copy(content, *found).worksheets[0]
    comments = [sheet[f"A{row}"].comment for row in range(1, 1201)]
    assert sum(comment is not None for comment in comments) == marked.MOST_COMMENTS
    assert len(comments[0].text) == marked.LONGEST + 1
    assert sheet["A1200"].fill.fill_type == "solid"
