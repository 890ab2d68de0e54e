"""What a night that was killed left behind, put right before the next one begins."""

from __future__ import annotations

import json
import shutil
import time

from pipelines.settings import Home
from pipelines.warehouse.files import write_atomic

DAY = 86_400  # seconds


def clear(home: Home) -> None:
    """Removes what was being written when a process was killed; the archive's only after a day, as others write there.

    Those are `taizhang correct` and the like, which wait for no night.
    """
    for folder, age in ((home.refused, 0), (home.releases, 0), (home.archive, DAY)):
        for part in folder.glob(".*.part"):
            if time.time() - part.stat().st_mtime >= age:
                part.unlink()


def finish_publishing(home: Home) -> str:
    """Removes half-made releases; points `current` at the last one that follows it; returns that one's id, or ''."""
    for leftover in home.releases.glob(".tmp-*"):
        shutil.rmtree(leftover)
    pointer = home.releases / "current"
    named = newest = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else ""
    for path in sorted(home.releases.glob("*/manifest.json")):
        try:
            manifest = json.loads(path.read_bytes())
            before = manifest["previous"]
        except ValueError:  # damaged: not to be adopted; verify tells
            continue
        if "as_of" in manifest:  # of a day gone by: none follows from it
            continue
        if path.parent.name > newest and (before["release_id"] if before else "") == newest:
            newest = path.parent.name  # one may follow that one, where `current` was removed
    if newest == named:
        return ""
    write_atomic(pointer, f"{newest}\n".encode())
    return newest
