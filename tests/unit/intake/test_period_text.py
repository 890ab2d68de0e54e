"""Periods as clerks write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalog.periods import parse_code
from pipelines.intake.period_text import read_period


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2011年", "2011"),
        ("2011年度", "2011"),
        ("2011", "2011"),
        ("\uff12\uff10\uff11\uff11年", "2011"),
        ("2011年全年", "2011"),
        ("二〇一四年", "2014"),
        ("二○一四年", None),
        ("二零一四年", "2014"),
        ("2014年上半年", "2014H1"),
        ("2014年下半年", "2014H2"),
        ("2015年1-6月", "2015H1"),
        ("2014年第一季度", "2014Q1"),
        ("2014年4季度", "2014Q4"),
        ("2014年第3季", "2014Q3"),
        ("2014年9月", "2014-09"),
        ("2014年9月份", "2014-09"),
        ("二〇一四年九月", "2014-09"),
        ("二〇一四年十月", "2014-10"),
        ("二〇一四年十一月", "2014-11"),
        ("二〇一四年十二月", "2014-12"),
        ("2014年1—9月", "2014-01-01/2014-09-30"),
        ("2014年1月至9月", "2014-01-01/2014-09-30"),
        ("2013年10月—2014年9月", "M2014"),
        ("2014年9月上旬", "2014-09-T1"),
        ("2014年9月中旬", "2014-09-T2"),
        ("2014年2月下旬", "2014-02-T3"),
        ("截至2011年9月30日", "2011-09-30"),
        ("截止2011年9月底", "2011-09-30"),
        ("截至到2012年2月末", "2012-02-29"),
        ("至2011年9月30日止", "2011-09-30"),
        ("2011年10月15日—27日", "2011-10-15/2011-10-27"),
        ("2011年10月15日至11月2日", "2011-10-15/2011-11-02"),
        ("2011年12月30日—2012年1月2日", "2011-12-30/2012-01-02"),
        ("2011年10月15日", "2011-10-15/2011-10-15"),
        ("2016—2020年", "2016/2020"),
        ("2016年至2020年", "2016/2020"),
        (" 2014 年 9 月 ", "2014-09"),
        ("2014-09", "2014-09"),
        ("2014Q3", "2014Q3"),
        ("M2014Q1", "2013Q4"),
        ("2014-09-30", "2014-09-30"),
    ],
)
def test_a_period_is_read_with_its_year(text: str, code: str | None) -> None:
    period = read_period(text)
    assert (period and period.code) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("截至9月30日", "2011-09-30"),
        ("截至9月底", "2011-09-30"),
        ("上半年", "2011H1"),
        ("下半年", "2011H2"),
        ("第三季度", "2011Q3"),
        ("九月", "2011-09"),
        ("1—9月", "2011-01-01/2011-09-30"),
        ("9月中旬", "2011-09-T2"),
        ("10月15日—27日", "2011-10-15/2011-10-27"),
        ("全年", "2011"),
    ],
)
def test_a_period_without_a_year_takes_that_of_its_table(text: str, code: str) -> None:
    period = read_period(text, parse_code("2011"))
    assert period is not None
    assert period.code == code


@pytest.mark.parametrize("text", ["上半年", "九月", "截至9月30日", "10月15日—27日", "1—9月", "全年"])
def test_a_period_without_any_year_is_none(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "", None, "无", "本年", "2011年9月31日", "截至2011年2月30日", "2011年13月", "2011年0月", "截至2011年13月底",
        "2011年第五季度", "2011年9月—3月", "2011年10月27日—15日", "2011年1月32日", "2020—2016年", "0000",
        "2011年度工作",
    ],
)  # fmt: skip
def test_what_names_no_period_is_none(text: str | None) -> None:
    assert read_period(text, parse_code("2014")) is None


@given(
    st.text(max_size=15) | st.text(alphabet="0123456789年月日上中下半旬季度第截至止底末—-~/一二三十〇MHQT", max_size=14)
)
def test_no_text_breaks_the_reader(text: str) -> None:
    period = read_period(text, parse_code("2014"))
    assert period is None or period.start <= period.end
