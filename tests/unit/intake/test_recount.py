"""A recount sheet as it comes back spoilt: what is wrong is set aside with its cell, or the sheet is refused."""

from __future__ import annotations

import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import Table
from pipelines.intake.understand import understand
from tests.unit.warehouse.sites import Rows, as_xlsx, new_site

HEAD: Rows = [
    ["公共图书馆服务情况表复核抽查表"], ["抽样编号", "d1"], ["复核单位代码", "x-japan"], ["抽查范围代码", "x-japan"],
    ["报表代码", "library_summary"], ["报告期", "2016"], ["抽取时间(UTC)", "2024-05-02T00:00:00"],
    ["单位代码", "数据元代码", "分组代码", "复核数"],
]  # fmt: skip
MINUTES, PLACES = "walking_minutes_to_library", "community_libraries"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return load_catalog(*new_site(tmp_path_factory.mktemp("catalog")).catalog_folders)


def read(catalog: Catalog, *rows: list[object], head: Rows | None = None) -> Table:
    [table] = understand(as_xlsx(表=[*(head or HEAD), *rows]), catalog, OrgIndex(catalog.orgs))
    assert table.account.balanced
    return table


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (["x-japan", MINUTES, "", 12], (12, "reported")),
        (["x-japan", MINUTES, "", 0], (0, "reported")),
        (["x-japan", MINUTES, "", ""], (None, "blank")),
        (["x-japan", MINUTES, "", "/"], (None, "not_applicable")),
        (["x-japan", MINUTES, "", -3], "not_a_number"),
        (["x-japan", MINUTES, "", "约12"], "not_a_number"),
        (["x-japan", MINUTES, "", "12%"], "not_a_number"),
        (["x-japan", "nothing", "", 12], "unknown_element"),
        (["x-nobody", MINUTES, "", 12], "unknown_org"),
        (["x-boston", MINUTES, "", 12], "org_not_below"),
    ],
)
def test_a_cell_is_a_recount_or_set_aside(shipped: Catalog, row: list[object], found: object) -> None:
    table = read(shipped, row)
    assert (table.form, table.org, table.reported_by, table.facts) == ("recount", "x-japan", "x-japan", [])
    if isinstance(found, tuple):
        [one] = table.recounts
        assert (one.value, one.state, one.cell, one.draw) == (*found, "D9", "d1")
    else:
        assert [(held.cell, held.reason) for held in table.quarantine] == [("D9", found)]


def test_a_figure_that_stands_twice_counts_once(shipped: Catalog) -> None:
    table = read(shipped, ["x-japan", MINUTES, "", 12], ["x-japan", MINUTES, "", 13])
    assert [one.value for one in table.recounts] == [12]
    assert [(held.cell, held.reason, held.label) for held in table.quarantine] == [("D10", "stated_again", "9")]


@pytest.mark.parametrize("line", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("text", ["", "no such thing"])
def test_a_sheet_whose_head_was_touched_is_refused(shipped: Catalog, line: int, text: str) -> None:
    head = [list(row) for row in HEAD]
    head[line][1] = text
    if line == 1 and text:
        return  # the draw's number is whatever stands there
    table = read(shipped, ["x-japan", MINUTES, "", 12], head=head)
    assert table.refusal is not None
    assert table.refusal.reason == "recount_head"
    assert str(HEAD[line][0]) in table.refusal.zh
    assert table.recounts == []
