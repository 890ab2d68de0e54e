"""The checks of a form as formulas: which of the catalog's rules a row can break, and how they are written."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Compare, Term
from pipelines.intake.template_checks import Check, checks, codes, legend
from pipelines.settings import SHIPPED_CATALOG

CATALOG = load_catalog(SHIPPED_CATALOG)
ONE = Decimal(1)


def check(operator: str, tolerance: str = "0", constant: str = "0") -> str:
    made = Check("r", "error", ((("a", ""), ONE),), operator, ((("b", "x"), Decimal("0.5")),), Decimal(constant),
                 Decimal(tolerance))  # fmt: skip
    return made.holds({("a", ""): "C6", ("b", "x"): "D6"}.__getitem__).split("<0,")[1][:-1]


def test_each_operator_with_its_tolerance_and_constant() -> None:
    assert check("<=") == "C6<=0.5*D6"
    assert check(">=", "2") == "C6>=0.5*D6-2"
    assert check("<", "2", "10") == "C6<0.5*D6+10+2"
    assert check(">") == "C6>0.5*D6"
    assert check("=") == "C6=0.5*D6"
    assert check("=", "0.5") == "ABS(C6-(0.5*D6))<=0.5"


def test_a_row_is_held_to_the_rules_of_its_level_that_it_can_break_alone() -> None:
    form = CATALOG.forms["mch_village_month"]
    village = {one.name: one.severity for one in checks(form, CATALOG, "village")}
    assert village["活产数 ≥ 新生儿访视人数"] == "question"
    elements = {item.element for item in form.items}
    assert all({key[0] for key in one.keys} <= elements for one in checks(form, CATALOG, "village"))
    for rule in CATALOG.rules.values():
        if isinstance(rule, Compare) and any(t.period != "same" for t in (*rule.left, *rule.right)):
            assert rule.zh not in village


def test_declared_totals_are_checks_and_alternative_readings_are_not() -> None:
    names = [one.name for one in checks(CATALOG.forms["county_mch_summary"], CATALOG, "county")]
    form = CATALOG.forms["county_mch_summary"]
    declared = [total for total in form.totals if not total.reading]
    assert len(declared) >= 3
    assert sum("各分项之和" in name for name in names) == sum(not total.zh for total in declared)


def test_figures_of_money_may_be_off_by_half_of_their_last_digit() -> None:
    rule = Compare(kind="compare", zh="甲≤乙", en="a", severity="error", document="d", op="<=",
                   left=(Term(element="delivery_subsidy"),), right=(Term(element="x"),))  # fmt: skip
    money = next(code for code, one in CATALOG.elements.items() if not CATALOG.units[one.unit].counts)
    rule = rule.model_copy(update={"left": (Term(element=money),), "right": (Term(element=money),)})
    form = CATALOG.forms["library_summary"]
    item = form.items[0].model_copy(update={"element": money, "breakdown": ""})
    catalog = replace(CATALOG, rules={"r": rule})
    [made] = checks(form.model_copy(update={"items": (item,), "totals": ()}), catalog, "county")
    assert made.tolerance == Decimal("0.00005")


def test_codes_and_their_legend() -> None:
    form = CATALOG.forms["mch_village_month"]
    assert codes(form) == (["-1", "-2"], ["*", "/", "…", "—", "-", "–"])
    assert legend(form) == "-1 未统计,-2 未开展,* 不公布,/ 不适用"
