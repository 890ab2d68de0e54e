"""The page of printed rates: verdicts, formulas in words, what is attainable, and where printed rates are."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from dashboards.cards import draw
from dashboards.drawing import BY_KEY
from dashboards.figures.claims import differences, signed
from dashboards.release_sections import formula_words as words_of_the_page
from dashboards.shell import standing
from pipelines.warehouse.release import Release
from tests.release_tables import add, add_claims
from tests.unit.dashboards.drawn import a_release, content, links, said, text

HTML = "<img src=x onerror=alert(1)>"
UNIT = "/claims?org=u1"


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """A county with three printed rates of its village u1, and a county without any."""
    found = a_release(tmp_path)
    add_claims(found.database)
    add(
        found.database,
        "core.claim",
        *({"claim_id": f"c{n}", "org_code": "u1", "period_code": "2014"} for n in (1, 2, 3)),
    )
    with duckdb.connect(str(found.database)) as con:
        for key, code, name, parent in ((1, "c", "甲县", None), (2, "u1", HTML, "c"), (3, "d", "乙县", None)):
            con.execute(
                "insert into core.org_unit values (?, ?, ?, 'county', ?, '', '', null, null, false, false, null, ?)",
                [9000 + key, code, name, parent, 9000 + key],
            )
            con.execute("insert into core.org_ancestor values (?, ?, 0, null, null)", [9000 + key, 9000 + key])
        con.execute("insert into core.org_ancestor values (9002, 9001, 1, null, null)")
        con.execute("insert into core.period values (1, '2014', '2014-01-01', '2014-12-31', 'year', false, '', null)")
        con.execute("update marts.claim_check set reported_value = replace(reported_text, '%', '')::decimal(20, 6)")
        con.execute("update marts.claim_check set numerator = 9, denominator = 16")
    return found


def test_the_sentence_counts_verdicts_and_what_no_whole_number_gives(release: Release) -> None:
    assert "印出 3 个率:无法核对 0、相符 1、截尾 1、不符 1;其中 1 个没有整数分子可得。" in said(release, UNIT)
    assert "print 3 rates: 0 not checkable, 1 reproduced, 1 truncated, 1 inconsistent; 1 of them" in said(
        release, f"{UNIT}&lang=en"
    )


def test_all_units_are_not_marked_for_the_one_that_is_chosen(release: Release) -> None:
    with duckdb.connect(str(release.database)) as con:
        con.execute("update core.org_unit set is_synthetic = true where org_code = 'u1'")
    for address, marked in ((UNIT, True), (f"{UNIT}&scope=all", False)):
        shown, page = content(release, address)
        assert ("合成数据" in text(standing(shown, BY_KEY["claims"].subject(page, shown)))) is marked


def test_units_below_belong_to_a_unit(release: Release) -> None:
    assert "甲县和它的下级的报表印出 3 个率" in said(release, "/claims?org=c")


def test_a_rate_stands_with_its_formula_in_words_counts_verdict_and_place(release: Release) -> None:
    text = said(release, UNIT, "claims")
    for word in ("57%", "56.25 % = 9 / 16", "÷", "✗ 没有整数分子可得", "甲县.xlsx › 报表 › C4", HTML):
        assert word in text
    assert "women_with_postnatal_visit" not in text


@pytest.mark.parametrize(
    ("asked", "count"),
    [("verdict=truncated", 1), ("attainable=false", 1), ("attainable=true", 2), ("attainable=unknown", 0),
     ("indicator=postnatal_visit_rate", 3), ("indicator=other", 0), ("from=900", 3)],
)  # fmt: skip
def test_the_list_is_filtered(release: Release, asked: str, count: int) -> None:
    _, page = content(release, f"{UNIT}&{asked}")
    assert page.card("claims").frame.height == count


def test_a_unit_without_printed_rates_says_where_they_are(release: Release) -> None:
    text = said(release, "/claims?org=d")
    assert "乙县(和它的下级)的报表里没有印出的率" in text
    shown, page = content(release, "/claims?org=d")
    ways = links([draw(page.card("where"), shown)])
    assert "/claims?org=d&scope=all" in ways
    assert "/claims?org=u1" in ways


def test_all_units_of_the_release_can_be_shown_from_any_unit(release: Release) -> None:
    text = said(release, "/claims?org=d&scope=all")
    assert "本发布的报表印出 3 个率" in text
    assert "只看乙县" in text


def test_a_release_without_printed_rates_says_so(tmp_path: Path) -> None:
    text = said(a_release(tmp_path), "/claims")
    assert "没有一个单位的报表印出率" in text


def test_the_chart_marks_what_is_unattainable_by_its_shape(release: Release) -> None:
    _, page = content(release, UNIT)
    figure = page.card("differences").figure
    shapes = {marks["marker"]["symbol"]: len(marks["x"]) for marks in figure["data"]}
    assert shapes == {"circle": 2, "x": 1}
    beside = [note["text"] for note in figure["layout"]["annotations"]]
    assert beside[0] == "✗ +0.75", "the largest difference comes first"
    assert set(beside[1:]) == {"✓ +0.050", "✂ −0.050"}
    assert "<img" not in figure["data"][0]["hovertext"][0]
    assert figure["data"][0]["customdata"][0].startswith("/indicator?indicator=postnatal_visit_rate")


def test_a_rate_that_cannot_be_recomputed_is_not_drawn(release: Release) -> None:
    with duckdb.connect(str(release.database)) as con:
        con.execute("update marts.claim_check set recomputed = null")
    assert "没有能重算的百分率" in said(release, UNIT, "differences")


def test_the_chart_of_nothing_and_of_one() -> None:
    assert differences([], "zh", lambda _: "/")["data"] == []
    assert (signed(0.00001), signed(-3.0)) == ("0", "−3.00")


def test_dashboards_and_the_page_of_a_release_say_formulas_in_the_same_words() -> None:
    from dashboards.printed_rates import formula_words

    assert words_of_the_page is formula_words


def test_numbers_at_the_lines_stay_apart_on_a_telephone(release: Release) -> None:
    """100 pixels are left for the axis there; a number takes up to 33 of them, and is never turned."""
    row = content(release, UNIT)[1].card("differences").shown.row(0, named=True)
    for differences_drawn in ((51.67, -11.03), (0.03, -0.002), (0.4,), ()):
        figure = differences([{**row, "difference": one} for one in differences_drawn], "en", lambda _: "/")
        axis = figure["layout"]["xaxis"]
        low, high = axis["range"]
        numbered = [at for at, said in zip(axis["tickvals"], axis["ticktext"], strict=True) if said]
        assert axis["tickangle"] == 0
        assert 0.0 in numbered
        assert len(numbered) > 1
        assert all(right - left >= 0.33 * (high - low) for left, right in pairwise(numbered))
        lines = axis["title"]["text"].split("<br>")
        assert max(map(len, lines)) <= 36
        assert ("lines at 0, ±0.05" in lines[-1]) is ("" in axis["ticktext"])
        assert [marks["cliponaxis"] for marks in figure["data"]] == [False] * bool(differences_drawn)
