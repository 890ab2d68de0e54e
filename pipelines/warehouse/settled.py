"""When the inbox asks for a night: what was seen before, and which files have not changed for a while. Pure.

A look compares the files with those of the look before. A file is settled when its size and modification time have
stayed the same for `seconds`, by this machine's clock: copying may keep the modification time of the original. A night
is asked for when everything is settled; where somebody keeps sending, at the latest ten times as long after the first
settled file. The same files are asked for again only after an hour, in case that night failed before it took them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

PATIENCE = 10  # times `seconds`: how long settled files wait for those that still change
AGAIN_AFTER = 3600.0  # seconds


@dataclass(frozen=True)
class Memory:
    """What is kept between looks: each file's size, modification time and since when; what was asked for, and when."""

    seen: Mapping[str, tuple[int, int, float]] = field(default_factory=dict)
    asked: str = ""
    asked_at: float = 0.0
    times: int = 0

    def text(self) -> str:
        """One line for Dagster's cursor."""
        return json.dumps(
            [{name: list(sign) for name, sign in self.seen.items()}, self.asked, self.asked_at, self.times]
        )


@dataclass(frozen=True)
class Look:
    """One look at the inbox: what to remember; how many files are settled or still change; the key of a run to start.

    `key` is '' where no night is to be asked for. `again_in`: in how many seconds the same files are asked for again.
    """

    memory: Memory
    settled: int
    changing: int
    key: str = ""
    again_in: float = 0.0


def remembered(cursor: str | None) -> Memory:
    """What an earlier look kept; nothing where the cursor is not ours."""
    try:
        seen, asked, asked_at, times = json.loads(cursor or "")
        kept = {str(name): (int(size), int(at), float(since)) for name, (size, at, since) in seen.items()}
        return Memory(kept, str(asked), float(asked_at), int(times))
    except (ValueError, TypeError, AttributeError):
        return Memory()


def look(
    files: Mapping[str, tuple[int, int]], memory: Memory, now: float, seconds: float, *, free: bool = True
) -> Look:
    """Compares the files (size and modification time by name) with those of the look before.

    Where the site is not `free`, as a run is in progress, nothing is asked for.

    >>> first = look({"a.xlsx": (10, 1)}, Memory(), now=0, seconds=60)
    >>> (first.settled, first.changing, first.key)
    (0, 1, '')
    >>> look({"a.xlsx": (10, 1)}, first.memory, now=60, seconds=60).key != ""
    True
    """
    seen = {name: (*sign, _since(name, sign, memory, now)) for name, sign in files.items()}
    settled = sorted(name for name, (_, _, since) in seen.items() if since < now and now - since >= seconds)
    changing = len(seen) - len(settled)
    waited = max((now - seen[name][2] for name in settled), default=0.0)
    kept = Memory(seen, memory.asked, memory.asked_at, memory.times)
    if not settled or not free or (changing and waited < PATIENCE * max(seconds, 1.0)):
        return Look(kept, len(settled), changing)
    digest = hashlib.sha256(json.dumps([(name, *files[name]) for name in settled]).encode()).hexdigest()[:16]
    again_in = memory.asked_at + AGAIN_AFTER - now if digest == memory.asked else 0.0
    if again_in > 0:
        return Look(kept, len(settled), changing, again_in=again_in)
    times = memory.times + 1 if digest == memory.asked else 1
    return Look(Memory(seen, digest, now, times), len(settled), changing, key=f"inbox-{digest}-{times}")


def _since(name: str, sign: tuple[int, int], memory: Memory, now: float) -> float:
    """Since when a file has this size and modification time, as far as it was looked at."""
    before = memory.seen.get(name)
    return before[2] if before and before[:2] == sign else now
