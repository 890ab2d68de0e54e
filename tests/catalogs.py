"""Each catalog is read once in a process: hundreds of tests open sites whose catalogs are the same, byte by byte.

What a load gives follows from the files alone, so that files with the same names and bytes give a copy of what was
read before, with the places of the folders that are asked for. A catalog with mistakes is always read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import fields, replace
from functools import wraps
from pathlib import Path
from typing import Any

from pipelines.catalog import load
from pipelines.catalog.load import Catalog
from pipelines.catalog.orgs import Register

Load = Callable[..., Catalog]


def read_once() -> None:
    """From here on `load_catalog` remembers; to be called before anything imports it from its module."""
    load.load_catalog = remembering(load.load_catalog)


def remembering(read: Load) -> Load:
    """The same function, which reads the same files once."""
    known: dict[tuple[str, ...], tuple[tuple[Path, ...], Catalog]] = {}

    @wraps(read)
    def load_catalog(*folders: Path) -> Catalog:
        content = tuple(map(_digest, folders))
        if content not in known:
            known[content] = folders, read(*folders)
        before, catalog = known[content]
        return _copy(catalog, dict(zip(map(str, before), map(str, folders), strict=True)))

    return load_catalog


def _digest(folder: Path) -> str:
    """Of every file in a folder, also of those that no kind of entry is read from: they are mistakes."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _copy(catalog: Catalog, moved: dict[str, str]) -> Catalog:
    """A catalog that a test may change: entries are frozen, the dictionaries that hold them are its own."""
    held = {one.name: getattr(catalog, one.name) for one in fields(catalog)}
    own: dict[str, Any] = {name: dict(entries) for name, entries in held.items() if isinstance(entries, dict)}
    own["places"] = {code: _moved(place, moved) for code, place in catalog.places.items()}
    if isinstance(catalog.orgs, Register):  # it goes back to its file for the line of a unit
        own["orgs"] = _moved_register(catalog.orgs, moved)
    return replace(catalog, **own)


def _moved_register(register: Register, moved: dict[str, str]) -> Register:
    files = {file: _moved(file, moved) for file in register.table["file"].unique()}
    if all(before == now for before, now in files.items()):
        return register
    return Register(register.table.with_columns(file=register.table["file"].replace(files)))


def _moved(place: str, moved: dict[str, str]) -> str:
    for before, now in moved.items():
        if before != now and place.startswith(f"{before}/"):
            return now + place.removeprefix(before)
    return place
