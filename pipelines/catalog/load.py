"""Reading catalog/ and a site's additions into one `Catalog`; every mistake named at once, with file and line."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from pipelines.catalog import models as m
from pipelines.catalog.check import cross_check
from pipelines.errors import CatalogError

FOLDERS: dict[str, type[BaseModel]] = {
    "units": m.Unit,
    "codes": m.CodeList,
    "elements": m.Element,
    "indicators": m.Indicator,
    "forms": m.Form,
    "roster": m.RosterEntry,
    "rules": m.Rule,
    "targets": m.Target,
    "documents": m.Document,
    "standards": m.Standard,
    "default_standards": m.DefaultStandard,
}
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
    orgs: dict[str, m.Org] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    sha256: str = ""

    @cached_property
    def unit_labels(self) -> frozenset[str]:
        """Every printed label of every unit of measure."""
        return frozenset(name for unit in self.units.values() for name in unit.labels)

    def breakdown_names(self) -> dict[str, m.Name]:
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
    orgs = folder / "orgs.csv"
    return [p for kind in FOLDERS for p in files_of(folder, kind)] + ([orgs] if orgs.exists() else [])


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
    for code, value, number in _pairs(node):
        place = f"{path}:{number}"
        _once(code, place, seen, mistakes)
        if kind in ("elements", "indicators") and isinstance(value, dict):
            value.setdefault("domain", path.stem)
        try:
            entries[code] = FOLDERS[kind].model_validate(value)
        except ValidationError as error:
            mistakes += [f"{place}: {code}.{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        catalog.places[f"{kind}/{code}"] = place


def _once(code: str, place: str, seen: dict[str, str], mistakes: list[str]) -> None:
    if code in seen:
        mistakes.append(f"{place}: {code} 出现两次,已见于 {seen[code]} / stands twice, also at {seen[code]}")
    seen.setdefault(code, place)


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[str, Any, int]]:
    constructor = yaml.CSafeLoader("")
    for key, value in node.value:
        yield (
            str(key.value),
            constructor.construct_object(value, deep=True),
            key.start_mark.line + 1,
        )


def _read_orgs(catalog: Catalog, path: Path, mistakes: list[str]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader, seen = csv.DictReader(file), dict[str, str]()
        for row in reader:
            place = f"{path}:{reader.line_num}"
            _once(str(row.get("code")), place, seen, mistakes)
            values: dict[str, Any] = {k: v for k, v in row.items() if k in m.Org.model_fields and v}
            for name in ORG_LISTS:
                values[name] = tuple(filter(None, (values.get(name) or "").split(";")))
            try:
                catalog.orgs[str(row.get("code"))] = m.Org.model_validate(values)
            except ValidationError as error:
                mistakes += [f"{place}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
            catalog.places[f"orgs/{row.get('code')}"] = place
