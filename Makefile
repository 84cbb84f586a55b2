# Every target installs what is missing. PYTHON=/path/to/python3.11 chooses the interpreter.
PYTHON ?=
python := .venv/bin/python
export PYTHON
.DEFAULT_GOAL := help
.PHONY: help run test check package bench faults clean setup setup-tests lint

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:
	@local/setup.sh

setup-tests:
	@local/setup.sh --tests

run: setup ## start the whole local stack with synthetic viewers; Ctrl-C ends it
	@$(python) -m local.run

test: setup-tests ## run every test that can run here
	@$(python) -m pytest

check: lint ## format, lint, types and the fast tests: about a minute
	@$(python) -m pytest -q -m "not slow and not flink and not e2e and not faults and not browser"

lint: setup-tests
	@$(python) -m ruff format --check .
	@$(python) -m ruff check .
	@$(python) -m mypy

package: ## build dist/beacon-job-<version>.zip and check it against Managed Flink's contract
	@./build.sh

bench: package ## measure what a beacon costs
	@$(python) -m bench

faults: package ## kill and disturb everything during a run, and count what was lost
	@$(python) -m pytest -m faults -s

clean: ## stop what still runs and remove everything that can be made again
	@if [ -x $(python) ]; then $(python) -m local.stop; fi
	rm -rf .beacon .venv node_modules build dist jars/target jars/*.jar
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
