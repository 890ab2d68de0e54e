"""Finding an organisation by the name that a return prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from pipelines.catalog.models import Org
from pipelines.intake.tables import Refusal
from pipelines.intake.text import label


class OrgIndex:
    """Organisations by code, name and alias; a name is no key, so it may lead to several."""

    def __init__(self, orgs: Mapping[str, Org]) -> None:
        self.orgs = orgs
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for org in orgs.values():
            for name in (org.name, *org.aliases):
                self._by_name[label(name)].add(org.code)

    def resolve(self, printed: str, sender: str = "") -> Org:
        """The one organisation called `printed` (a code, name, alias, or a path of names such as 中卫市柔远镇).

        `sender` (the folder's organisation code) decides between units of one name: the one below it.

        Raises:
            Refusal: unknown or ambiguous name, with the candidates.
        """
        name = label(printed)
        if name in self.orgs:
            return self.orgs[name]
        codes = self._by_name.get(name) or self._by_path(name)
        if len(codes) > 1 and sender:
            codes = {code for code in codes if sender in self.path(code)} or codes
        if len(codes) == 1:
            return self.orgs[next(iter(codes))]
        if not codes:
            raise Refusal(
                "unknown_unit",
                f"填报单位“{printed}”不在机构名册中。",
                f"The reporting unit {printed!r} is not in the register of organisations.",
                "请核对单位全称;新单位请先加入机构名册(orgs.csv)再重报。",
                "Check the full name; add a new unit to the register (orgs.csv) first, then send the file again.",
            )
        names = ", ".join(f"{code} {'/'.join(self.orgs[c].name for c in self.path(code))}" for code in sorted(codes))
        raise Refusal(
            "ambiguous_unit",
            f"名为“{printed}”的单位有 {len(codes)} 个:{names}。",
            f"{len(codes)} units are called {printed!r}: {names}.",
            "请写上级单位加本单位的全称,或填 12 位区划代码。",
            "Write the names of the units above it too, or its 12-digit code.",
        )

    def child(self, parent: str, printed: str) -> Org | None:
        """The organisation called `printed` directly below `parent`; None where there is none, or more than one."""
        name = label(printed)
        found = [code for code in self._by_name.get(name, ()) if self.orgs[code].parent == parent]
        if name in self.orgs and self.orgs[name].parent == parent:
            found = [name]
        return self.orgs[found[0]] if len(found) == 1 else None

    def path(self, code: str) -> list[str]:
        """The codes from the top of the hierarchy down to `code`."""
        path: list[str] = []
        while code and code in self.orgs and code not in path:
            path.insert(0, code)
            code = self.orgs[code].parent
        return path

    def _by_path(self, name: str) -> set[str]:
        """Units whose name ends `name` and whose ancestors' names, in order, make the rest of it."""
        found = set()
        for start in range(1, len(name) - 1):
            for code in self._by_name.get(name[start:], ()):
                rest = name[:start]
                for above in reversed(self.path(code)[:-1]):
                    rest = rest.removesuffix(label(self.orgs[above].name))
                if not rest:
                    found.add(code)
        return found
