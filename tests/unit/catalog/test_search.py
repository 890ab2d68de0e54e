"""What a word finds in the catalog, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.search import find, sounds_like


@pytest.fixture(scope="module")
def catalog(repo_root: Path) -> Catalog:
    return load_catalog(repo_root / "catalog", repo_root / "tests" / "unit" / "catalog" / "xiping")


@pytest.mark.parametrize(
    ("word", "name", "found"),
    [
        ("zhongxing", "重性精神病", True),  # 重 is zhong or chong
        ("chongxing", "重性精神病", True),
        ("zxjsb", "重性精神病", True),
        ("zhxjsb", "重性精神病", False),  # an initial is one letter
        ("nvxing", "甲状腺筛查女性", True),
        ("lv", "住院分娩率", True),
        ("0-6", "0-6岁儿童", False),  # signs are left out of what is read
        ("06sui", "0-6岁儿童", True),
        ("fenmianlvx", "住院分娩率", False),
        ("zyfml", "住院分娩率", True),
        ("zhuyuanf", "住院分娩率", True),
        ("", "住院分娩率", True),
    ],
)
def test_a_name_is_read_in_pinyin(word: str, name: str, found: bool) -> None:
    assert sounds_like(word, name) is found


def codes(catalog: Catalog, *words: str, kinds: tuple[str, ...] = ()) -> list[str]:
    return [entry.code for entry in find(catalog, words, kinds)]


def test_the_nearest_comes_first(catalog: Catalog) -> None:
    assert codes(catalog, "活产数")[0] == "live_births"
    assert codes(catalog, "live_births")[0] == "live_births"
    found = codes(catalog, "产妇数", kinds=("element",))
    assert found[0] == "women_delivered"
    assert "pregnant_and_delivered_women" in found


def test_every_word_must_be_found(catalog: Catalog) -> None:
    assert codes(catalog, "甲状腺", "mch") == []
    assert set(codes(catalog, "甲状腺", "率", kinds=("indicator",))) == {
        "thyroid_screening_rate", "thyroid_detection_rate", "thyroid_care_rate", "thyroid_awareness_rate",
    }  # fmt: skip


def test_an_element_is_found_by_the_label_on_the_return(catalog: Catalog) -> None:
    assert codes(catalog, "应筛查人数", kinds=("element",)) == ["thyroid_due"]
    assert "thyroid_under_care" in codes(catalog, "在管人数", kinds=("element",))


def test_a_document_is_found_by_its_number_and_an_organisation_by_its_alias(catalog: Catalog) -> None:
    number = "国办发〔2015〕86号"
    named = ["service_domains_state_council", "service_types_state_council"]  # after it
    assert codes(catalog, number) == ["state_council_2015_86", *named]
    assert codes(catalog, number, kinds=("document",)) == ["state_council_2015_86"]
    assert codes(catalog, "乙乡", kinds=("org",)) == ["411721102000"]
    assert codes(catalog, "jiazhenweisheng", kinds=("org",)) == ["411721101000-health-centre"]


def test_a_target_and_a_return_owed_are_named_for_people(catalog: Catalog) -> None:
    [target] = find(catalog, ("xiping_2023_screening",))
    assert target.zh == "西平县 甲状腺筛查率 >= 85%(2023-01-01 – 2024-01-01)"
    [owed] = find(catalog, ("thyroid_summary_2023",), ("roster",))
    assert (owed.zh, owed.en) == ("甲状腺筛查情况表:西平县(2023)", "Thyroid screening, summary: 西平县 (2023)")
