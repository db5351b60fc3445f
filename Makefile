.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Every process compiles anew what nothing keeps: half of each start, where a machine forbids it by this.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 5000
WORKERS ?= 2
RUN_SUM := $(shell cksum < requirements.lock | tr -d ' ')
DEV_SUM := $(shell cksum < requirements-dev.lock | tr -d ' ')
ASSETS_SUM := $(shell cat package-lock.json ehe_portal/core/assets.py | cksum | tr -d ' ')
INSTALLED := .venv/.installed-$(RUN_SUM)
TOOLS := .venv/.tools-$(DEV_SUM)
ASSETS := static/vendor/.made-$(ASSETS_SUM)

.PHONY: help
help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: install
install: $(INSTALLED) $(ASSETS) ## .venv with what running needs, and the pages' assets

.PHONY: tools
tools: install $(TOOLS) ## and what testing and checking need

.PHONY: demo
demo: install ## the demonstration authority on http://127.0.0.1:5000 (PORT=)
	@DEMO=on PORT=$(PORT) exec $(BIN)/flask demo run

.PHONY: demo-reset
demo-reset: install ## the demonstration as it was on its first day
	@DEMO=on PORT=$(PORT) exec $(BIN)/flask demo reset

# Both databases are always tried, so that one run shows everything that is broken. One worker does the tests of one
# file, as the journeys of a file share a running portal; files go out in the order in which they were collected.
.PHONY: test
test: tools ## the whole suite on SQLite and on PostgreSQL, with a real browser (TESTS=folder, WORKERS=2)
	@failed=0; for database in sqlite postgresql; do \
		echo "== Tests on $$database" >&2; \
		$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --database $$database $(TESTS) || failed=1; \
	done; exit $$failed

.PHONY: check
check: tools ## lint, format, types, the order of the house, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

.PHONY: bench
bench: tools ## ratios against bare baselines, kept in var/bench.json (ONLY=name)
	$(BIN)/python -m tests.bench $(ONLY)

# Loading the application first gives one plain message where a setting is missing or the schema is old,
# instead of one from each worker.
.PHONY: serve
serve: install ## production web server; settings from the environment (HOST=, PORT=, WORKERS=)
	@$(BIN)/flask ready
	@exec $(BIN)/granian --interface wsgi --host $(HOST) --port $(PORT) --workers $(WORKERS) \
		--no-ws --no-access-log --workers-kill-timeout 30s wsgi:app

.PHONY: pictures
pictures: tools ## the README's pictures, of a demonstration that runs already (PORT=)
	$(BIN)/python -m tests.pictures http://127.0.0.1:$(PORT)

.PHONY: format
format: tools ## tidy the Python code
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

.PHONY: lock
lock: ## make the requirements' locks again from what is asked for (needs uv; UPGRADE=--upgrade)
	$(call compile,requirements.lock,pyproject.toml)
	$(call compile,requirements-dev.lock,pyproject.toml --group dev --constraint requirements.lock)
	$(call compile,requirements-node.lock,requirements-node.in)

# No address of any kind may be kept: a lock must work with whatever index a council's network offers.
define compile
	env -u PIP_FIND_LINKS -u UV_FIND_LINKS uv pip compile --no-config --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet $(UPGRADE) $(2) --output-file $(1)
	@! grep -n '://' $(1)
endef

define fetch
	@echo "Installing what $(1) names" >&2
	@if command -v uv >/dev/null; then \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r $(1); \
	fi
endef

.venv/bin/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making .venv with $$python" >&2; exec "$$python" -m venv .venv; \
		fi; \
	done; \
	echo "Python 3.11 or newer with its venv module is needed (on Debian: python3-venv)." >&2; exit 1

$(INSTALLED): | .venv/bin/python
	$(call fetch,requirements.lock)
	@rm -f .venv/.installed-*
	@touch $@

$(TOOLS): | $(INSTALLED)
	$(call fetch,requirements-dev.lock)
	@rm -f .venv/.tools-*
	@touch $@

$(ASSETS): | $(INSTALLED)
	@$(BIN)/python -m ehe_portal.core.assets
	@touch $@
