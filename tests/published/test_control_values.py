"""The published national and provincial figures stand in the catalog as they were published, and nothing else does."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

from pipelines.catalog.load import load_catalog
from pipelines.settings import SHIPPED_CATALOG

CATALOG = load_catalog(SHIPPED_CATALOG)
UNITS = {"%": "percent", "per 1000 live births": "per_mille", "per 100000 live births": "per_100k"}
SCOPES = {"全国": "", "安徽": "340000000000"}
NAMES = {  # printed otherwise than the indicator is called
    "孕产妇住院分娩率": "hospital_delivery_rate",
    "7岁以下儿童健康管理率": "child_0_6y_management_rate",
    "12348接通率": "hotline_answer_rate",
    "12348满意度": "hotline_satisfaction_rate",
    "12348质检率": "hotline_check_rate",
}
DIFFERENCES = {  # as the reports state them: a later year's figure and how much it is above this one
    ("maternal_system_management_rate", "1996"): ("94.5", "29.0"),
    ("antenatal_care_rate", "1996"): ("98.2", "14.5"),
    ("hospital_delivery_rate", "1996"): ("99.95", "39.25"),
    ("postnatal_visit_rate", "1996"): ("97.0", "16.9"),
    ("maternal_system_management_rate", "2010"): ("89.6", "5.5"),
    ("hospital_delivery_rate", "2010"): ("99.9", "2.1"),
}


def test_every_published_figure_is_in_the_catalog() -> None:
    called = {indicator.zh: code for code, indicator in CATALOG.indicators.items()} | NAMES
    with (Path(__file__).parent / "control_values.csv").open(encoding="utf-8", newline="") as file:
        published = Counter(
            (
                called[row["indicator_zh"]],
                SCOPES[row["scope"]],
                row["period"],
                Decimal(row["value"]),
                UNITS[row["unit"]],
            )
            for row in csv.DictReader(file)
        )
    published["maternal_mortality_ratio", "", "2010", Decimal(30), "per_100k"] += 1  # the base of a change
    printed = Counter(
        (one.indicator, one.scope, one.period, one.value, one.unit)
        for one in CATALOG.control_values.values()
        if one.evidence == "printed"
    )
    assert printed == published
    assert sum(printed.values()) == 32


def test_what_is_derived_is_a_later_figure_less_the_stated_difference() -> None:
    derived = {
        (one.indicator, one.period): one.value for one in CATALOG.control_values.values() if one.evidence == "derived"
    }
    assert derived == {key: Decimal(later) - Decimal(more) for key, (later, more) in DIFFERENCES.items()}
