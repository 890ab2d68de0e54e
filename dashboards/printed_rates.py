"""How printed rates, formulas and places in files are told, on the page of a release and in the dashboards."""

from __future__ import annotations

import re
from typing import Any

from dashboards import wording
from dashboards.wording import Words, words

EXPECTED = {  # where a finding itself says it in both languages
    "整数 / a whole number": Words("整数", "a whole number"),
}


def formula_words(formula: str, names: dict[str, Words]) -> Words:
    """A formula in words.

    >>> formula_words("a+b/c", {"a": Words("甲", "A"), "b": Words("乙", "B"), "c": Words("丙", "C")})
    Words(zh='(甲 + 乙) ÷ 丙', en='(A + B) ÷ C')
    """
    return Words(_formula_in(formula, names, "zh"), _formula_in(formula, names, "en"))


def _formula_in(formula: str, names: dict[str, Words], lang: str) -> str:
    def side(text: str) -> str:
        said = re.sub(r"[a-z][a-z0-9_]*", lambda code: getattr(words(names, code[0]), lang), text)
        return f"({said.replace('+', ' + ')})" if "+" in text else said

    return " ÷ ".join(side(text) for text in formula.split("/"))


def tried(row: dict[str, Any], names: dict[str, Words]) -> dict[str, Any]:
    """A formula that was tried, with its words, its editions, its counts and what it gives.

    Args:
        row: formula, editions_zh, editions_en, numerator, denominator, recomputed and verdict.
        names: what element codes mean.
    """
    return {
        **row,
        "words": formula_words(row["formula"], names),
        "editions": Words(row["editions_zh"], row["editions_en"]),
        "counts": f"{wording.number(row['numerator'])} / {wording.number(row['denominator'])}",
        "shown": wording.two_decimals(row["recomputed"]),
        "short": words(wording.SHORT_VERDICTS, row["verdict"]),
    }


def explained(verdict: str, tries: list[dict[str, Any]]) -> tuple[list[Words], bool]:
    """The editions that explain a printed rate, and whether several formulas give it so that none can be told.

    Args:
        verdict: of the printed rate.
        tries: its formulas, each with editions, explains and verdict.
    """
    several = sum(row["verdict"] == verdict for row in tries) > 1 and verdict in ("reproduced", "truncated")
    return [row["editions"] for row in tries if row["explains"]], several


def place(row: dict[str, Any]) -> str:
    """File › sheet › cells; a CSV has no sheet.

    >>> place({"filename": "a.xlsx", "sheet": "报表", "cells": "G77"})
    'a.xlsx › 报表 › G77'
    """
    return " › ".join(part for part in (row["filename"], row["sheet"], row["cells"]) if part)


def idle_zeros(text: str | None) -> str:
    """A count in a finding without the zeros of its type; a rate stays as printed.

    >>> idle_zeros("= 670.0000"), idle_zeros("95.60%")
    ('= 670', '95.60%')
    """
    return re.sub(r"(\d)\.0+(?=$|[ ,])", r"\1", text or "")


def expected(row: dict[str, Any]) -> Words:
    """What a finding says should stand there; '–' where it says nothing.

    Of a cell in quarantine that column holds the reason, which the message tells.

    >>> expected({"rule_code": "count_not_whole", "expected": "整数 / a whole number"}).en
    'a whole number'
    >>> expected({"rule_code": "total_by_kind", "expected": "= 670.0000"}).zh
    '= 670'
    """
    text = "" if row["rule_code"] == "cell_quarantined" else idle_zeros(row["expected"])
    return words(EXPECTED, text or "–")
