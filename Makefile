# One name a habit. PYTHON chooses the interpreter that makes the environment (3.11 or later).
PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
TERRAFORM ?= terraform
export TERRAFORM
export PIP_DISABLE_PIP_VERSION_CHECK = 1
INSTALL := -m pip install --quiet --no-deps --require-hashes
LIBRARY := -m pip install --quiet --no-deps --no-build-isolation -e shared
PROGRAM := -m pip install --quiet --no-deps --no-build-isolation -e cli
# Licences under which we may ship what runs, and forms of secrets that never stand in a file.
LICENCES := MIT;BSD;Apache;ISC;Python Software Foundation;PSF;Mozilla Public License 2.0;MPL-2.0
SECRETS := -----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|gh[pousr]_[0-9A-Za-z]{36}|xox[abpr]-[0-9A-Za-z-]{10}|\bsk-[A-Za-z0-9]{32}|\bion_[A-Za-z0-9_-]{40}|ya29\.[0-9A-Za-z_-]{20}
COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
          $(if $(upgrade),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help setup run test prove prove-console prove-batches kill-batches check audit lock format bench bench-batches bench-caches bench-gateways load thousand capacity train evaluate evaluate-safety alerts-test reasons sentry-alerts drill trial console screenshots bundle try-model persona persona-lint persona-from character \
        api-key audit-log pseudonym seal keys erase-again scan-for migrate compare ready plan propose deploy roll-back drift tear-down smoke providers bootstrap release-image clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/dev ## an environment with everything for working on the code

run: $(VENV)/$(if $(REAL),dev,cli) ## the whole set on http://localhost:8080 (PORT=..., REAL=1 for real parts)
	@PORT="$(PORT)" $(BIN)/python -m ion_mentoring.local.serve $(if $(REAL),--real)

test: ## everything that has to hold: check and audit, then all tests (cover=1: with coverage and its floor, as CI does)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check audit
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(if $(cover),--cov --cov-report=term)
	@$(BIN)/python -m tests.console.report

prove: $(VENV)/dev .venv-load/ready ## what takes too long for every day: a hundred thousand heads and the like; half an hour at most
	$(BIN)/python -m pytest -m proof tests/attacks tests/faults --ignore tests/faults/test_batches_killed.py
	$(BIN)/python -m pytest -m proof --ignore tests/attacks --ignore tests/faults --ignore tests/console --ignore tests/cli --numprocesses 2 --dist load

prove-batches: $(VENV)/dev ## batches while everything that works on them is killed and frozen, ten times: some ten minutes
	$(BIN)/python -m pytest -m proof tests/faults/test_batches_killed.py tests/cli

kill-batches: $(VENV)/dev ## the killing bench, with counts: 10,000 items, ten times in a row, an hour (items=1000 runs=2 on=emulators)
	@$(BIN)/python -m bench.batch_kills $(if $(items),--items $(items)) $(if $(runs),--runs $(runs)) $(if $(on),--on $(on))

prove-console: $(VENV)/dev ## every journey of the console in a real Chromium, one at a time: they measure times, too
	$(BIN)/python -m pytest -m proof tests/console

check: $(VENV)/dev ## what can be told without running: style, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy shared/ion_mentoring shared/persona_system infra training migration loadtests cli/ion_cli migrate_persona_imports.py
	$(BIN)/lint-imports
	$(BIN)/python infra/docstrings.py
	$(BIN)/python infra/flags.py

alerts-test: $(VENV)/dev ## incidents and a quiet day: which alert rings, after how long (log=FILE: of a log of your own)
	@$(BIN)/python infra/alerting/rehearse.py $(if $(log),--log "$(log)")

reasons: $(VENV)/dev ## how often which reason was given in a log, by time (log=FILE)
	@$(BIN)/python infra/alerting/reasons.py "$(log)"

drill: $(VENV)/dev ## break each dependency of a running set in turn, and look what people notice: half an hour (only=cache-frozen short=1)
	@$(BIN)/python infra/drills/program.py $(addprefix --only ,$(only)) $(if $(short),--short)

trial: $(VENV)/dev ## a set in which something breaks unseen: find it by what an operator has (only=cache)
	@$(BIN)/python infra/drills/trial.py $(if $(only),--only "$(only)")

sentry-alerts: $(VENV)/runtime ## Sentry's rules from infra/terraform/alerts.json: what would change (write=1: change it)
	@$(BIN)/python infra/alerting/sentry_alerts.py $(if $(write),--write) $(if $(env),--environment "$(env)")

audit: .venv-checkov/ready .venv-audit/ready $(VENV)/dev ## what is unsafe: Terraform, images, code, licences, secrets (known=1: known weaknesses, too)
	.venv-checkov/bin/checkov --directory infra --framework terraform --framework dockerfile --skip-download --compact --quiet
	.venv-audit/bin/bandit --quiet --recursive --severity-level medium --confidence-level medium \
		shared functions infra migration loadtests cli
	.venv-audit/bin/pip-licenses --python=$(BIN)/python --partial-match --allow-only="$(LICENCES)" > /dev/null
	! git grep -nIE -e '$(SECRETS)'
	$(if $(known),.venv-audit/bin/pip-audit --disable-pip --require-hashes --requirement requirements.txt)

lock: .venv-lock/ready ## the pins and hashes anew, from the groups in pyproject.toml (upgrade=1: the newest of everything)
	$(COMPILE) --group runtime --output-file requirements.txt
	$(COMPILE) --group bundling --constraints requirements.txt --output-file infra/bundling/requirements.txt
	$(COMPILE) --group migration --constraints requirements.txt --output-file migration/requirements.txt
	$(COMPILE) --group cli --constraints requirements.txt --output-file cli/requirements.txt
	$(COMPILE) --group dev --constraints requirements.txt --constraints infra/bundling/requirements.txt \
		--constraints migration/requirements.txt --constraints cli/requirements.txt --output-file requirements-dev.txt
	$(COMPILE) --group bench --constraints requirements.txt --output-file bench/requirements.txt
	$(COMPILE) --group gateways --output-file bench/gateways.txt
	$(COMPILE) --group load --constraints requirements.txt --output-file loadtests/requirements.txt
	$(COMPILE) --group training --constraints requirements.txt --output-file training/requirements.txt
	$(COMPILE) --group checkov --output-file infra/checkov.txt
	$(COMPILE) --group audit --output-file infra/audit.txt
	$(COMPILE) --group uv --output-file infra/uv.txt

format: $(VENV)/dev ## lay the code out
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev ## the goals with numbers, side by side with an empty function (needs wrk)
	$(BIN)/python -m bench

bench-batches: $(VENV)/dev ## batches of 100, 1,000 and 10,000 items: items a second, growth, memory, writes (items=1000 on=sqlite)
	@$(BIN)/python -m bench.batches $(if $(items),--items $(items)) $(if $(on),--on $(on))

bench-caches: .venv-bench/ready ## L1 beside other caches, and a simulated day, with pictures in docs/ (DATA=questions.tsv.gz)
	.venv-bench/bin/python -m bench.hit_ratio
	.venv-bench/bin/python -m bench.compare_caches
	.venv-bench/bin/python -m bench.day $(if $(DATA),--data "$(DATA)")

bench-gateways: $(VENV)/dev .venv-gateways/ready ## what router and persona add to a model's answer, beside LiteLLM's proxy, at 1 and at 100 at once
	@$(BIN)/python -m bench.gateways --litellm .venv-gateways/bin/litellm

load: .venv-load/ready ## load, gate and report: make load scenario=light (url=https://... seconds=60 keep=1); docs/loadtests.md
	@.venv-load/bin/python -m loadtests $(scenario) $(if $(url),--url $(url)) $(if $(seconds),--seconds $(seconds)) $(if $(keep),--keep)

thousand: .venv-load/ready ## 1,000 users on one core, then 3,000 and 5,000: what breaks first, where the time goes: ten minutes (users="50 100" seconds=60)
	@.venv-load/bin/python -m loadtests.thousand $(if $(users),--users $(users)) $(if $(seconds),--seconds $(seconds))

capacity: .venv-load/ready ## the capacity model anew, from cached, cold and light, checked against medium and heavy: a quarter of an hour (seconds=60)
	for scenario in cached cold light medium heavy; do \
		.venv-load/bin/python -m loadtests $$scenario $(if $(seconds),--seconds $(seconds)); test $$? -lt 2 || exit 2; \
	done
	.venv-load/bin/python -m loadtests.capacity --fit build/load/cached.json build/load/cold.json build/load/light.json \
		--check build/load/medium.json build/load/heavy.json --plot

train: .venv-train/ready ## learn anew what is shipped from data: make train DATA=DIR (docs/understanding.md names the data sets)
	.venv-train/bin/python -m training.danger --data "$(DATA)"
	.venv-train/bin/python -m training.keys --data "$(DATA)"
	.venv-train/bin/python -m training.situations --data "$(DATA)"
	.venv-train/bin/python -m training.turns
	.venv-train/bin/python -m training.later_turns
	.venv-train/bin/python -m training.expected --data "$(DATA)"
	.venv-train/bin/python -m training.centres
	.venv-train/bin/python -m training.private
	.venv-train/bin/python -m training.urgent
	.venv-train/bin/python -m training.scopes

evaluate: $(VENV)/runtime ## how well keys, situations and turns are read: make evaluate DATA=DIR (write=1: into docs/)
	$(BIN)/python -m training.evaluate_keys --data "$(DATA)" $(if $(write),--write)
	$(BIN)/python -m training.evaluate_situations $(if $(write),--write)
	$(BIN)/python -m training.evaluate_turns $(if $(write),--write)
	$(BIN)/python -m training.evaluate_expected
	$(BIN)/python -m training.evaluate_stories
	$(BIN)/python -m training.evaluate_purposes
	$(if $(write),$(MAKE) --no-print-directory .venv-bench/ready && .venv-bench/bin/python -m bench.readers --data "$(DATA)")

evaluate-safety: $(VENV)/runtime ## what the danger check finds, and what it takes for a sign that is none (DATA=DIR for ordinary text)
	$(BIN)/python -m training.evaluate_danger $(if $(DATA),--data "$(DATA)") $(if $(write),--write)
	$(BIN)/python -m training.evaluate_later
	$(BIN)/python -m training.evaluate_urgent
	$(BIN)/python -m training.evaluate_scopes

console: console/node_modules/.package-lock.json ## the console's files anew, from console/ (needs Node 20): commit what it writes
	cd console && npx tsc -p . && npx tsc -p src/worker && node build.mjs

screenshots: $(VENV)/dev ## pictures of the console in ten states, to be looked at (build/screenshots), and README's (needs chromium)
	$(BIN)/python -m tests.console.pictures

bundle: $(VENV)/bundler ## one zip a function under build/
	$(BIN)/python infra/bundle.py

ready: $(VENV)/runtime ## what would stop a first apply half-way (quotas, policies, billing, names, who is told): make ready env=dev
	@$(BIN)/python infra/ready.py $(env)

plan: bundle ## what a release would change: make plan env=dev (offline=1: without a cloud, as if nothing existed)
	$(BIN)/python infra/release.py plan $(env) $(if $(offline),--offline)

propose: bundle ## plan, and keep that for whoever approves it: make propose env=dev
	$(BIN)/python infra/release.py propose $(env)

deploy: bundle .venv-load/ready ## one region, then the others, and back if it is not well: make deploy env=dev (approved=COMMIT canary=REGION without=REGION)
	$(BIN)/python infra/release.py deploy $(env) $(if $(approved),--approved $(approved)) $(if $(canary),--canary $(canary)) \
		$(if $(without),--without $(without))

roll-back: $(VENV)/runtime ## run what ran before: make roll-back env=dev (without=REGION)
	$(BIN)/python infra/release.py roll-back $(env) $(if $(without),--without $(without))

drift: $(VENV)/runtime ## what was changed in the cloud beside Terraform: make drift env=dev; it changes nothing
	@$(BIN)/python infra/release.py drift $(env)

tear-down: bundle ## a set away with all that is in it, never prod: make tear-down env=dev sure=PROJECT
	$(BIN)/python infra/release.py tear-down $(env) --sure "$(sure)"

smoke: $(VENV)/runtime ## ask a deployed set what its users ask: make smoke url=https://... (region=us-central1)
	$(BIN)/python infra/releasing/smoke.py $(url) $(if $(region),--region $(region))

providers: ## the pins and hashes of Terraform's providers, for every platform: commit what it writes
	for root in foundation envs/dev envs/prod; do \
		$(TERRAFORM) -chdir=infra/terraform/$$root providers lock -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_arm64 || exit 1; \
	done

bootstrap: ## once a project, by its owner: make bootstrap env=dev project=my-project
	$(TERRAFORM) -chdir=infra/terraform/foundation init -reconfigure -lockfile=readonly -backend-config=bucket=$(project)-state
	$(TERRAFORM) -chdir=infra/terraform/foundation apply -var project=$(project) -var environment=$(env) -var-file=$(env).tfvars

release-image: ## once a project: what Cloud Build runs make in: make release-image project=my-project
	gcloud builds submit infra/release-image --project $(project) --config infra/release-image/cloudbuild.yaml \
		--gcs-source-staging-dir gs://$(project)-bundles/source

try-model: $(VENV)/runtime ## the whole set against a live server: make try-model URL=http://localhost:11434/v1 MODEL=llama3.2
	$(BIN)/python -m ion_mentoring.local.try_model $(URL) $(MODEL)

persona: $(VENV)/runtime ## a new persona: make persona name=sena
	$(BIN)/python infra/persona.py $(name)

persona-lint: $(VENV)/runtime ## what personas' cards lack, where they contradict themselves, who is too like another: make persona-lint name=sena
	@$(BIN)/python -m infra.characters.lint $(name)

character: $(VENV)/runtime ## a persona as a character card (chara_card_v2) on standard output: make character name=lua language=ko out=lua.json
	@$(BIN)/python -m infra.characters.program export $(name) --language $(or $(language),en) $(if $(out),> $(out))

persona-from: $(VENV)/runtime ## a persona of a character card: make persona-from file=card.json name=sena (replace=1 where it is there)
	$(BIN)/python -m infra.characters.program import $(file) --name $(name) $(if $(replace),--replace)

seal: $(VENV)/runtime ## what was kept in plain is sealed (the store that the environment names); it can be broken off and begun again
	@$(BIN)/python -m ion_mentoring.local.sealing

keys: $(VENV)/runtime ## whose keys lie under which week's; rotate=period or rotate=master wraps them anew
	@$(BIN)/python -m ion_mentoring.local.sealing $(if $(rotate),--rotate $(rotate),--report)

erase-again: $(VENV)/runtime ## after a backup was restored, before anything is served: who was erased since then is erased again
	@$(BIN)/python -m ion_mentoring.local.erasing $(if $(list),--list "$(list)")

scan-for: $(VENV)/runtime ## where a text lies, in whatever form: make scan-for mark=... (path=...; the store and the cache that the environment names)
	@$(BIN)/python -m ion_mentoring.local.scan "$(mark)" $(if $(path),--path "$(path)")

api-key: $(VENV)/runtime ## a new API key: make api-key owner=acme role=service (tokens=1000000 a month)
	@$(BIN)/python -m ion_mentoring.local.api_key $(owner) $(role) $(tokens)

audit-log: $(VENV)/runtime ## verify the audit log: what was changed, dropped or swapped (of=key:acme: what is about it; log=FILE: the event log, too)
	@$(BIN)/python infra/audit_log.py $(if $(of),--of "$(of)") $(if $(log),--log "$(log)")

pseudonym: $(VENV)/runtime ## what somebody is called in the logs of a day: make pseudonym of=acme/sub:kim (day=2026-11-29)
	@$(BIN)/python infra/pseudonym.py "$(of)" $(if $(day),--day $(day))

migrate: .venv-migration/ready ## programs of the monolith, to the new calls: make migrate project=DIR (or dir=, file=; live=1 writes, check=1, report=FILE)
	.venv-migration/bin/python migrate_persona_imports.py $(if $(project),--project "$(project)") $(if $(dir),--dir "$(dir)") \
		$(if $(file),--file "$(file)") $(if $(live),--live) $(if $(check),--check) $(if $(report),--report "$(report)")

compare: $(VENV)/runtime ## the old system and the new one, answer by answer: make compare old=URL new=URL requests=FILE (share=0.01 rate=20 json=FILE)
	$(BIN)/python -m migration.comparing.program --old "$(old)" --new "$(new)" --requests "$(requests)" $(if $(share),--share $(share)) \
		$(if $(rate),--per-second $(rate)) $(if $(json),--json "$(json)")

clean: ## forget the environment and what was built
	rm -rf $(VENV) console/node_modules .venv-bench .venv-gateways .venv-load .venv-train .venv-audit .venv-checkov .venv-lock .venv-migration build

$(VENV)/runtime: requirements.txt shared/pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python $(INSTALL) -r requirements.txt
	$(BIN)/python $(LIBRARY)
	touch $@

$(VENV)/bundler: infra/bundling/requirements.txt $(VENV)/runtime
	$(BIN)/python $(INSTALL) -r infra/bundling/requirements.txt
	touch $@

$(VENV)/cli: cli/requirements.txt cli/pyproject.toml $(VENV)/runtime
	$(BIN)/python $(INSTALL) -r cli/requirements.txt
	$(BIN)/python $(PROGRAM)
	touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/bundler $(VENV)/cli
	$(BIN)/python $(INSTALL) -r requirements-dev.txt
	touch $@

console/node_modules/.package-lock.json: console/package-lock.json
	cd console && npm ci --no-audit --no-fund

.venv-bench/ready: bench/requirements.txt requirements.txt shared/pyproject.toml
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python $(INSTALL) -r requirements.txt
	.venv-bench/bin/python $(INSTALL) -r bench/requirements.txt
	.venv-bench/bin/python $(LIBRARY)
	touch $@

.venv-gateways/ready: bench/gateways.txt
	test -x .venv-gateways/bin/python || $(PYTHON) -m venv .venv-gateways
	.venv-gateways/bin/python $(INSTALL) -r bench/gateways.txt
	touch $@

.venv-load/ready: loadtests/requirements.txt requirements.txt shared/pyproject.toml
	test -x .venv-load/bin/python || $(PYTHON) -m venv .venv-load
	.venv-load/bin/python $(INSTALL) -r requirements.txt
	.venv-load/bin/python $(INSTALL) -r loadtests/requirements.txt
	.venv-load/bin/python $(LIBRARY)
	touch $@

.venv-train/ready: training/requirements.txt shared/pyproject.toml
	test -x .venv-train/bin/python || $(PYTHON) -m venv .venv-train
	.venv-train/bin/python $(INSTALL) -r training/requirements.txt
	.venv-train/bin/python $(LIBRARY)
	touch $@

.venv-checkov/ready: infra/checkov.txt
	test -x .venv-checkov/bin/python || $(PYTHON) -m venv .venv-checkov
	.venv-checkov/bin/python $(INSTALL) -r infra/checkov.txt
	touch $@

.venv-audit/ready: infra/audit.txt
	test -x .venv-audit/bin/python || $(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python $(INSTALL) -r infra/audit.txt
	touch $@

.venv-lock/ready: infra/uv.txt
	test -x .venv-lock/bin/python || $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python $(INSTALL) -r infra/uv.txt
	touch $@

.venv-migration/ready: migration/requirements.txt
	test -x .venv-migration/bin/python || $(PYTHON) -m venv .venv-migration
	.venv-migration/bin/python $(INSTALL) -r migration/requirements.txt
	touch $@
