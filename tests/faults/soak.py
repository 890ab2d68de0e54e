"""`make soak`: real nights killed at 30 moments, each of a site of its own: `python -m tests.faults.soak`.

`--seed` draws other moments; `--at FRACTION` strikes at one fraction of a night, to repeat a failure that was told.
The site of a failure is kept.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.random_kills import Scene, difference, finish, harm, remove, scenes, strike
from tests.unit.warehouse.sites import copy_site

SEED = 2014
FIRST_NIGHTS = 3  # one in so many moments strikes a first night as well


def main() -> int:
    """Strikes, prints a line for each moment and a summary; the exit status is 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--at", type=float, help="one fraction of a night, 0 to 1")
    args = parser.parse_args()
    drawn, started, failed, struck = random.Random(args.seed), time.perf_counter(), 0, 0
    folder = Path(tempfile.mkdtemp(prefix="taizhang-soak-"))
    print(f"seed {args.seed}, {args.moments} moments; sites in {folder}", flush=True)
    for scene in scenes(folder):
        count = args.moments if scene.before else -(-args.moments // FIRST_NIGHTS)
        fractions = [drawn.random() for _ in range(count)] if args.at is None else [args.at]
        print(f"{scene.name}: {scene.seconds:.1f} s undisturbed; {len(fractions)} moments", flush=True)
        for number, fraction in enumerate(fractions, 1):
            wrong, killed = one(scene, folder / f"{scene.day}-{number}", fraction)
            failed, struck = failed + bool(wrong), struck + killed
            said = "; ".join(wrong) or ("as if undisturbed" if killed else "had ended before it")
            print(f"  {number:3} at {fraction:.4f} of the night: {said}", flush=True)
    minutes = (time.perf_counter() - started) / 60
    print(f"{struck} nights killed, {failed} ended otherwise than undisturbed; {minutes:.1f} min")
    if failed:
        print(f"what was left is in {folder}; --at FRACTION strikes there again")
    return int(bool(failed))


def one(scene: Scene, target: Path, fraction: float) -> tuple[list[str], bool]:
    """What is wrong after a kill at a fraction of a night, and after the next one; and whether it came in time."""
    home = copy_site(scene.home, target)
    try:
        killed = strike(home, scene.day, fraction * scene.seconds)
        wrong = harm(scene, home)
        finish(home, scene.day)
        wrong += difference(scene, home)
    except AssertionError as error:
        wrong, killed = [str(error)], True
    if not wrong:
        remove(home)
    return wrong, killed


if __name__ == "__main__":
    sys.exit(main())
