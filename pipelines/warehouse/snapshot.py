"""The catalog that a night used, kept in the archive, so that a release can be rebuilt when it has changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pipelines.catalog.load import all_files
from pipelines.warehouse import archive


def keep_catalog(archive_folder: Path, folders: Sequence[Path]) -> str:
    """Archives the catalog's files as one JSON text and returns its SHA-256."""
    layers = [
        {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in all_files(folder)}
        for folder in folders
    ]
    return archive.put(archive_folder, json.dumps(layers, ensure_ascii=False, sort_keys=True).encode())


def restore_catalog(archive_folder: Path, digest: str, target: Path) -> tuple[Path, ...]:
    """Writes an archived catalog below `target` and returns its folders, the shipped one first."""
    folders = []
    for number, layer in enumerate(json.loads(archive.get(archive_folder, digest))):
        folder = target / f"catalog-{number}"
        for name, text in layer.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        folder.mkdir(parents=True, exist_ok=True)
        folders.append(folder)
    return tuple(folders)
