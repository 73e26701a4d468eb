# The commands of this project. `make run` on a bare machine needs python3, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# processes that test at once
WORKERS ?= 2
# --without-pip: Debian's python3 has no ensurepip; the machine's own pip fills the folder
PIP := $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python
# pip compiles what it copies, not what it links: the first start should not have to
COMPILE := $(BIN)/python -m compileall -q app

.PHONY: install install-dev run test lint check-format check-style check-imports check-types check-schema \
	format bench deep lock schema migration

$(BIN)/python:
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(COMPILE)
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(COMPILE)
	touch $@ $(VENV)/.installed

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

run: install
	$(BIN)/duban run

test: install-dev
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: check-format check-style check-imports check-types

check-format: install-dev
	$(BIN)/ruff format --check .

check-style: install-dev
	$(BIN)/ruff check .

check-imports: install-dev
	$(BIN)/lint-imports

check-types: install-dev
	$(BIN)/mypy

check-schema: install-dev
	$(BIN)/duban schema export --check
	$(BIN)/duban schema refusals | diff - docs/refusals.md

format: install-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install-dev
	$(BIN)/python -m benchmarks

deep: install-dev
	DUBAN_TEST_DEEP=1 $(BIN)/python -m pytest

schema: install
	$(BIN)/duban schema export > schema.graphql
	$(BIN)/duban schema refusals > docs/refusals.md

# make migration message="what it does": drafts one from the models; read it before you commit it
migration: install-dev
	$(BIN)/python -m migrations.new "$(message)"
	$(BIN)/ruff format --quiet migrations

# hashes, never addresses: the file says what was tested, each machine knows where its packages come from
lock: install-dev
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --no-annotate --no-header --output-file requirements.lock pyproject.toml requirements-build.in
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --no-annotate --no-header --extra dev --output-file requirements-dev.lock pyproject.toml requirements-build.in
