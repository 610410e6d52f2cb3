# `make help` lists the commands. Needs make and Python 3.11 or newer; the rest is fetched.
# Variables of docs/configuration.md may stand behind the command: make run API_PORT=8001

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

# Always by its relative path: a folder's name may hold spaces and may be very long.
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
# Tests and checks need a key, never a secret one.
CHECK_KEY := SECRET_KEY=a-key-for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz

.PHONY: help run run-api run-ui dev demo test test-coverage lint format soak \
	bench bench-batch bench-pipeline bench-start bench-growth bench-lag train logs clear-logs \
	pipeline-once pipeline-continuous pipeline-elasticsearch-up docs docs-check messages screenshot lock lock-check clean \
	docker-build docker-up docker-down

help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

# --- Run ----------------------------------------------------------------------
run: .venv/run.stamp ## Start the site and print its address (Ctrl-C ends it)
	@exec $(PY) -m tools.run

run-api: run ## The same as run: one server answers the API and the pages

run-ui: run ## The same as run

dev: .venv/dev.stamp ## Start the site, reloading on changes, with debug pages and silk
	@exec $(PY) -m tools.run --dev

demo: .venv/dev.stamp ## A simulated week of invented visits, on servers of its own under var/demo
	@exec $(PY) -m tools.demo $(ARGS)

logs: .venv/run.stamp ## Show the latest transactions (ARGS="--follow --limit 50 --level WARNING")
	@$(PY) manage.py logs $(ARGS)

clear-logs: .venv/run.stamp ## Empty the window of latest transactions
	@$(PY) manage.py clear_logs

pipeline-once: .venv/run.stamp ## Index the log entries that wait, then end
	@$(PY) manage.py run_log_pipeline --once $(ARGS)

pipeline-continuous: .venv/run.stamp ## Index log entries until Ctrl-C; `make run` does it by itself
	@exec $(PY) manage.py run_log_pipeline --continuous $(ARGS)

pipeline-elasticsearch-up: .venv/run.stamp ## Start Elasticsearch, and Kibana where Docker runs
	@if docker info >/dev/null 2>&1; then \
		exec $(PY) -m tools.containers up elasticsearch kibana; \
	else \
		exec $(PY) -m tools.elasticsearch; \
	fi

# --- In containers (docs/containers.md) ---------------------------------------
# Any Python will do here: whoever has Docker need not have the virtual environment.
docker-build: ## Build the image of the web server and the pipeline
	@$${PYTHON:-python3} -m tools.containers build

docker-up: ## Start every service in containers, with passwords made for .env
	@$${PYTHON:-python3} -m tools.containers up

docker-down: ## End them; the volumes keep their data
	@$${PYTHON:-python3} -m tools.containers down

# --- Check --------------------------------------------------------------------
test: .venv/dev.stamp ## Run every test that can run here; ARGS go to pytest
	@$(PY) -m pytest -n auto --dist loadfile $(ARGS)

test-coverage: .venv/dev.stamp ## The same, then the branch coverage gate
	@$(PY) -m coverage erase
	@$(PY) -m pytest -n auto --dist loadfile -m browser $(ARGS)
	@$(PY) -m coverage run -m pytest -n auto --dist loadfile -m "not browser" $(ARGS)
	@$(PY) -m coverage combine --quiet 2>/dev/null
	@# What is left was half written by processes that the tests kill.
	@rm -f .coverage.*
	@$(PY) -m coverage report

lint: .venv/dev.stamp ## Style, types, imports, templates, migrations, deployment, advisories, docs
	@$(PY) -m tools.lint

format: .venv/dev.stamp ## Format the code and the templates
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .
	@-$(PY) -m djlint --reformat --quiet templates

soak: .venv/dev.stamp ## 50,000 transactions while the pipeline is killed and the servers restart (minutes)
	@$(PY) -m tests.faults.soak $(ARGS)

bench: .venv/dev.stamp ## Measure POST /predict beside bare FastAPI and the prototype's shape (minutes)
	@$(PY) -m benchmarks $(ARGS)

bench-batch: .venv/dev.stamp ## Measure batches over HTTP and from files, beside FastAPI and pandas (minutes)
	@$(PY) -m benchmarks.batch $(ARGS)

bench-pipeline: .venv/dev.stamp ## Measure the log pipeline beside Elasticsearch's own bulk
	@$(PY) -m benchmarks.pipeline $(ARGS)

bench-start: .venv/dev.stamp ## Measure start and memory beside a bare FastAPI service
	@$(PY) -m benchmarks.start $(ARGS)

bench-growth: .venv/dev.stamp ## Measure latency as load, window and backlog grow (minutes)
	@$(PY) -m benchmarks.growth $(ARGS)

bench-lag: .venv/dev.stamp ## Measure how soon a prediction can be searched for (minutes)
	@$(PY) -m benchmarks.lag $(ARGS)

# --- Make what is committed ---------------------------------------------------
train: .venv/dev.stamp ## Train the model and write model/
	@$(CHECK_KEY) $(PY) manage.py train_model

docs: .venv/dev.stamp ## Write the generated documents and .env.example
	@$(PY) -m tools.docs

docs-check: .venv/dev.stamp ## Are the generated documents current, do the links lead somewhere?
	@$(PY) -m tools.docs --check

messages: .venv/dev.stamp ## Extract and compile the translations (no gettext needed)
	@$(PY) -m tools.messages

screenshot: .venv/dev.stamp ## Take the README's picture of the page (needs Chromium)
	@$(PY) -m tools.screenshot

lock: .venv/dev.stamp ## Resolve requirements.in and requirements-dev.in anew
	@$(PY) -m tools.lock

lock-check: .venv/dev.stamp ## Does every locked package come as a wheel on every supported Python?
	@$(PY) -m tools.lock --check

clean: ## Remove the virtual environment and caches; var/ and .env stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		.coverage .coverage.* htmlcov

# --- The virtual environment --------------------------------------------------
# The stamps make a second start cost nothing; a half-made environment has none.
.venv/run.stamp: requirements.txt
	@sh tools/venv.sh
	@$(PIP) --requirement requirements.txt
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.txt
	@echo "heartrisk: installing what development and tests need."
	@$(PIP) --requirement requirements-dev.txt
	@touch $@
