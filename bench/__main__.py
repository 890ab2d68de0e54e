"""`make bench`: every benchmark, one after another; `python -m bench county nation`: some of them."""

import argparse
import importlib

NAMES = ("catalog", "register", "night", "county", "fraction", "nation", "intake", "rollup", "dashboards")

parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
parser.add_argument("names", nargs="*", help=f"of {', '.join(NAMES)}; all where none is named")
chosen = parser.parse_args().names or NAMES
if unknown := [name for name in chosen if name not in NAMES]:
    parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
for name in chosen:
    print(f"=== {name}", flush=True)
    importlib.import_module(f"bench.{name}").main()
    print(flush=True)
