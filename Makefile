# Needs: Python 3.11 or newer, and a package index for the first run. uv is found or fetched.
# Compiled modules are kept: without them every run compiles its libraries anew (10 s).
export PYTHONDONTWRITEBYTECODE =

PYTHON   ?= python3
UV        = $(PYTHON) tools/bootstrap.py --
RUN       = $(UV) run --no-sync
TAIZHANG_HOME ?= $(CURDIR)/site
HOME_DIR ?= $(TAIZHANG_HOME)
PORT     ?= 3000

# The lock's packages come from the public index. Where UV_DEFAULT_INDEX names a mirror, the same
# files (by their SHA-256) come from there; `uv sync --locked` would call the lock outdated.
ifeq ($(UV_DEFAULT_INDEX),)
install = $(UV) sync --locked --quiet $(1)
else
install = $(UV) export --frozen --quiet --no-emit-project $(1) --output-file .tools/requirements.txt >/dev/null \
  && $(UV) venv --quiet --allow-existing \
  && $(UV) pip sync --quiet --require-hashes .tools/requirements.txt \
  && $(UV) pip install --quiet --no-deps --editable .
endif

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench soak dagster clean sync sync-dev

help:  ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

sync:
	@$(call install,--no-dev)

sync-dev:
	@$(call install,)

demo: sync  ## the shipped reports through one night, into a fresh home
	@$(RUN) taizhang demo

test: sync-dev  ## every check: lint, types, imports, SQL, tests
	@$(RUN) python tools/check.py

lint: sync-dev  ## the checks that run nothing
	@$(RUN) python tools/check.py --only lint

format: sync-dev  ## Python and SQL in the project's format
	@$(RUN) ruff check --fix --exit-zero --quiet
	@$(RUN) ruff format
	@$(RUN) sqlfluff fix sql --disable-progress-bar

bench: sync-dev  ## the benchmarks, each against its limit; BENCH="county" for some
	@$(RUN) python -m bench $(BENCH)

soak: sync-dev  ## kill -9 at 30 moments of a real night; SOAK="--moments 5 --seed 7" for others
	@$(RUN) python -m tests.faults.soak $(SOAK)

dagster: sync-dev  ## Dagster's pages on http://127.0.0.1:3000 for the home in HOME_DIR
	@$(RUN) python -m pipelines.instance "$(HOME_DIR)"
	@TAIZHANG_HOME="$(abspath $(HOME_DIR))" DAGSTER_HOME="$(abspath $(HOME_DIR))/dagster" \
	  $(RUN) dagster dev -w workspace.yaml --port $(PORT)

clean:  ## tools' caches; never a home
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -not -path './.tools/*' -prune -exec rm -rf {} +
