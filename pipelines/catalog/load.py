"""Reading catalog/ and a site's additions into one `Catalog`; every mistake named at once, with file and line."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from pipelines.catalog import models as m
from pipelines.catalog.check import cross_check
from pipelines.catalog.mistakes import line_of, told
from pipelines.errors import CatalogError

FOLDERS: dict[str, TypeAdapter[Any]] = {
    "units": TypeAdapter(m.Unit),
    "codes": TypeAdapter(m.CodeList),
    "elements": TypeAdapter(m.Element),
    "indicators": TypeAdapter(m.Indicator),
    "forms": TypeAdapter(m.Form),
    "roster": TypeAdapter(m.RosterEntry),
    "rules": TypeAdapter(m.Rule),
    "targets": TypeAdapter(m.Target),
    "obligations": TypeAdapter(m.Obligation),
    "documents": TypeAdapter(m.Document),
    "standards": TypeAdapter(m.Standard),
    "default_standards": TypeAdapter(m.DefaultStandard),
    "causes": TypeAdapter(m.Cause),
}
TABLES = ("orgs.csv", "holidays.csv")
ORG_LISTS = ("aliases",)


@dataclass
class Catalog:
    """Every entry by its code, and where it stands (`places`: 'elements/live_births' → 'file:line')."""

    units: dict[str, m.Unit] = field(default_factory=dict)
    codes: dict[str, m.CodeList] = field(default_factory=dict)
    elements: dict[str, m.Element] = field(default_factory=dict)
    indicators: dict[str, m.Indicator] = field(default_factory=dict)
    forms: dict[str, m.Form] = field(default_factory=dict)
    roster: dict[str, m.RosterEntry] = field(default_factory=dict)
    rules: dict[str, m.Rule] = field(default_factory=dict)
    targets: dict[str, m.Target] = field(default_factory=dict)
    documents: dict[str, m.Document] = field(default_factory=dict)
    standards: dict[str, m.Standard] = field(default_factory=dict)
    default_standards: dict[str, m.DefaultStandard] = field(default_factory=dict)
    obligations: dict[str, m.Obligation] = field(default_factory=dict)
    causes: dict[str, m.Cause] = field(default_factory=dict)
    holidays: dict[date, bool] = field(default_factory=dict)
    orgs: dict[str, m.Org] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    sha256: str = ""

    @cached_property
    def unit_labels(self) -> frozenset[str]:
        """Every printed label of every unit of measure."""
        return frozenset(name for unit in self.units.values() for name in unit.labels)

    @cached_property
    def breakdown_codes(self) -> dict[str, tuple[str, ...]]:
        """The codes of every code list."""
        return {name: tuple(codes.codes) for name, codes in self.codes.items()}

    def breakdown_names(self) -> dict[str, m.BreakdownCode]:
        """Every breakdown code of every code list, with its names."""
        return {code: name for codes in self.codes.values() for code, name in codes.codes.items()}


def load_catalog(*folders: Path) -> Catalog:
    """Reads the shipped folder, then lays each further folder over it, entry by entry.

    Raises:
        CatalogError: with file, line and remedy of every mistake found, all at once.
    """
    catalog, mistakes = Catalog(), list[str]()
    for folder in folders:
        for kind in FOLDERS:
            seen: dict[str, str] = {}  # within one folder a code stands once; a further folder may lay its own over it
            for path in files_of(folder, kind):
                _read_yaml(catalog, kind, path, mistakes, seen)
        if (folder / "orgs.csv").exists():
            _read_orgs(catalog, folder / "orgs.csv", mistakes)
        if (folder / "holidays.csv").exists():
            _read_holidays(catalog, folder / "holidays.csv", mistakes)
    mistakes += cross_check(catalog)
    if mistakes:
        raise CatalogError(mistakes)
    catalog.sha256 = catalog_sha256(folders)
    return catalog


def files_of(folder: Path, kind: str) -> list[Path]:
    """The YAML files of one kind: `<kind>.yaml` and everything in `<kind>/`, by name."""
    single = folder / f"{kind}.yaml"
    return [path for path in (single, *sorted((folder / kind).glob("*.yaml"))) if path.exists()]


def all_files(folder: Path) -> list[Path]:
    """Every file that `load_catalog` reads from a folder, by name."""
    tables = [folder / name for name in TABLES if (folder / name).exists()]
    return [p for kind in FOLDERS for p in files_of(folder, kind)] + tables


def catalog_sha256(folders: tuple[Path, ...]) -> str:
    """One digest over the names and bytes of all the files, in reading order."""
    digest = hashlib.sha256()
    for number, folder in enumerate(folders):
        for path in all_files(folder):
            digest.update(f"{number}/{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read_yaml(catalog: Catalog, kind: str, path: Path, mistakes: list[str], seen: dict[str, str]) -> None:
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        mistakes.append(f"{path}{line}: 不是合法的 YAML / not valid YAML: {getattr(error, 'problem', error)}")
        return
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        mistakes.append(f"{path}:1: 应为 编码: {{…}} 的映射 / expected a mapping of codes")
        return
    entries: dict[str, Any] = getattr(catalog, kind)
    for code, value, key, values in _pairs(node):
        place = f"{path}:{key.start_mark.line + 1}"
        _once(code, place, seen, mistakes)
        if kind in ("elements", "indicators") and isinstance(value, dict):
            value.setdefault("domain", path.stem)
        try:
            entries[code] = FOLDERS[kind].validate_python(value)
        except ValidationError as error:
            mistakes += [f"{path}:{line_of(key, values, e['loc'])}: {told(code, e)}" for e in error.errors()]
        catalog.places[f"{kind}/{code}"] = place


def _once(code: str, place: str, seen: dict[str, str], mistakes: list[str]) -> None:
    if code in seen:
        mistakes.append(f"{place}: {code} 出现两次,已见于 {seen[code]} / stands twice, also at {seen[code]}")
    seen.setdefault(code, place)


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[str, Any, yaml.Node, yaml.Node]]:
    constructor = yaml.CSafeLoader("")
    for key, value in node.value:
        yield str(key.value), constructor.construct_object(value, deep=True), key, value


def _read_orgs(catalog: Catalog, path: Path, mistakes: list[str]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader, seen = csv.DictReader(file), dict[str, str]()
        known = frozenset(m.Org.model_fields)  # asked for once: it is made anew every time
        for row in reader:
            place = f"{path}:{reader.line_num}"
            _once(str(row.get("code")), place, seen, mistakes)
            values: dict[str, Any] = {k: v for k, v in row.items() if k in known and v}
            for name in ORG_LISTS:
                values[name] = tuple(filter(None, (values.get(name) or "").split(";")))
            try:
                catalog.orgs[str(row.get("code"))] = m.Org.model_validate(values)
            except ValidationError as error:
                mistakes += [f"{place}: {told(str(row.get('code')), wrong)}" for wrong in error.errors()]
            catalog.places[f"orgs/{row.get('code')}"] = place


def _read_holidays(catalog: Catalog, path: Path, mistakes: list[str]) -> None:
    """A site's own working days: `day,works` with 1 or 0; they go before what is published."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                catalog.holidays[date.fromisoformat(row["day"])] = {"1": True, "0": False}[row["works"]]
            except (KeyError, ValueError, TypeError):
                mistakes.append(
                    f"{path}:{reader.line_num}: 应为 day,works,如 2027-01-01,0 / expected day,works as 2027-01-01,0"
                )
