"""What the page of an indicator is asked for: the indicator, its definition, the basis, the units beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboards.rate_columns import BASES
from dashboards.reader import Key
from dashboards.visit import ORG_KEY, Visit
from pipelines.catalog.wording import Words
from pipelines.errors import TaizhangError

BESIDE = ("beside_first", "beside_second", "beside_third", "beside_fourth")
MOST_COMPARED = len(BESIDE)  # more lines in one chart are told apart by nobody
MOST_PERIODS = 60  # of one unit in the trend; fewer where several are compared
SORTS = ("value", "value_up", "name", "coverage")


@dataclass(frozen=True)
class Asked:
    """What the cards of the page share.

    Attributes:
        visit: address, release, unit and period.
        indicator: a row of indicator/indicator.sql.
        beside: the units that are compared with the one shown, rows of indicator/units.sql.
        standard: the standard that is chosen; '' for the default.
        edition: the edition of it; '' for the one in force.
    """

    visit: Visit
    indicator: dict[str, Any]
    beside: list[dict[str, Any]]
    standard: str = ""
    edition: str = ""

    @property
    def name(self) -> Words:
        """The indicator's name."""
        return Words(self.indicator["name_zh"], self.indicator["name_en"])

    @property
    def sort(self) -> str:
        """How the units below are ordered."""
        asked = self.visit.view.get("sort")
        return asked if asked in SORTS else SORTS[0]

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the page's queries."""
        visit = self.visit
        keys: list[int] = [Key(row["org_key"], ORG_KEY, row["org_code"]) for row in self.beside]
        return {
            **visit.chosen,
            **dict(zip(BESIDE, keys + [-1] * MOST_COMPARED, strict=False)),
            "standard": self.standard,
            "edition": self.edition,
            "indicator": self.indicator["indicator_code"],
            "basis": basis(visit),
            "kind": visit.period["period_kind"] if visit.period else "",
            "units": ",".join([visit.org_code, *(row["org_code"] for row in self.beside)]),
            "sort": self.sort,
            "most": MOST_PERIODS // (1 + len(self.beside)),
        }

    def href(self, page: str | None = None, **changes: str | None) -> str:
        """An address from here that names the indicator."""
        return self.visit.href(page, **{"indicator": self.indicator["indicator_code"], **changes})


def asked(visit: Visit) -> Asked:
    """What an address asks for.

    Raises:
        TaizhangError: there is no such indicator, or none at all in this release.
    """
    code = visit.view.get("indicator") or indicator_code(visit)
    found = visit.reader.rows("indicator/indicator", indicator=code)
    if not found:
        raise _unknown(code)
    beside = visit.reader.rows("indicator/units", units=visit.view.get("with")) if visit.view.get("with") else []
    beside = [row for row in beside if row["org_code"] != visit.org_code][:MOST_COMPARED]
    return Asked(visit, found[0], beside, *_definition(visit, code))


def _definition(visit: Visit, code: str) -> tuple[str, str]:
    """Standard and edition; what this indicator does not have is not asked for: a box may still hold it."""
    known = visit.reader.frame("indicator/editions", indicator=code, **visit.chosen)
    standard, edition = visit.view.get("standard"), visit.view.get("edition")
    standard = standard if standard in known["standard"] else ""
    dated = known.filter((known["standard"] == standard) | (standard == ""))
    return standard, edition if edition in dated["edition"] else ""


def indicator_code(visit: Visit) -> str:
    """The indicator that a unit is shown with where the address names none; '' where the release has no figure."""
    own = visit.reader.rows("indicator/start", **visit.chosen)
    return next((row["indicator_code"] for row in [*own, *visit.reader.rows("indicator/options")]), "")


def basis(visit: Visit) -> str:
    """'own', 'rolled_up', or '' for both."""
    return visit.view.get("basis") if visit.view.get("basis") in BASES else ""


def _unknown(code: str) -> TaizhangError:
    if not code:
        return TaizhangError(
            "本次发布里还没有算出任何指标。", "This release has no figure of any indicator yet.",
            remedy_zh="先看总览:哪些报表收到了,哪些还没有。",
            remedy_en="see the overview: which returns came and which did not.",
        )  # fmt: skip
    return TaizhangError(
        f"没有代码为“{code}”的指标。", f"There is no indicator with the code {code!r}.",
        remedy_zh="回到首页,从指标的名称点进来;所有指标见 taizhang catalog list。",
        remedy_en="go back to the first page and follow the name of an indicator; taizhang catalog list shows all.",
    )  # fmt: skip
