# Every target uses the virtual environment in .venv, made on first use and reused while the pinned list stays the same.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV   := .venv
PY     := $(VENV)/bin/python
STAMP  := $(VENV)/.installed
LOWEST := .venv-lowest
# Spark does not fit in: without Java it is 0.7 GB, with it 1 GB, and both have the same module.
SPARKS := .venv-sail .venv-java
# Tests of what builds the library, which is never shipped.
TOOLS  := scripts review differ docs/test_reviews.py generated/test_operations.py
API    ?=

export PYTHONDONTWRITEBYTECODE ?=
# Workers of `-n auto`: one more than there are cores, since tests also wait.
export PYTEST_XDIST_AUTO_NUM_WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
.DEFAULT_GOAL := help
.PHONY: help demo test test-moments fuzz test-thorough test-lowest test-engines regenerate check-generated lint workflows format types contracts mutants bench review update wheel-test pins clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

# It holds the list that was installed: what counts is the content, not when a checkout wrote the file.
$(VENV)/.pinned: FORCE
	@cmp -s requirements-dev.txt $@ || $(MAKE) --no-print-directory environment

.PHONY: environment FORCE
environment:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; say where: make PYTHON=/path/to/python3.x"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11"; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (once; a minute or two)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PY) scripts/install.py requirements-dev.txt --no-deps
	@cp requirements-dev.txt $(VENV)/.pinned

$(STAMP): $(VENV)/.pinned pyproject.toml
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP)  ## run the main job on the embedded sandbox, without credentials
	@$(PY) -m scripts.demo

test: $(STAMP)  ## run the tests
	@$(PY) -m pytest -q -n auto $(ARGS)

test-moments: $(STAMP)  ## run the tests that may look at a clock at three moments in three time zones
	@MOVEWORKS_TEST_NOW=2026-11-24T23:30:00+00:00 TZ=UTC $(PY) -m pytest -q -n auto $(ARGS)
	@MOVEWORKS_TEST_NOW=2028-02-29T12:00:00+00:00 TZ=America/Los_Angeles $(PY) -m pytest -q -n auto $(ARGS)
	@MOVEWORKS_TEST_NOW=2026-11-01T00:30:00+09:00 TZ=Asia/Tokyo $(PY) -m pytest -q -n auto $(ARGS)

fuzz: $(STAMP)  ## run the tests that try made-up values with other values each time, and more of them
	@MOVEWORKS_TEST_PROFILE=fuzz $(PY) -m pytest -q -n auto -m hypothesis $(ARGS)

test-thorough: $(STAMP)  ## run what takes too long for each time: a hundred kills, each fault on each destination
	@$(PY) -m pytest -q -n auto -m thorough $(ARGS)

test-lowest: $(LOWEST)/.installed  ## run the tests of the library with the lowest versions that pyproject.toml allows
	@$(LOWEST)/bin/python -m pytest -q -n auto $(addprefix --ignore=tests/,$(TOOLS)) $(ARGS)

$(LOWEST)/.installed: requirements-lowest.txt pyproject.toml
	@echo "Setting up $(LOWEST)"
	@$(PYTHON) -m venv --clear $(LOWEST)
	@$(LOWEST)/bin/python scripts/install.py requirements-lowest.txt
	@$(LOWEST)/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

test-engines: $(addsuffix /.installed,$(SPARKS))  ## run the tests of the data source for Spark, on Sail and on Java 17; makes environments of 2 GB
	@for each in $(SPARKS); do $$each/bin/python -m pytest -q -p no:cacheprovider --timeout 0 tests/integrations/test_spark.py $(ARGS) || exit 1; done

.venv-%/.installed: requirements-%.txt pyproject.toml
	@echo "Setting up .venv-$*"
	@$(PYTHON) -m venv --clear .venv-$*
	@.venv-$*/bin/python scripts/install.py requirements-$*.txt
	@.venv-$*/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

regenerate: $(STAMP)  ## rebuild specs/*/openapi.yaml and generated/ from the published documents (API=export|beta for one)
	@$(PY) -m scripts.regenerate $(if $(API),--api $(API))

check-generated: $(STAMP)  ## fail if anything generated is stale or was edited by hand
	@$(PY) -m scripts.regenerate --check

lint: $(STAMP)  ## check formatting and style
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .

workflows: $(STAMP)  ## check the GitHub workflows with actionlint
	@$(VENV)/bin/actionlint

format: $(STAMP)  ## format and fix what can be fixed
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

types: $(STAMP)  ## mypy --strict and pyright on the library, the scripts, what users see, and the documentation
	@$(PY) -m mypy
	@$(PY) -m scripts.snippets .cache/snippets
	@$(PY) -m mypy tests/typing .cache/snippets
	@$(VENV)/bin/pyright --pythonpath $(PY) tests/typing .cache/snippets

contracts: $(STAMP)  ## check which room may import which
	@$(VENV)/bin/lint-imports --no-cache

mutants: $(STAMP)  ## change the library in small ways and see whether a test notices (ARGS="--room paging --sample 40")
	@$(PY) -m scripts.mutants $(ARGS)

bench: $(STAMP)  ## measure against named peers, as ratios within one run (ARGS=--readme writes the README table)
	@missed=0; $(PY) -m scripts.bench $(ARGS) || missed=1; \
	for part in sandbox_rate streams updates engines; do $(PY) -m scripts.bench.$$part || missed=1; done; exit $$missed

review: $(STAMP)  ## what the specs of the work tree do to BASE (a revision, folder or document; default: HEAD); ARGS="--format html -o DIR"
	@$(PY) -m scripts.review --base $(or $(BASE),HEAD) $(if $(HEAD),--head $(HEAD)) $(ARGS)

update: $(STAMP)  ## fetch the published documents (FROM=dir takes files), review, regenerate, test; undone if a step fails
	@$(PY) -m scripts.update $(if $(FROM),--from $(FROM)) $(ARGS)

wheel-test: $(STAMP)  ## build the wheel and try it in an empty environment
	@$(PY) -m scripts.wheel_test

pins: $(STAMP)  ## write the installed versions to requirements-dev.txt
	@{ head -n 1 requirements-dev.txt; $(PY) -m pip list --format=freeze --exclude-editable | grep -v -E '^(pip|setuptools)=='; } > requirements-dev.txt.new
	@mv requirements-dev.txt.new requirements-dev.txt

clean:  ## remove the virtual environment and all caches
	@rm -rf $(VENV) $(LOWEST) $(SPARKS) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build .coverage .coverage.*
