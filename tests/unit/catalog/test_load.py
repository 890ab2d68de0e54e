"""A catalog's mistakes are named with file and line, all at once; a site's entries lie over the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.errors import CatalogError

GOOD = {
    "domains.yaml": "other: {zh: 其他, en: other}\nmch: {zh: 妇幼, en: mch}\n",
    "units.yaml": "persons: {zh: 人, en: persons, labels: [人]}\n",
    "documents.yaml": "survey: {title: 调查制度}\n",
    "standards.yaml": "old: {zh: 旧, en: old}\nnew: {zh: 新, en: new}\n",
    "codes.yaml": "sex: {zh: 性别, en: sex, codes: {male: {zh: 男, en: male}}}\n",
    "elements/other.yaml": (
        "births: {zh: 活产, en: births, unit: persons, kind: flow}\n"
        "women: {zh: 产妇, en: women, unit: persons, kind: flow}\n"
    ),
    "indicators/other.yaml": (
        "share:\n"
        "  zh: 率\n"
        "  en: share\n"
        "  unit: percent\n"
        "  editions:\n"
        "    - {standard: old, edition: a, valid_to: 2010-01-01, type: proportion, numerator: [women],"
        " denominator: [births], document: survey}\n"
        "    - {standard: old, edition: b, valid_from: 2010-01-01, type: proportion, numerator: [women],"
        " denominator: [births], document: survey}\n"
    ),
    "forms/monthly.yaml": (
        "monthly:\n"
        "  zh: 月报\n"
        "  en: monthly\n"
        "  domain: other\n"
        "  recognise: {title: 月报}\n"
        "  columns: {item: [指标], value: [数值]}\n"
        "  items:\n"
        "    - {element: births, labels: [活产数]}\n"
        "    - {element: women, labels: [产妇数]}\n"
        "  claims:\n"
        "    - {indicator: share, labels: [率]}\n"
        "  totals:\n"
        "    - {total: births, partition: by_woman, parts: [women]}\n"
    ),
    "rules.yaml": "more: {kind: compare, zh: 多, en: more, left: [births], op: '>=', right: [women], severity: error,"
    " document: survey}\n",
    "targets.yaml": "aim: {indicator: share, valid_from: 2011-01-01, valid_to: 2012-01-01, comparator: '>=', value: 80,"
    " unit: percent, document: survey}\n",
    "roster.yaml": "owed: {form: monthly, unit: x-a, periods: ['2011']}\n",
    "orgs.csv": "code,name,level,parent,aliases\nx-a,甲县,county,,\nx-b,乙镇,township,x-a,乙;乙乡\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def mistakes_of(folder: Path) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_a_catalog_without_mistakes_is_read_whole(tmp_path: Path) -> None:
    catalog = load_catalog(write(tmp_path, GOOD))
    assert [*catalog.elements, *catalog.orgs, *catalog.rules] == ["births", "women", "x-a", "x-b", "more"]
    assert catalog.elements["births"].domain == "other"
    assert catalog.orgs["x-b"].aliases == ("乙", "乙乡")
    assert catalog.places["elements/women"].endswith("elements/other.yaml:2")


MISTAKES = [
    ("elements/other.yaml:2", "women", "unit: persons, kind: flow}\n", "unit: heads, kind: flow}\n", "heads"),
    ("elements/other.yaml:1", "births", "kind: flow}\nwomen", "kind: flow, breakdowns: [age]}\nwomen", "age"),
    ("elements/other.yaml:1", "births", "kind: flow}\nwomen", "kind: often}\nwomen", "kind"),
    ("elements/other.yaml:1", "births", "kind: flow}\nwomen", "kind: flow, colour: red}\nwomen", "colour"),
    ("indicators/other.yaml:6", "share", "numerator: [women]", "numerator: [men]", "men"),
    ("indicators/other.yaml:7", "share", "standard: old, edition: b", "standard: older, edition: b", "older"),
    ("indicators/other.yaml:6", "share", "document: survey}\n    - ", "document: letter}\n    - ", "letter"),
    ("indicators/other.yaml:7", "share", "valid_from: 2010-01-01", "valid_from: 2009-12-31", "overlap"),
    ("indicators/other.yaml:7", "share", "valid_from: 2010-01-01, ", "", "overlap"),
    ("indicators/other.yaml:6", "share", "[births]", "[{element: births, breakdown: female}]", "female"),
    ("forms/monthly.yaml:9", "monthly", "element: women, labels: [产妇数]", "element: men, labels: [产妇数]", "men"),
    ("forms/monthly.yaml:9", "monthly", "labels: [产妇数]", "labels: [产妇数, 活产数]", "活产数"),
    ("forms/monthly.yaml:11", "monthly", "indicator: share", "indicator: rate", "rate"),
    ("forms/monthly.yaml:13", "monthly", "parts: [women]", "parts: [men]", "men"),
    ("forms/monthly.yaml:12", "monthly", "    - {element: births, labels: [活产数]}\n", "", "births"),
    ("forms/monthly.yaml:9", "monthly", "element: women,", "element: women, breakdown: female,", "female"),
    ("rules.yaml:1", "more", "right: [women]", "right: [men]", "men"),
    ("rules.yaml:1", "more", "document: survey", "document: letter", "letter"),
    ("targets.yaml:1", "aim", "indicator: share", "indicator: rate", "rate"),
    ("targets.yaml:1", "aim", "document: survey", "document: letter", "letter"),
    ("targets.yaml:1", "aim", "value: 80", "value: many", "value"),
    ("roster.yaml:1", "owed", "form: monthly", "form: weekly", "weekly"),
    ("orgs.csv:3", "x-b", "township,x-a", "township,x-c", "x-c"),
    ("orgs.csv:3", "level", "township", "hamlet", "level"),
    ("orgs.csv:2", "code", "x-a,甲县", "甲,甲县", "code"),
    ("units.yaml:2", "persons", "[人]}\n", "[人]}\npersons: {zh: 人, en: persons}\n", "twice"),
    ("units.yaml:1", "does not hold codes", "persons: {zh: 人, en: persons, labels: [人]}", "- persons", "编码"),
    ("units.yaml:2", "YAML", "[人]}\n", "[人]\nx: {\n", "YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "entry", "good", "bad", "word"), MISTAKES, ids=[f"{m[0]}-{m[4]}" for m in MISTAKES])
def test_a_mistake_is_named_with_file_and_line(
    place: str, entry: str, good: str, bad: str, word: str, tmp_path: Path
) -> None:
    name = place.split(":")[0]
    assert good in GOOD[name]
    write(tmp_path, {**GOOD, name: GOOD[name].replace(good, bad)})
    told = [mistake for mistake in mistakes_of(tmp_path) if mistake.startswith(f"{tmp_path / place}:")]
    assert told
    assert any(entry in mistake and word in mistake for mistake in told)


def test_mistakes_of_many_files_are_named_all_at_once(tmp_path: Path) -> None:
    independent = [m for m in MISTAKES if m[0] in ("rules.yaml:1", "roster.yaml:1", "targets.yaml:1")]
    files = dict(GOOD)
    for place, _, good, bad, _ in independent:
        name = place.split(":")[0]
        files[name] = files[name].replace(good, bad)
    write(tmp_path, files)
    assert len(mistakes_of(tmp_path)) == 4  # a value that is no number hides its own entry's references


def test_the_message_counts_its_mistakes_in_both_languages(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "roster.yaml": GOOD["roster.yaml"].replace("monthly", "weekly")})
    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path)
    assert caught.value.zh.startswith("目录中有 1 处错误")
    assert caught.value.en.startswith("1 mistake(s)")


def laid_over(tmp_path: Path, site: dict[str, str]) -> Catalog:
    return load_catalog(write(tmp_path / "shipped", GOOD), write(tmp_path / "site", site))


def test_a_sites_entry_replaces_the_shipped_one_and_the_others_stay(tmp_path: Path) -> None:
    catalog = laid_over(
        tmp_path, {"elements/other.yaml": "births: {zh: 出生, en: births alive, unit: persons, kind: stock}\n"}
    )
    assert (catalog.elements["births"].zh, catalog.elements["births"].kind) == ("出生", "stock")
    assert catalog.elements["women"].zh == "产妇"
    assert catalog.places["elements/births"] == f"{tmp_path / 'site' / 'elements/other.yaml'}:1"


def test_a_mistake_of_a_sites_entry_is_named_in_the_sites_file(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        laid_over(tmp_path, {"roster.yaml": "\nowed: {form: weekly, unit: x-a, periods: ['2011']}\n"})
    [mistake] = caught.value.mistakes
    assert mistake.place == f"{tmp_path / 'site' / 'roster.yaml'}:2"


def test_a_sites_entry_mends_a_shipped_mistake(tmp_path: Path) -> None:
    shipped = write(tmp_path / "shipped", {**GOOD, "roster.yaml": GOOD["roster.yaml"].replace("monthly", "weekly")})
    site = write(tmp_path / "site", {"roster.yaml": GOOD["roster.yaml"]})
    assert load_catalog(shipped, site).roster["owed"].form == "monthly"


SYNTHETIC = "code,name,level,parent,synthetic\nx-a,甲县,county,,\nx-d,丁县,county,,true\nx-e,戊镇,township,x-d,true\n"


def test_a_register_says_which_organisations_are_synthetic(tmp_path: Path) -> None:
    orgs = laid_over(tmp_path, {"orgs.csv": SYNTHETIC}).orgs
    assert {code for code, org in orgs.items() if org.synthetic} == {"x-d", "x-e"}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_the_digest_of_a_catalog_changes_with_every_file(name: str, tmp_path: Path) -> None:
    before = load_catalog(write(tmp_path / "before", GOOD)).sha256
    assert load_catalog(write(tmp_path / "same", GOOD)).sha256 == before
    mark = "\nx-z,丙镇,township,x-a,\n" if name.endswith("csv") else "\n# changed\n"
    assert load_catalog(write(tmp_path / "after", {**GOOD, name: GOOD[name].rstrip("\n") + mark})).sha256 != before


def test_the_shipped_catalog_has_no_mistakes(repo_root: Path) -> None:
    catalog = load_catalog(repo_root / "catalog")
    assert len(catalog.elements) > 300
    assert len(catalog.forms) == 15 + 29 + 2  # of the reports and villages, official ones, data values and recounts


def test_what_others_identifiers_mean_must_be_there(tmp_path: Path) -> None:
    entry = (
        "province: {zh: 省, en: p, elements: {aaa: birth, bbb: 'births[green]'}, orgs: {ccc: nobody}, "
        "forms: {d: none_such}}\n"
    )
    found = mistakes_of(write(tmp_path, {**GOOD, "exchange/province.yaml": entry}))
    assert len(found) == 4
    assert all(f"{tmp_path / 'exchange' / 'province.yaml'}:1" in mistake for mistake in found)
    assert any("birth" in mistake and "births" in mistake for mistake in found)


def test_an_entry_that_stands_in_two_files_of_a_folder_is_a_mistake(tmp_path: Path) -> None:
    again = "births: {zh: 出生, en: births, unit: persons, kind: stock}\n"
    [mistake] = mistakes_of(write(tmp_path, {**GOOD, "elements/mch.yaml": again}))
    assert "births" in mistake


def test_an_organisation_that_stands_twice_is_a_mistake(tmp_path: Path) -> None:
    [mistake] = mistakes_of(write(tmp_path, {**GOOD, "orgs.csv": GOOD["orgs.csv"] + "x-b,丙镇,township,x-a,\n"}))
    assert mistake.startswith(f"{tmp_path / 'orgs.csv'}:4:")


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("indicators/other.yaml", "edition: b", "edition: a"),
        (
            "forms/monthly.yaml",
            "parts: [women]}\n",
            "parts: [women]}\n    - {total: births, partition: by_woman, parts: [births]}\n",
        ),
        (
            "codes.yaml",
            "male: {zh: 男, en: male}}}\n",
            "male: {zh: 男, en: male}}}\nsex2: {zh: 性, en: s, codes: {male: {zh: 男, en: m}}}\n",
        ),
        ("rules.yaml", "left: [births]", "left: [births, births]"),
    ],
    ids=["edition", "partition", "breakdown", "term"],
)
def test_what_the_warehouse_keeps_once_may_stand_once(name: str, good: str, bad: str, tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, name: GOOD[name].replace(good, bad)})
    assert mistakes_of(tmp_path)
