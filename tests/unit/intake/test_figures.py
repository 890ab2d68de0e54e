"""Figures that are read by whole rows are those that are read cell by cell, whatever stands in the cells."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.catalog import models as m
from pipelines.catalog.load import Catalog
from pipelines.intake import figures
from pipelines.intake.facts import Times
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import Table
from pipelines.intake.understand import understand

TOWN = "510101000000"
FORM: dict[str, Any] = {
    "zh": "村月报", "en": "village month", "domain": "other", "orientation": "units_in_rows", "row_level": "village",
    "recognise": {"title": "妇幼月报表"}, "columns": {"unit_name": ["村名"], "period": ["统计期"]},
    "items": [
        {"element": "births", "labels": ["活产数"]}, {"element": "women", "labels": ["产妇数"]},
        {"element": "staff", "labels": ["人员"]}, {"element": "fund", "labels": ["经费(万元)"], "unit_factor": 10000},
        {"element": "births", "breakdown": "male", "labels": ["男婴"]},
    ],
    "missing": {"/": "not_applicable"},
}  # fmt: skip
HEADER = ["村名", "统计期", "活产数", "产妇数", "人员", "经费(万元)", "男婴"]
CELLS: tuple[object, ...] = (
    *range(12), "", "", "３", "1,200", "约5", "-", "/", "无", "86%", "5 (6)", -1, 0.5, 2.25, 1e15, 1e17, True, " ",
    "#DIV/0!",
)  # fmt: skip


@pytest.fixture
def villages(catalog: Catalog) -> Catalog:
    for number in range(6):
        code = f"51010100000{number + 1}"
        catalog.orgs[code] = m.Org(code=code, name=f"第{number}村", level="village", parent=TOWN)
    catalog.forms["village_month"] = m.Form.model_validate(FORM)
    return catalog


def _sheets(seed: int) -> dict[str, list[list[object]]]:
    """Two sheets of one return; rows are stated again, with totals, unknown units, months of their own, notes."""
    rng = random.Random(seed)
    names = [*(f"第{number}村" for number in range(6)), "第1村", "合计", "城关镇", "无名村", "", "注:略"]
    sheets = {}
    for name in ("一", "二")[: rng.randint(1, 2)]:
        rows: list[list[object]] = [["城关镇妇幼月报表"], ["填报单位:城关卫生院"], ["报告期:2013年10月"], list(HEADER)]
        for _ in range(rng.randint(1, 9)):
            of = rng.choice(["", "", "", "2013年9月", "不明"])
            cells = [rng.choice(CELLS) for _ in HEADER[2:]]
            rows.append([rng.choice(names), of, *cells][: rng.choice([7, 7, 7, 5])])
        sheets[name] = rows
    return sheets


def _told(tables: list[Table]) -> list[Any]:
    return [
        [table.sheet, vars(table.account), *(sorted(map(repr, part)) for part in (
            table.facts, table.quarantine, table.remarks, table.claims))]
        for table in tables
    ]  # fmt: skip


def test_whole_rows_say_what_their_cells_say(villages: Catalog, workbook: Callable[..., bytes]) -> None:
    index, blocks = OrgIndex(villages.orgs), 0
    for seed in range(60):
        content = workbook(**_sheets(seed))
        together = understand(content, villages, index)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Times, "knows", lambda *_: True)
            one_by_one = understand(content, villages, index)
        assert _told(together) == _told(one_by_one), seed
        assert all(table.account.balanced for table in together)
        assert not any(table.facts.blocks for table in one_by_one)
        blocks += sum(len(table.facts.blocks) for table in together)
    assert blocks > 40


def test_a_row_stated_again_is_no_part_of_a_block(villages: Catalog, workbook: Callable[..., bytes]) -> None:
    rows = [["第0村", "", 1, 2], ["第1村", "", 3, 4], ["第0村", "", 5, 6], ["第2村", "", 7, ""]]
    content = workbook(表=[["城关镇妇幼月报表"], ["填报单位:城关卫生院"], ["报告期:2013年10月"], HEADER[:4], *rows])
    [table] = understand(content, villages, OrgIndex(villages.orgs))
    assert [len(block.values) for block in table.facts.blocks] == [3]
    assert {(f.cell, f.occurrence, f.value) for f in table.facts} == {
        ("C5", 1, 1), ("D5", 1, 2), ("C6", 1, 3), ("D6", 1, 4), ("C7", 2, 5), ("D7", 2, 6), ("C8", 1, 7),
        ("D8", 1, None),
    }  # fmt: skip


def test_a_long_sheet_is_several_blocks(
    villages: Catalog, workbook: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "TOGETHER", 2)
    rows = [[f"第{number}村", "", number] for number in range(5)]
    content = workbook(表=[["城关镇妇幼月报表"], ["填报单位:城关卫生院"], ["报告期:2013年10月"], HEADER[:3], *rows])
    [table] = understand(content, villages, OrgIndex(villages.orgs))
    assert [block.values.tolist() for block in table.facts.blocks] == [[0, 1], [2, 3], [4]]
    assert [(fact.cell, fact.value) for fact in table.facts] == [(f"C{n + 5}", n) for n in range(5)]


def test_what_a_block_stated_is_counted_and_what_it_left_out_is_not() -> None:
    times, one, two = Times(), ("x", "2014"), ("y", "2014")
    assert times.next("births|", two) == 1
    assert (times.knows(one), times.knows(two)) == (False, True)
    times.add(["births|", "women|"], [one], [("women|", one)])  # the women were set aside
    assert [times.next(what, one) for what in ("births|", "births|", "women|", "staff|")] == [2, 3, 1, 1]
    assert times.next("births|", two) == 2
