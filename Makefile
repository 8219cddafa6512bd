# Komaq Service. `make demo` shows it, `make test` proves it; both set everything up by themselves.
# Needs python3 (3.11 or newer), make and the package registries; Node 20 or newer is taken from the machine or, failing that, from PyPI.
#
# One environment serves both targets: the development packages add one or two seconds to a cold installation,
# two environments would cost every newcomer a second installation. A second run costs nothing (stamps in .make/).

PYTHON ?= python3
PORT ?= 8000
BENCH_ARGS ?=
PYTEST_ARGS ?=
ROUNDS ?= 30
BIN := .venv/bin
SOURCES := $(wildcard komaq/*/locale/*/LC_MESSAGES/django.po)
FRONTEND := frontend/package.json frontend/package-lock.json frontend/build.mjs \
	$(wildcard frontend/styles/*.css frontend/scripts/*.js frontend/scripts/*/*.js frontend/fonts/*)

export UV_PYTHON_DOWNLOADS = never
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export npm_config_fund = false
export npm_config_audit = false
export npm_config_update_notifier = false

.PHONY: bench demo test proof check setup messages clean chromium
.DELETE_ON_ERROR:

setup: .make/package .make/frontend .make/messages

demo: setup
	@exec $(BIN)/komaq demo --port $(PORT)

test: setup check chromium
	@echo "Running the suite on SQLite"
	@$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)
	@echo "Running what leans on the database, and the journeys, on PostgreSQL"
	@$(BIN)/python -m pytest -n 2 --engine=postgresql -m "db or journey or browser" $(PYTEST_ARGS)

# The whole suite on both databases, and every race thirty times instead of three (docs/adr/0011-both-databases-in-tests.md).
proof: setup check chromium
	@echo "Running the whole suite on SQLite, $(ROUNDS) rounds of every race"
	@$(BIN)/python -m pytest -n 2 --rounds=$(ROUNDS) $(PYTEST_ARGS)
	@echo "Running the whole suite on PostgreSQL, $(ROUNDS) rounds of every race"
	@$(BIN)/python -m pytest -n 2 --rounds=$(ROUNDS) --engine=postgresql $(PYTEST_ARGS)

check: setup
	@echo "Checking style, import law, migrations and settings"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@KOMAQ_PROFILE=test $(BIN)/komaq makemigrations --check --dry-run
	@KOMAQ_PROFILE=test $(BIN)/komaq check

# Time of pages beside a floor, both engines, up to a million orders and a million moves of stock; databases are kept in var/bench.
# BENCH_ARGS="--quick" for a first look, "--write" to keep the table in docs/performance.md.
bench: setup
	@$(BIN)/python -m bench.run $(BENCH_ARGS)

# Add the strings of every room (or of ROOM=orders) that are missing in its Spanish file.
messages: setup
	@$(BIN)/python -m komaq.config.messages $(or $(ROOM),$(notdir $(patsubst %/locale,%,$(wildcard komaq/*/locale))))

clean:
	rm -rf .make .venv frontend/node_modules komaq/core/static/dist build *.egg-info
	find komaq -name '*.mo' -delete

.make/venv: requirements/build.txt
	@mkdir -p .make
	@echo "Making the Python environment in .venv"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.txt
	@touch $@

.make/packages: .make/venv requirements/dev.txt
	@echo "Installing the Python packages (about 10 s the first time)"
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode requirements/build.txt requirements/dev.txt \
		|| { echo "uv did not succeed; trying pip"; \
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt; }
	@touch $@

.make/package: .make/packages pyproject.toml
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e . \
		|| $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# Node of the machine when it is new enough, else the one that PyPI carries.
.make/node: .make/packages
	@if node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null; then \
		echo "Node of this machine: $$(node --version)"; \
	else \
		echo "No Node 20 on this machine: installing it into .venv (70 MB)"; \
		VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements/node.txt \
			|| $(BIN)/python -m pip install --quiet --require-hashes -r requirements/node.txt; \
	fi
	@touch $@

.make/node_modules: .make/node frontend/package-lock.json
	@echo "Installing the front-end packages"
	@cd frontend && PATH="$$PATH:$(CURDIR)/$(BIN)" && { node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' \
		|| PATH="$(CURDIR)/$(BIN):$$PATH"; } && npm ci --silent
	@touch $@

.make/frontend: .make/node_modules $(FRONTEND)
	@echo "Building styles and scripts"
	@cd frontend && PATH="$$PATH:$(CURDIR)/$(BIN)" && { node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' \
		|| PATH="$(CURDIR)/$(BIN):$$PATH"; } && node build.mjs
	@touch $@

.make/messages: .make/package $(SOURCES)
	@echo "Compiling the translations"
	@$(BIN)/python -m komaq.config.messages --compile
	@touch $@

chromium:
	@if command -v chromium >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Chromium for the browser tests (Debian's package, about 350 MB)"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
		echo "The browser tests need Chromium: install the package \"chromium\" and run make test again." >&2; exit 1; \
	fi
