"""What a validation returns, without Great Expectations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from expectations.places import Place

SAMPLE_ROWS = 20


@dataclass(frozen=True)
class CheckResult:
    """One check of one table.

    `unexpected_count` says how many rows offend; `unexpected_query` gives all of them, `sample` the first 20, and
    `places` the files, sheets and cells of each of these.
    `error` says why a check could not be run (a column is missing, say); such a check has not passed.
    """

    name: str
    passed: bool
    severity: str
    observed: Any
    unexpected_count: int
    unexpected_query: str
    sample: tuple[dict[str, Any], ...]
    places: tuple[tuple[Place, ...], ...]
    meaning_zh: str
    meaning_en: str
    error: str = ""

    @property
    def blocks(self) -> bool:
        """Whether this keeps a release from being published."""
        return not self.passed and self.severity == "critical"


@dataclass(frozen=True)
class TableResult:
    """All the checks of one table; `passed` unless a critical one failed."""

    table: str
    checks: tuple[CheckResult, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether no critical check failed."""
        return not any(check.blocks for check in self.checks)

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass, of any severity."""
        return tuple(check for check in self.checks if not check.passed)
