"""One visit of a page: its address, the release, and the unit and period that the address means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dashboards.address import Lang, View
from dashboards.reader import Key, Reader
from pipelines.catalog.wording import Words
from pipelines.errors import TaizhangError

KINDS = ("year", "mch_year", "half_year", "mch_half_year", "quarter", "month", "ten_days")
NOBODY: dict[str, Any] = {"org_key": -1, "org_level": "", "parent_code": None}  # a release without a figure
ORG_KEY = "select org_key from core.org_unit where org_code = ?"
PERIOD_KEY = "select period_key from core.period where period_code = ?"
CHILD_KEY = "select {}(org_key) from core.org_unit where parent_code = ?"


@dataclass(frozen=True)
class Visit:
    """What a page is drawn from.

    Attributes:
        view: the address.
        reader: the release.
        path: the units from the highest to the one that is shown, rows of shell/path.sql; empty where a release has
            no figure at all.
        period: the period shown, a row of shell/periods.sql; None where the unit has no figure.
        periods: those that can be chosen.
    """

    view: View
    reader: Reader
    path: list[dict[str, Any]]
    period: dict[str, Any] | None
    periods: list[dict[str, Any]]

    @property
    def lang(self) -> Lang:
        """The language."""
        return self.view.lang

    @property
    def org(self) -> dict[str, Any] | None:
        """The unit that is shown."""
        return self.path[-1] if self.path else None

    @property
    def org_code(self) -> str:
        """Its code; '' where there is none."""
        return str(self.path[-1]["org_code"]) if self.path else ""

    @property
    def period_code(self) -> str:
        """The period's code; '' where there is none."""
        return str(self.period["period_code"]) if self.period else ""

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What queries share.

        org, period (codes), org_key, period_key; start, end (days of the period, ISO); level, above, is_top (nothing
        is above); the first and last key of the units directly below and of those beside, which limit what is read.
        """
        start, end = (
            str(self.period[name]) if self.period else "1900-01-01" for name in ("period_start", "period_end")
        )
        unit = self.org or NOBODY
        period_key = Key(self.period["period_key"], PERIOD_KEY, self.period_code) if self.period else -1
        return {
            "org": self.org_code,
            "period": self.period_code,
            "org_key": Key(unit["org_key"], ORG_KEY, self.org_code),
            "period_key": period_key,
            "start": start,
            "end": end,
            "level": unit["org_level"],
            "above": unit["parent_code"],
            "is_top": len(self.path) == 1,
            **_span(self.reader, "below", self.org_code),
            **_span(self.reader, "beside", unit["parent_code"] or ""),
        }

    def say(self, words: Words) -> str:
        """The words in the visitor's language."""
        return words.en if self.lang == "en" else words.zh

    def t(self, zh: str, en: str) -> str:
        """The text in the visitor's language."""
        return en if self.lang == "en" else zh

    def name_of(self, row: dict[str, Any], stem: str) -> str:
        """A name that a row holds in both languages, as `<stem>_zh` and `<stem>_en`."""
        return str(row[f"{stem}_{self.lang}"] or row[f"{stem}_zh"] or "")

    def href(self, page: str | None = None, **changes: str | None) -> str:
        """An address from here, with the unit and the period that are shown."""
        return self.view.href(page, **{"org": self.org_code, "period": self.period_code, **changes})


def _span(reader: Reader, where: str, above: str) -> dict[str, Key]:
    """The first and the last key of the units directly below one; nothing lies between where there are none."""
    keys = reader.frame("shell/children", org=above)["org_key"]
    bounds: dict[str, Any] = {"first": keys.min(), "last": keys.max()}
    return {
        f"{name}_{where}": Key(-1 if key is None else key, CHILD_KEY.format("min" if name == "first" else "max"), above)
        for name, key in bounds.items()
    }


def visit(view: View, reader: Reader) -> Visit:
    """Finds the unit and the period that an address means, or those to begin with.

    Raises:
        TaizhangError: there is no such unit, or no such period.
    """
    code = view.get("org") or next((row["org_code"] for row in reader.rows("shell/start")), "")
    path = reader.rows("shell/path", org=code) if code else []
    if code and not path:
        raise TaizhangError(
            f"没有代码为“{code}”的单位。", f"There is no unit with the code {code!r}.",
            remedy_zh="从上面的“单位”框按名称查找,或回到首页。",
            remedy_en="look it up by name in the box “Unit” above, or go back to the first page.",
        )  # fmt: skip
    periods = reader.rows("shell/periods", org_key=path[-1]["org_key"]) if code else []
    return Visit(view, reader, path, _period(view.get("period"), reader, periods), periods)


def _period(code: str, reader: Reader, periods: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The period of a code, or the newest that is not ahead of the newest stated one."""
    if code:
        found = period_of(code, reader)
        if found is None:
            raise TaizhangError(
                f"没有代码为“{code}”的时期。", f"There is no period {code!r}.",
                remedy_zh="写成 2014、2014Q3、2014-09 或 M2014(妇幼年度),或从“时期”框里选。",
                remedy_en="write 2014, 2014Q3, 2014-09 or M2014 (maternal and child health year), or choose it from "
                "the box “Period”.",
            )  # fmt: skip
        return found
    stated = [row["period_end"] for row in periods if row["is_stated"]]
    return next((row for row in periods if not stated or row["period_end"] <= max(stated)), None)


def period_of(code: str, reader: Reader) -> dict[str, Any] | None:
    """The period of a code, or of another name for it; None where the release knows none."""
    calendar = reader.rows("shell/calendar")
    named = (row for row in calendar if row["period_code"] == code)
    return next(named, None) or next((row for row in calendar if code in (row["aliases"] or "").split(";")), None)
