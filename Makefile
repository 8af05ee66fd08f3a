# One name a habit. PYTHON chooses the interpreter that makes the environment (3.11 or later).
PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench bench-caches bundle try-model persona api-key clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/dev ## an environment with everything for working on the code

run: $(VENV)/$(if $(REAL),dev,runtime) ## the whole set on http://localhost:8080 (PORT=..., REAL=1 for real parts)
	@PORT="$(PORT)" $(BIN)/python -m ion_mentoring.local.serve $(if $(REAL),--real)

test: check ## everything that has to hold: check, then all tests with coverage
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term

check: $(VENV)/dev ## what can be told without running: style, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy shared/ion_mentoring
	$(BIN)/lint-imports

format: $(VENV)/dev ## lay the code out
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev ## the goals with numbers, side by side with an empty function (needs wrk)
	$(BIN)/python -m bench

bench-caches: .venv-bench/ready ## L1 beside other caches, and a simulated day, with pictures in docs/ (DATA=questions.tsv.gz)
	.venv-bench/bin/python -m bench.hit_ratio
	.venv-bench/bin/python -m bench.compare_caches
	.venv-bench/bin/python -m bench.day $(if $(DATA),--data "$(DATA)")

bundle: $(VENV)/runtime ## one zip a function under build/
	$(BIN)/python infra/bundle.py

try-model: $(VENV)/runtime ## the whole set against a live server: make try-model URL=http://localhost:11434/v1 MODEL=llama3.2
	$(BIN)/python -m ion_mentoring.local.try_model $(URL) $(MODEL)

persona: $(VENV)/runtime ## a new persona: make persona name=sena
	$(BIN)/python infra/persona.py $(name)

api-key: $(VENV)/runtime ## a new API key: make api-key owner=acme role=service (tokens=1000000 a month)
	@$(BIN)/python -m ion_mentoring.local.api_key $(owner) $(role) $(tokens)

clean: ## forget the environment and what was built
	rm -rf $(VENV) .venv-bench build

$(VENV)/runtime: requirements.txt shared/pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt -e shared
	touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/runtime
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

.venv-bench/ready: bench/requirements.txt requirements.txt shared/pyproject.toml
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet -r bench/requirements.txt -e shared
	touch $@
