"""A small catalog and small workbooks for the tests of intake."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import openpyxl
import pytest

from pipelines.catalog import models as m
from pipelines.catalog.load import Catalog

Rows = Sequence[Sequence[object]]
FORM = {
    "zh": "月报",
    "en": "monthly return",
    "domain": "other",
    "recognise": {"title": "工作月报"},
    "columns": {
        "number": ["序号"], "item": ["指标"], "unit": ["计量单位"], "value": ["数值"], "period": ["统计期"],
        "claim_name": ["率名称"], "claim": ["上报率"], "note": ["备注"],
    },
    "items": [
        {"element": "births", "labels": ["活产数", "活产"]},
        {"element": "women", "labels": ["产妇数"]},
        {"element": "staff", "labels": ["人员合计"]},
        {"element": "staff_village", "labels": ["村保健员"]},
        {"element": "fund", "labels": ["经费"]},
    ],
    "claims": [{"indicator": "women_per_birth", "labels": ["系统管理率"]}],
    "totals": [{"total": "staff", "partition": "by_place", "parts": ["staff_village"]}],
    "missing": {"-1": "not_collected", "-2": "not_carried_out"},
}  # fmt: skip


@pytest.fixture
def orgs() -> dict[str, m.Org]:
    """Two counties, each with a 城关镇; one township has a health centre, one county's name is masked."""
    listed = [
        ("510000000000", "四川省", "province", "", ""),
        ("510100000000", "甲县", "county", "510000000000", ""),
        ("510101000000", "城关镇", "township", "510100000000", ""),
        ("510101000000-clinic", "城关镇卫生院", "institution", "510101000000", "城关卫生院"),
        ("510200000000", "乙县", "county", "510000000000", "乙"),
        ("510201000000", "城关镇", "township", "510200000000", ""),
        ("x-masked-county", "**县", "county", "", ""),
    ]
    return {
        code: m.Org(code=code, name=name, level=level, parent=parent, aliases=tuple(filter(None, [alias])))
        for code, name, level, parent, alias in listed
    }


@pytest.fixture
def catalog(orgs: dict[str, m.Org]) -> Catalog:
    """One form with five rows, one printed rate, one total."""

    def element(unit: str) -> m.Element:
        return m.Element(zh="某", en="some", unit=unit, kind="flow", domain="other")

    return Catalog(
        units={
            "persons": m.Unit(zh="人", en="persons", labels=("人", "名")),
            "yuan": m.Unit(zh="元", en="yuan", labels=("元",), counts=False),
        },
        elements={
            **{name: element("persons") for name in ("births", "women", "staff", "staff_village")},
            "fund": element("yuan"),
        },
        indicators={"women_per_birth": m.Indicator(zh="率", en="rate", domain="other", unit="percent")},
        forms={"monthly": m.Form.model_validate(FORM)},
        orgs=orgs,
    )


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """Bytes of a workbook with one sheet for each keyword; a leading '0.00%:' sets the number format of the cell."""

    def build(**sheets: Rows) -> bytes:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for r, row in enumerate(rows, 1):
                for c, value in enumerate(row, 1):
                    cell = sheet.cell(r, c)
                    number_format, value = value if isinstance(value, tuple) else ("General", value)
                    cell.value, cell.number_format = value, number_format
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    return build
