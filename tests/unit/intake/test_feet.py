"""Who signed a sheet: the foot as people fill it in, and as they leave it."""

from __future__ import annotations

import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.intake.feet import read_signatures
from pipelines.intake.reading import read_sheets
from pipelines.intake.regions import finder_of
from tests.unit.warehouse.sites import Rows, as_xlsx, library_rows, new_site


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return load_catalog(*new_site(tmp_path_factory.mktemp("catalog")).catalog_folders)


def signed(catalog: Catalog, foot: Rows, head: Rows | None = None) -> dict[str, str]:
    title, *rest = library_rows({"步行到馆分钟": 20})
    sheet = read_sheets(as_xlsx(表=[title, *(head or []), *rest, *foot]))[0]
    [region] = finder_of(catalog.forms).tables(sheet)[0]
    found = read_signatures(region)
    return {one.role: f"{one.name} {one.cell}" for one in found}


@pytest.mark.parametrize(
    ("foot", "found"),
    [
        ([["审核人:张三"]], {"approver": "张三 A5"}),
        ([["审核人(签字): 张  三   填表人:李四"]], {"approver": "张三 A5", "clerk": "李四 A5"}),
        ([["审核人:", "张三", "填表人:", "李四"]], {"approver": "张三 A5", "clerk": "李四 C5"}),
        ([["审核人:", "", "填表人:", "李四"]], {"clerk": "李四 C5"}),
        ([["审核人", "张三"]], {"approver": "张三 A5"}),
        ([["审核人:        填表人:        填报日期:"]], {}),
        ([["审核人:____  填表人:(签字)  单位负责人:——"]], {}),
        ([["审核人:未审核"], ["填表人:无"]], {}),
        ([["填表人:张三 联系电话:138  报出日期:2014年10月8日"]], {"clerk": "张三 A5", "date": "2014年10月8日 A5"}),
        ([["审核人:张三", "", "审核人:李四"]], {"approver": "李四 C5"}),
        ([["审核人数:12"]], {}),
        ([["注:审核人应为本单位职工"]], {}),
        ([["审核人: John Smith"]], {"approver": "John Smith A5"}),
        ([], {}),
    ],
)
def test_a_foot_is_read_as_it_is_filled_in(shipped: Catalog, foot: Rows, found: dict[str, str]) -> None:
    assert signed(shipped, foot) == found


def test_signatures_above_the_table_are_read_too(shipped: Catalog) -> None:
    assert signed(shipped, [], [["审核人:张三", "", "填表人:李四"]]) == {"approver": "张三 A2", "clerk": "李四 C2"}
