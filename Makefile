# Each target has a description. `make` alone lists them.
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
# Tests start hundreds of processes. Without kept bytecode, each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
# Each worker takes tests in their order, so that tests of a module share its fixtures.
WORKERS := -n auto --dist worksteal

.PHONY: help serve test lint types check coverage test-wheel test-api test-browser test-faults test-patterns test-cluster test-load faults bench fuzz load time-pages time-large screenshots golden docs man requirements audit clean

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
	$(BIN)/python -m pytest $(WORKERS)

coverage: $(VENV)/ready-to-test ## measure how much of indexer its tests cover; fail below the minimum in pyproject.toml
	$(BIN)/python -m pytest $(WORKERS) --ignore=tests/webui --cov --cov-report=term-missing:skip-covered

test-wheel: $(VENV)/ready-to-test ## build the wheel, install it into an empty environment, run the story from it
	$(BIN)/python -m pytest -m slow tests/test_wheel.py

test-api: $(VENV)/ready-to-test ## test the API with requests that its description allows and forbids
	$(BIN)/python -m pytest -m slow tests/webui/test_api_description.py

test-browser: $(VENV)/ready-to-browse ## run the tests that need Chromium
	$(BIN)/python -m pytest $(WORKERS) -m browser

test-faults: $(VENV)/ready-to-test ## a short run of each kind of fault: killed runs, damaged files, full disks, new indexes under load
	$(BIN)/python -m pytest -m slow tests/faults/test_faults.py

test-patterns: $(VENV)/ready-to-test ## look for regular expressions with quadratic time, about a minute
	$(BIN)/python -m pytest -m slow tests/test_patterns.py

test-cluster: $(VENV)/ready-to-test ## test the OpenSearch engine on three real nodes; needs JDK 21 or later and Maven
	$(BIN)/python -m pytest -m cluster tests/cluster

test-load: $(VENV)/ready-to-test ## load the server for a few seconds, with a new index, idle connections and slow clients
	$(BIN)/python -m pytest -m slow tests/load/test_load.py tests/webui/test_server.py

faults: $(VENV)/ready-to-test ## cause faults for a quarter of an hour and print the results; FAULTS="--kills 20 --docs"
	$(BIN)/python -m tests.faults $(FAULTS)

bench: $(BENCH_VENV)/ready ## compare backissue with SQLite FTS5, tantivy and Xapian; BENCH="--sizes archive --docs"
	$(BENCH_VENV)/bin/python -m tests.bench $(BENCH)

fuzz: $(FUZZ_VENV)/ready ## fuzz with generated texts, queries and URLs; MINUTES=10, FUZZ=--keep adds the count to the manual
	nice -n 15 $(FUZZ_VENV)/bin/python -m tests.fuzz --minutes $(MINUTES) $(FUZZ)

load: $(LOAD_VENV)/ready ## measure the server and others under load, four minutes; LOAD="--seconds 20 --docs"
	$(LOAD_VENV)/bin/python -m tests.load $(LOAD)

time-pages: $(VENV)/ready-to-test ## print how long the server computes each type of page, and Chromium takes to paint it
	$(BIN)/python -m tests.timing_pages

time-large: $(VENV)/ready-to-test ## print how long the server computes the first page of each type of 20,000 entries
	$(BIN)/python -m tests.timing_large

screenshots: $(VENV)/ready-to-browse ## create the pictures of the README in docs/
	$(BIN)/python -m tests.screenshots

golden: $(VENV)/ready-to-test ## rewrite the expectations of the golden pairs; read the diff
	$(BIN)/python -m tests.golden

docs: $(VENV)/ready-to-test ## build the manual as a site in build/docs; fail for a dead link
	$(BIN)/python -m mkdocs build --strict

man: $(VENV)/ready-to-test ## generate docs/backissue.1 and the command reference from the help
	$(BIN)/python -m tests.manual

requirements: $(VENV)/ready-to-test ## resolve the pinned requirements files, with hashes
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile $(COMPILE) -o requirements.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=test -o requirements-test.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=test --extra=browser -o requirements-browser.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=mcp -o requirements-mcp.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=bench -o requirements-bench.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=fuzz -o requirements-fuzz.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=load -o requirements-load.txt pyproject.toml
COMPILE := --quiet --upgrade --generate-hashes --no-strip-extras --allow-unsafe --all-build-deps --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

audit: $(AUDIT_VENV)/ready ## report known vulnerabilities of the pinned packages; needs access to pypi.org
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

clean: ## remove the environments and caches
	rm -rf $(VENV) $(BENCH_VENV) $(FUZZ_VENV) $(LOAD_VENV) $(AUDIT_VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist

$(VENV)/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(f"backissue needs Python 3.11.5 or later. $(PYTHON) is {v[0]}.{v[1]}.{v[2]}. Name another one: make PYTHON=python3.12" if v < (3, 11, 5) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/ready-to-test: $(VENV)/ready requirements-test.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.txt
	touch $@
