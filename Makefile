# One entry for everything. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing (Debian: apt install python3-venv)."; exit 1; }

$(VENV)/runtime: requirements/runtime.lock | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.lock
	@touch $@

$(VENV)/rules: requirements/rules.lock | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/rules.lock
	@touch $@

$(VENV)/dev: requirements/dev.lock | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

node_modules/.installed: package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: the accessibility tests need axe-core (Debian: apt install npm)."; exit 1; }
	@npm ci --silent --no-audit --no-fund
	@touch $@

run: $(VENV)/runtime ## set everything up and serve on http://127.0.0.1:8000
	@$(FLASK) db upgrade
	@$(FLASK) serve

demo: $(VENV)/runtime ## the same with 60 invented patients and staff accounts, in its own instance
	@INTAKE_INSTANCE=instance-demo INTAKE_DEMO=true $(FLASK) db upgrade
	@INTAKE_INSTANCE=instance-demo INTAKE_DEMO=true $(FLASK) demo seed
	@INTAKE_INSTANCE=instance-demo INTAKE_DEMO=true $(FLASK) serve

rules: $(VENV)/rules ## what proving, comparing, replaying and publishing rule books need beside (181 MB); serving needs none of it

CHECKS := check-types check-rules check-templates check-imports check-code check-format
BESIDE := $(MAKE) --silent --no-print-directory --jobs=4 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

check: $(VENV)/dev ## ruff, mypy, djlint, import contracts, rule book
	@$(BESIDE) $(CHECKS)

check-types: $(VENV)/dev
	@$(BIN)/mypy --no-error-summary

check-rules: $(VENV)/dev
	@found=$$($(FLASK) rules check) || { echo "$$found"; exit 1; }; echo "$$found" | tail -n 1

check-templates: $(VENV)/dev
	@$(BIN)/djlint --quiet --lint intake/templates

check-imports: $(VENV)/dev
	@$(BIN)/lint-imports > /dev/null || $(BIN)/lint-imports

check-code: $(VENV)/dev
	@$(BIN)/ruff check --quiet .

check-format: $(VENV)/dev
	@$(BIN)/ruff format --check --quiet .

test: $(VENV)/dev node_modules/.installed system-packages ## everything that CI runs
	@mkdir -p build
	@$(BESIDE) check > build/checks.txt 2>&1 & checks=$$!; \
	$(BIN)/pytest -n 2 --cov --cov-report=term:skip-covered; tests=$$?; \
	wait $$checks; checks=$$?; cat build/checks.txt; [ $$tests = 0 ] && [ $$checks = 0 ]

soak: $(VENV)/dev system-packages ## the campaigns: faults, power cuts, kills, tampering, residue (docs/campaigns.md); SEED=n repeats one
	@$(BIN)/pytest -n 2 -m "soak or hypothesis" --hypothesis-profile=soak $(if $(SEED),--soak-seed=$(SEED))

golden: $(VENV)/dev ## renew every file that is made from the product: tests/golden, docs/rules.html, the body map
	@$(BIN)/python -m tools.golden

system-packages:
	@tools/system-packages

prove: $(VENV)/rules ## prove the rule book
	@$(FLASK) rules prove

bench: $(VENV)/dev ## the benchmarks: ratios against a floor of the same run
	@$(BIN)/python -m bench.decide
	@$(BIN)/python -m bench.prove
	@$(BIN)/python -m bench.journey
	@$(BIN)/python -m bench.crowd
	@$(BIN)/python -m bench.queue
	@$(BIN)/python -m bench.outbox
	@$(BIN)/python -m bench.desk
	@$(BIN)/python -m bench.replay
	@$(BIN)/python -m bench.agreement

messages: $(VENV)/dev ## build/messages.pot: every word that translators are given
	@mkdir -p build
	@PYTHONPATH=. $(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext -k _ --no-location --project needling-intake -o build/messages.pot .

LOCK := $(BIN)/pip-compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe

lock: $(VENV)/dev ## renew the locked dependencies: of serving, of working on rules, of developing
	@$(LOCK) -o requirements/runtime.lock pyproject.toml
	@$(LOCK) --extra rules -o requirements/rules.lock pyproject.toml
	@$(LOCK) --extra rules --extra dev -o requirements/dev.lock pyproject.toml

.PHONY: help run demo rules check $(CHECKS) test soak golden system-packages prove bench messages lock
