"""docs/coverage.md: what became of each thing that the shipped reports ask of a warehouse, from docs/coverage.yaml."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import CHECKOUT

FILE = CHECKOUT / "docs" / "coverage.yaml"
STATES = {"served": "已做 served", "planned": "待做 planned", "out_of_scope": "不做 out of scope"}
AREAS = {"A": "层级与报送 Levels and reporting", "B": "目录与基础数据 Reference data", "C": "法律服务 Legal services",
         "D": "考评与监督 Assessment and supervision", "E": "公共卫生 Public health",
         "F": "妇幼保健 Maternal and child health", "G": "计划生育 Family planning",
         "H": "保险与灾害 Insurance and disaster", "I": "图书馆 Libraries", "J": "数据质量 Data quality"}  # fmt: skip


def features(file: Path = FILE) -> dict[str, dict[str, Any]]:
    """Every feature by its code: zh, en, state, by, note_zh, note_en."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def coverage_page() -> str:
    """The page."""
    found = features()
    counts = Counter(feature["state"] for feature in found.values())
    lines = ["# Coverage 覆盖", "", "<!-- made by tools/make_docs.py from coverage.yaml; do not edit -->", ""]
    lines += ["What the shipped reports and plans ask of a warehouse. 随附的报告和计划对数据仓库提出的要求。", ""]
    lines += [", ".join(f"{words}: {counts[state]}" for state, words in STATES.items()), ""]
    for letter, area in AREAS.items():
        lines += [
            f"## {letter} {area}",
            "",
            "| | 要求 | what | 状态 state | 由 by | 说明 note |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_row(code, feature) for code, feature in found.items() if code.startswith(letter)] + [""]
    return "\n".join(lines)


def _row(code: str, feature: dict[str, Any]) -> str:
    by = ", ".join(map(link, feature.get("by", ())))
    note = "<br>".join(filter(None, (feature.get("note_zh"), feature.get("note_en"))))
    return f"| {code} | {feature['zh']} | {feature['en']} | {STATES[feature['state']]} | {by} | {note} |"


def link(name: str) -> str:
    """A link from docs/coverage.md to what serves a feature.

    >>> link("table core.fact"), link("forms/x"), link("rules/y")
    ('[core.fact](tables/core.fact.md)', '[x](forms/x.md)', '[y](catalog/rules.md#y)')
    """
    what, _, rest = name.partition(" ")
    if what == "table":
        return f"[{rest}](tables/{rest}.md)"
    if what == "command":
        return f"`taizhang {rest}`"
    if what == "page":
        return f"[{Path(rest).stem}]({rest.removeprefix('docs/')})"
    kind, _, code = name.partition("/")
    return f"[{code}]({kind}/{code}.md)" if kind in ("forms", "indicators") else f"[{code}](catalog/{kind}.md#{code})"
