"""Every check of the project, one after the other: the verdict and the time of each.

`make test` runs this after the environment is in place. All steps run, even when one fails; the
exit status is 1 if any of them failed. `--only lint` leaves the tests out; words after `--` go to
pytest.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sysconfig.get_path("scripts"))

LINT: dict[str, tuple[str, ...]] = {
    "ruff check": ("ruff", "check"),
    "ruff format": ("ruff", "format", "--check"),
    "mypy": ("mypy",),
    "import-linter": ("lint-imports", "--no-cache"),
    "sqlfluff": ("sqlfluff", "lint", "sql", "--disable-progress-bar"),
}
# Files in their order, not those with many tests first: that leaves the long ones with few tests (kill -9, Dagster's
# daemon) to the end, where one worker waits for the other.
TESTS: dict[str, tuple[str, ...]] = {
    "pytest": ("pytest", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"),
}


@dataclass(frozen=True)
class Outcome:
    """What one step said: its name, its exit status and its seconds."""

    name: str
    status: int
    seconds: float

    def line(self) -> str:
        """One line for the summary.

        >>> Outcome("mypy", 1, 2.04).line()
        'FAILED  mypy              2.0 s'
        """
        return f"{'FAILED' if self.status else 'ok':<7} {self.name:<14} {self.seconds:>6.1f} s"


def run_step(name: str, command: Sequence[str]) -> Outcome:
    """The outcome of one command, run in the root of the checkout; its output goes straight through."""
    print(f"\n=== {name}", flush=True)
    start = time.monotonic()
    try:
        status = subprocess.run([str(SCRIPTS / command[0]), *command[1:]], cwd=ROOT, check=False).returncode
    except FileNotFoundError:
        print(f"{command[0]} is not installed: run this through `make test`, which installs it.")
        status = 127
    return Outcome(name, status, time.monotonic() - start)


def main() -> int:
    """The exit status of all steps together: 0 when every one passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["lint", "tests"], help="leave the others out")
    parser.add_argument("pytest_args", nargs="*", help="for pytest, after --")
    args = parser.parse_args()
    steps = {
        **(LINT if args.only != "tests" else {}),
        **({"pytest": (*TESTS["pytest"], *args.pytest_args)} if args.only != "lint" else {}),
    }
    outcomes = [run_step(name, command) for name, command in steps.items()]
    print("\n=== summary")
    print("\n".join(outcome.line() for outcome in outcomes), flush=True)
    return int(any(outcome.status for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
