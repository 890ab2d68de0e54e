"""Numbers as clerks write them."""

from __future__ import annotations

import string
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake.number_format import shown
from pipelines.intake.numbers import LARGEST, read_number, read_unit

FULL_WIDTH = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in string.digits + ",.-%<>"})


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("200", "exact"),
        *((f"{word}200", "about") for word in ("约", "大约", "近")),
        *((f"{word}200", "over") for word in ("超过", "逾", ">", ">".translate(FULL_WIDTH))),
        *((f"{word}200", "at_least") for word in ("≥", ">=", "不少于", "不低于", "不小于", "至少")),
        *((f"{word}200", "under") for word in ("<", "<".translate(FULL_WIDTH), "不足", "少于", "低于")),
        ("200余", "over"),
        ("200多", "over"),
        ("200以上", "at_least"),
        ("200左右", "about"),
        ("200以下", "under"),
        (" 约 200 ", "about"),
    ],
)
def test_words_around_a_number_are_its_qualifier(text: str, qualifier: str) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.value, number.qualifier) == (200, qualifier)


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("0", "0", 0),
        ("-1", "-1", 0),
        ("12.50", "12.50", 2),
        ("1,250", "1250", 0),
        ("1,234,567.8", "1234567.8", 1),
        ("123".translate(FULL_WIDTH), "123", 0),
        ("1,250.5".translate(FULL_WIDTH), "1250.5", 1),
        ("22.2万", "222000", 1),
        ("3百", "300", 0),
        ("3千", "3000", 0),
        ("2百万", "2000000", 0),
        ("2千万", "20000000", 0),
        ("87.15亿", "8715000000", 2),
        ("十", "10", 0),
        ("十余", "10", 0),
        ("二十三", "23", 0),
        ("一百零五", "105", 0),
        ("两千", "2000", 0),
        ("3万余", "30000", 0),
        ("3余万", "30000", 0),
    ],
)
def test_a_number_is_read_with_its_powers_and_decimals(text: str, value: str, decimals: int) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.value, number.decimals) == (Decimal(value), decimals)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("95.6%", "percent"),
        ("95.6%".translate(FULL_WIDTH), "percent"),
        ("95.6℅", "percent"),
        ("95.6‰", "per_mille"),
        ("95.6/10万", "per_100k"),
        ("95.6个百分点", "percentage_points"),
        ("95.6次", "visits_per_person"),
        ("95.6元", "yuan_per_person"),
        ("95.6", ""),
        ("约95.6%", "about percent"),
        ("95.6%以上", "at_least percent"),
        (">95.6%", "over percent"),
    ],
)
def test_a_sign_says_what_a_rate_counts(text: str, sign: str) -> None:
    number = read_number(text)
    assert number is not None
    told = sign if number.qualifier == "exact" else f"{number.qualifier} {number.sign}"
    assert (number.value, told) == (Decimal("95.6"), sign)
    assert number.sign == sign.split(" ")[-1]


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("百分之九十五", "95", "exact"),
        ("百分之95.6", "95.6", "exact"),
        ("约百分之五", "5", "about"),
        ("百分之九十以上", "90", "at_least"),
    ],
)
def test_percent_in_words_is_percent(text: str, value: str, qualifier: str) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.value, number.qualifier, number.sign) == (Decimal(value), qualifier, "percent")


@pytest.mark.parametrize(("text", "value"), [("三分之二", "0.666667"), ("四分之一", "0.25"), ("二分之一", "0.5")])
def test_a_fraction_in_words_is_about_a_ratio(text: str, value: str) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.value, number.qualifier, number.sign, number.decimals) == (Decimal(value), "about", "ratio", None)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12, "12"),
        (12.5, "12.5"),
        (0.956, "0.956"),
        (-1.0, "-1"),
        (1e16, "1e16"),
        (0.1 + 0.2, "0.3"),
        (34567.351200000005, "34567.3512"),
    ],
)
def test_a_number_cell_has_no_printed_precision(cell: float, value: str) -> None:
    number = read_number(cell)
    assert number is not None
    assert (number.value, number.decimals) == (Decimal(value), None)


@pytest.mark.parametrize(
    "cell",
    [
        "", " ", None, True, False, "无", "/", "—", "-", "abc", "12a", "1,2,3", "12,50", "1.2.3", "12.", "--1", "1e5",
        "三分之", "分之二", "零分之一", "12 人和 13 人", "约", "余", "万", "#REF!", "=1+1", "2014-09-30", "1/2",
        float("nan"), float("inf"), LARGEST, "9" * 30,
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(cell: object) -> None:
    assert read_number(cell) is None


@given(
    st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, allow_infinity=False, places=3),
    st.booleans(),
    st.booleans(),
)
def test_a_printed_number_reads_back_equal(value: Decimal, separators: bool, full_width: bool) -> None:
    text = f"{value:,f}" if separators else f"{value:f}"
    number = read_number(text.translate(FULL_WIDTH) if full_width else text)
    assert number is not None
    assert (number.value, number.qualifier, number.decimals) == (value, "exact", 3)


@settings(deadline=None)
@given(
    st.text(max_size=12) | st.text(alphabet="约超过不少于余多以上%‰万亿百千一二十两零分之0123456789.,-", max_size=10)
)
def test_no_text_breaks_the_reader(text: str) -> None:
    number = read_number(text)
    assert number is None or abs(number.value) < LARGEST


@pytest.mark.parametrize(
    ("text", "unit"),
    [("万人", (10_000, "人")), ("亿元", (10**8, "元")), ("千公顷", (1000, "公顷")), ("人次", (1, "人次")),
     ("(万元)", (10_000, "元")), ("万", (10_000, "")), ("", (1, "")), (None, (1, "")), ("百分比", (100, "分比"))],
)  # fmt: skip
def test_a_unit_is_a_power_and_a_label(text: str | None, unit: tuple[int, str]) -> None:
    assert read_unit(text) == unit


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.956, "0.00%", "95.60%"),
        (0.956, "0%", "96%"),
        (0.125, "0.0%", "12.5%"),
        (0.00125, "0.0%", "0.1%"),
        (0.0015, "0.0%", "0.2%"),
        (2.675, "0.00", "2.68"),
        (1234.5, "#,##0.0", "1234.5"),
        (8.3, "General", "8.3"),
        (68.0, "General", "68"),
        (8.3, "0.0;[Red]-0.0", "8.3"),
        (8.3, "# ?/?", "8.3"),
    ],
)
def test_a_number_shows_as_its_format_prints_it(value: float, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize("text", ["七八", "二三十", "十七八", "三四百", "两三千"])
def test_two_numbers_said_in_one_breath_are_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("二十三", 23), ("一二〇", 120), ("一百零五", 105), ("两百", 200), ("二〇一四", 2014)]
)
def test_chinese_numbers_are_read(text: str, value: int) -> None:
    found = read_number(text)
    assert found is not None
    assert found.value == value
