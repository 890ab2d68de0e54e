"""Reading catalog/ and a site's additions into one `Catalog`; every mistake named at once, with file and line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from pydantic import TypeAdapter, ValidationError

from pipelines.catalog import models as m
from pipelines.catalog.changes import Change, check_changes, read_changes
from pipelines.catalog.check import cross_check, names_of
from pipelines.catalog.mistakes import Wrong, mistake, told
from pipelines.catalog.models.exchange import Exchange
from pipelines.catalog.nodes import Where, compose, line_of, part_of, repeated_keys, value_of
from pipelines.catalog.org_file import check_orgs, read_orgs
from pipelines.catalog.orgs import Register
from pipelines.catalog.tables import decoded, holidays_of
from pipelines.errors import CatalogError, Mistake

if TYPE_CHECKING:
    import polars as pl

FOLDERS: dict[str, Any] = {
    "domains": m.Domain,
    "units": m.Unit,
    "codes": m.CodeList,
    "elements": m.Element,
    "indicators": m.Indicator,
    "forms": m.Form,
    "roster": m.RosterEntry,
    "rules": m.Rule,
    "targets": m.Target,
    "control_values": m.ControlValue,
    "obligations": m.Obligation,
    "documents": m.Document,
    "standards": m.Standard,
    "default_standards": m.DefaultStandard,
    "causes": m.Cause,
    "exchange": Exchange,
}
ADAPTERS: dict[str, TypeAdapter[Any]] = {kind: TypeAdapter(model) for kind, model in FOLDERS.items()}
TABLES = ("orgs.csv", "changes.csv", "holidays.csv")


@dataclass
class Catalog:
    """Every entry by its code, and where it stands (`places`: 'elements/live_births' → 'file:line')."""

    domains: dict[str, m.Domain] = field(default_factory=dict)
    units: dict[str, m.Unit] = field(default_factory=dict)
    codes: dict[str, m.CodeList] = field(default_factory=dict)
    elements: dict[str, m.Element] = field(default_factory=dict)
    indicators: dict[str, m.Indicator] = field(default_factory=dict)
    forms: dict[str, m.Form] = field(default_factory=dict)
    roster: dict[str, m.RosterEntry] = field(default_factory=dict)
    rules: dict[str, m.Rule] = field(default_factory=dict)
    targets: dict[str, m.Target] = field(default_factory=dict)
    control_values: dict[str, m.ControlValue] = field(default_factory=dict)
    documents: dict[str, m.Document] = field(default_factory=dict)
    standards: dict[str, m.Standard] = field(default_factory=dict)
    default_standards: dict[str, m.DefaultStandard] = field(default_factory=dict)
    obligations: dict[str, m.Obligation] = field(default_factory=dict)
    causes: dict[str, m.Cause] = field(default_factory=dict)
    exchange: dict[str, Exchange] = field(default_factory=dict)
    holidays: dict[date, bool] = field(default_factory=dict)
    orgs: Mapping[str, m.Org] = field(default_factory=dict)
    changes: Sequence[Change] = ()
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

    def written(self, kind: str) -> list[str]:
        """The codes of a kind that are written somewhere, also those whose entry could not be read."""
        return [place.removeprefix(f"{kind}/") for place in self.places if place.startswith(f"{kind}/")]

    def is_whole(self, kind: str) -> bool:
        """Whether every entry of a kind that is written somewhere could be read."""
        return all(code in getattr(self, kind) for code in self.written(kind))

    def breakdown_names(self) -> dict[str, m.BreakdownCode]:
        """Every breakdown code of every code list, with its names."""
        return {code: name for codes in self.codes.values() for code, name in codes.codes.items()}


def load_catalog(*folders: Path) -> Catalog:
    """Reads the shipped folder, then lays each further folder over it, entry by entry.

    Raises:
        CatalogError: with file, line and remedy of every mistake found, all at once.
    """
    reading = _Reading(Catalog())
    for folder in folders:
        reading.folder(folder)
    reading.organisations()
    mistakes = reading.all_mistakes()
    if mistakes:
        raise CatalogError(mistakes)
    reading.catalog.sha256 = catalog_sha256(folders)
    return reading.catalog


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


class _Part(NamedTuple):
    """An entry as it stands in its file."""

    path: Path
    key: yaml.Node
    value: yaml.Node


class _Failed(NamedTuple):
    """An entry that its model does not take."""

    kind: str
    code: str
    part: _Part
    error: ValidationError


@dataclass
class _Reading:
    """What is read so far, and what was wrong with it."""

    catalog: Catalog
    mistakes: list[Mistake] = field(default_factory=list)
    failed: list[_Failed] = field(default_factory=list)
    parts: dict[str, _Part] = field(default_factory=dict)
    registers: list[pl.DataFrame] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def folder(self, folder: Path) -> None:
        """Reads a folder and lays it over what was read before."""
        for kind in FOLDERS:
            seen: dict[str, str] = {}  # within one folder a code stands once; a further folder may lay its own over it
            for path in files_of(folder, kind):
                self.yaml_file(kind, path, seen)
        if (folder / "orgs.csv").exists():
            self.registers.append(read_orgs(folder / "orgs.csv", self.mistakes, self.catalog.places))
        if (folder / "changes.csv").exists():
            self.changes += read_changes(folder / "changes.csv", self.mistakes)
        if (folder / "holidays.csv").exists():
            self.catalog.holidays |= holidays_of(folder / "holidays.csv", self.mistakes)
        self.mistakes += unread_files(folder)

    def yaml_file(self, kind: str, path: Path, seen: dict[str, str]) -> None:
        text = decoded(path)
        if isinstance(text, Mistake):
            self.mistakes.append(text)
            return
        try:
            node = compose(text)
        except yaml.YAMLError as error:
            self.mistakes.append(_no_yaml(path, error))
            # What the file holds is there, though nobody can read it: it is not unknown on top of that.
            for code in re.findall(r"^([a-z][a-z0-9_]*):", text, re.MULTILINE):
                self.catalog.places.setdefault(f"{kind}/{code}", str(path))
            return
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self.entry(kind, _Part(path, key, value), seen)
        elif node is not None:
            self.mistakes.append(mistake(path, 1, "no_entries"))

    def entry(self, kind: str, part: _Part, seen: dict[str, str]) -> None:
        """Reads one entry; where its model does not take it, an entry that was laid under it stays."""
        code, value = str(part.key.value), value_of(part.value)
        place = f"{part.path}:{part.key.start_mark.line + 1}"
        self.once(code, part.path, part.key.start_mark.line + 1, seen)
        for key, first in repeated_keys(part.value):
            line, before = key.start_mark.line + 1, f"{part.path}:{first.start_mark.line + 1}"
            self.mistakes.append(mistake(part.path, line, "stands_twice", code, name=key.value, first=before))
        named = f"domains/{part.path.stem}" in self.catalog.places  # a file may be named after its domain
        if kind in ("elements", "indicators") and isinstance(value, dict) and named:
            value.setdefault("domain", part.path.stem)
        try:
            getattr(self.catalog, kind)[code] = ADAPTERS[kind].validate_python(value)
        except ValidationError as error:
            self.failed.append(_Failed(kind, code, part, error))
        self.catalog.places[f"{kind}/{code}"] = place
        self.parts[f"{kind}/{code}"] = part

    def once(self, code: str, path: Path, line: int, seen: dict[str, str]) -> None:
        if code in seen:
            self.mistakes.append(mistake(path, line, "stands_twice", name=code, first=seen[code]))
        seen.setdefault(code, f"{path}:{line}")

    def organisations(self) -> None:
        """Lays the registers over each other, and checks what became of their units."""
        register = Register.laid_over(self.registers)
        self.mistakes += check_orgs(register, self.catalog.places)
        self.mistakes += check_changes(self.changes, register, self.catalog.places)
        self.catalog.orgs, self.catalog.changes = register, self.changes

    def all_mistakes(self) -> list[Mistake]:
        """Every mistake, those of one file together, from its first line to its last."""
        found = [*self.mistakes, *(mistake for failed in self.failed for mistake in self.of_model(failed))]
        found += [self.at_its_line(wrong) for wrong in cross_check(self.catalog)]
        return sorted(dict.fromkeys(found), key=lambda told: (told.file, told.line))

    def of_model(self, failed: _Failed) -> Iterator[Mistake]:
        """What the model says: one mistake for each part of the entry."""
        kinds = ("forms", "indicators", "elements")
        codes = {zh: code for kind in kinds for code, zh in names_of(self.catalog, kind).items()}
        part, done = failed.part, set[Where]()
        tags = 1 if failed.kind == "rules" else 0  # Pydantic puts the rule's kind before the way to the field
        found = [(*part_of(part.key, part.value, error["loc"][tags:]), error) for error in failed.error.errors()]
        for line, way, error in found:
            missing = error["type"] == "missing"
            name = (*way, error["loc"][-1]) if missing else way
            inside = any(other[: len(way)] == way and len(other) > len(way) for _, other, _ in found)
            if name in done or (inside and not missing):
                continue  # the other branch of a field that takes one thing or another
            done.add(name)
            said = told(error, FOLDERS[failed.kind], codes)
            yield Mistake(str(part.path), line + 1, f"{_way(failed.code, name)}:{said.zh}",
                          f"{_way(failed.code, name)}: {said.en}", said.remedy_zh, said.remedy_en)  # fmt: skip

    def at_its_line(self, wrong: Wrong) -> Mistake:
        """What a check found, on its line."""
        part, name = self.parts.get(wrong.entry), wrong.entry.partition("/")[2]
        if part:
            return mistake(part.path, line_of(part.key, part.value, wrong.where), wrong.what, name, **wrong.words)
        file, _, line = self.catalog.places[wrong.entry].rpartition(":")
        return mistake(file, int(line), wrong.what, name, **wrong.words)


def _way(code: str, way: Where) -> str:
    """Where in an entry, for people.

    >>> _way("share", ("editions", 0, "standard"))
    'share.editions[1].standard'
    """
    return code + "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in way)


def _no_yaml(path: Path, error: yaml.YAMLError) -> Mistake:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or str(error)
    return mistake(path, mark.line + 1 if mark else 0, "no_yaml", problem=problem)


def unread_files(folder: Path) -> Iterator[Mistake]:
    """Files that look like entries but have a name that nobody reads."""
    read, names = set(all_files(folder)), {Path(name).stem: name for name in (*FOLDERS, *TABLES)}
    for path in sorted((*folder.rglob("*.y*ml"), *folder.rglob("*.csv"))):
        name = path.relative_to(folder)
        if path in read or any(part.startswith((".", "~")) for part in name.parts):
            continue
        near = next(iter(get_close_matches(name.parts[0].removesuffix(path.suffix), names, 1)), "")
        near_zh, near_en = (f"是不是 {names[near]}?", f"did you mean {names[near]}? ") if near else ("", "")
        words = {"near_zh": near_zh, "near_en": near_en, "names": ", ".join(names.values())}
        yield mistake(path, 0, "unread", **words)
