# A thin front: each target says what it runs. `make` alone lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
BENCH_VENV ?= .venv-bench
BENCH ?=
FAULTS ?=
FUZZ_VENV ?= .venv-fuzz
MINUTES ?= 1
FUZZ ?=
LOAD_VENV ?= .venv-load
AUDIT_VENV ?= .venv-audit
LOAD ?=
AUDIT ?=
PORT ?= 8017
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help serve test lint types check coverage test-wheel test-api test-browser test-faults test-patterns test-cluster test-load faults bench fuzz load time-pages screenshots golden docs man requirements audit clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

serve: $(VENV)/ready ## install, index the archive, serve the pages and print their address
	$(BIN)/backissue serve --port $(PORT)

test: $(VENV)/ready-to-test lint types check ## lint, types and tests

lint: $(VENV)/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready-to-test
	$(BIN)/mypy

check: $(VENV)/ready-to-test
	$(BIN)/python -m pytest -n auto

coverage: $(VENV)/ready-to-test ## the tests again, and which lines and branches of indexer they reach; fails below the floor in pyproject.toml
	$(BIN)/python -m pytest -n auto --cov --cov-report=term-missing:skip-covered

test-wheel: $(VENV)/ready-to-test ## build the wheel, install it into an empty environment, run the story from it
	$(BIN)/python -m pytest -m slow tests/test_wheel.py

test-api: $(VENV)/ready-to-test ## ask the API what its description allows and forbids
	$(BIN)/python -m pytest -m slow tests/webui/test_api_description.py

test-browser: $(VENV)/ready-to-browse ## the tests that need Chromium
	$(BIN)/python -m pytest -m browser

test-faults: $(VENV)/ready-to-test ## kill runs, damage files, fill disks and swap indexes under a server, a little of each
	$(BIN)/python -m pytest -m slow tests/faults/test_faults.py

test-patterns: $(VENV)/ready-to-test ## look for regular expressions whose time grows with the square of their text, about a minute
	$(BIN)/python -m pytest -m slow tests/test_patterns.py

test-cluster: $(VENV)/ready-to-test ## the tests of the OpenSearch engine, on three real nodes; needs a JDK 21 and Maven
	$(BIN)/python -m pytest -m cluster tests/cluster

test-load: $(VENV)/ready-to-test ## ask the server for a few seconds, under a swap, open connections and slow clients
	$(BIN)/python -m pytest -m slow tests/load/test_load.py

faults: $(VENV)/ready-to-test ## the same at length, a quarter of an hour, each in a figure; FAULTS="--kills 20 --docs"
	$(BIN)/python -m tests.faults $(FAULTS)

bench: $(BENCH_VENV)/ready ## measure this beside SQLite FTS5, tantivy and Xapian; BENCH="--sizes archive --docs"
	$(BENCH_VENV)/bin/python -m tests.bench $(BENCH)

fuzz: $(FUZZ_VENV)/ready ## try made-up texts, queries and addresses; MINUTES=10, FUZZ=--keep adds the count to the manual
	nice -n 15 $(FUZZ_VENV)/bin/python -m tests.fuzz --minutes $(MINUTES) $(FUZZ)

load: $(LOAD_VENV)/ready ## measure how many requests the server bears, beside others, in four minutes; LOAD="--seconds 20 --docs"
	$(LOAD_VENV)/bin/python -m tests.load $(LOAD)

time-pages: $(VENV)/ready-to-test ## print how long the server computes a page of each type
	$(BIN)/python -m tests.timing_pages

screenshots: $(VENV)/ready-to-browse ## make the pictures of the README anew, in docs/
	$(BIN)/python -m tests.screenshots

golden: $(VENV)/ready-to-test ## write the expectations of the parser's golden pairs anew; read the diff
	$(BIN)/python -m tests.golden

docs: $(VENV)/ready-to-test ## build the manual as a site in build/docs; a dead link is an error
	$(BIN)/python -m mkdocs build --strict

man: $(VENV)/ready-to-test ## write docs/backissue.1 and the command reference anew, from the help of the commands
	$(BIN)/python -m tests.manual

requirements: $(VENV)/ready-to-test ## resolve the requirements files anew, with hashes
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile $(COMPILE) -o requirements.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=test -o requirements-test.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=test --extra=browser -o requirements-browser.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=mcp -o requirements-mcp.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=bench -o requirements-bench.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=fuzz -o requirements-fuzz.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=load -o requirements-load.txt pyproject.toml
COMPILE := --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --all-build-deps --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

audit: $(AUDIT_VENV)/ready ## ask which pinned packages have known weaknesses; needs the network, beyond the package index
	$(AUDIT_VENV)/bin/pip-audit --require-hashes --disable-pip $(AUDIT) $(foreach file,$(wildcard requirements*.txt),-r $(file))

$(AUDIT_VENV)/ready:
	$(PYTHON) -m venv $(AUDIT_VENV)
	$(AUDIT_VENV)/bin/python -m pip install --quiet pip-audit
	touch $@

$(VENV)/ready-to-browse: $(VENV)/ready-to-test requirements-browser.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-browser.txt
	touch $@

$(BENCH_VENV)/ready: requirements-bench.txt pyproject.toml
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --require-hashes -r requirements-bench.txt
	$(BENCH_VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(FUZZ_VENV)/ready: requirements-fuzz.txt pyproject.toml
	$(PYTHON) -m venv $(FUZZ_VENV)
	$(FUZZ_VENV)/bin/python -m pip install --quiet --require-hashes -r requirements-fuzz.txt
	$(FUZZ_VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(LOAD_VENV)/ready: requirements-load.txt pyproject.toml
	$(PYTHON) -m venv $(LOAD_VENV)
	$(LOAD_VENV)/bin/python -m pip install --quiet --require-hashes -r requirements-load.txt
	$(LOAD_VENV)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

clean: ## remove the environments and what tools left
	rm -rf $(VENV) $(BENCH_VENV) $(FUZZ_VENV) $(LOAD_VENV) $(AUDIT_VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist

$(VENV)/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/ready-to-test: $(VENV)/ready requirements-test.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.txt
	touch $@
