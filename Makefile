# Every target does all the set-up it needs: a virtual environment in .venv with the locked packages.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test torture lint run bench score clean

help: ## Show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(READY) ## Play ten days of a watched page in seconds
	@$(BIN)/govwatch demo

test: $(READY) ## Run the tests with their coverage gates
	@rm -f .coverage .coverage.*
	$(BIN)/python -m coverage run -m pytest -q
	@$(BIN)/python -m coverage combine -q
	$(BIN)/python -m coverage report --include='core/*' --fail-under=100
	$(BIN)/python -m coverage report --fail-under=98

torture: $(READY) ## Run the torture batteries whole: kills, power cuts, full disks, hostile hosts, 72 hours
	GOVWATCH_TORTURE=whole $(BIN)/python -m pytest -q -s tests/torture

lint: $(READY) ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

run: $(READY) ## Run the daemon on govwatch.toml
	@$(BIN)/govwatch run

bench: $(READY) ## Measure the crawl beside a bare spider and urlwatch, the pages, commands, views and the due tick
	$(BIN)/python bench/load.py
	$(BIN)/python bench/stall.py
	$(BIN)/python bench/workers.py
	$(BIN)/python bench/roads.py
	$(BIN)/python bench/peers.py
	$(BIN)/python bench/reading.py
	$(BIN)/python bench/diffing.py
	$(BIN)/python bench/claims.py
	$(BIN)/python bench/serving.py

score: $(READY) ## Score the reading of real pages (needs the pages beside the checkout)
	$(BIN)/python bench/score.py

clean: ## Remove the virtual environment and what tests leave
	rm -rf $(VENV) .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'govwatch needs Python 3.11 or later; name one: make PYTHON=python3.12 ...'; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo 'Python cannot make a virtual environment; on Debian: apt-get install python3-venv'; exit 1; }
	@echo 'Installing the packages into $(VENV) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
