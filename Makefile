# make demo    read a sample scan and show what became of it
# make test    everything that must hold: lint, types, contracts, tests
# make test-faults  fifty kills and all other faults of a batch (make test has a few of them)
# make test-hard  hostile files, two hundred kills, attacks, and half an hour of fuzzing
# make fuzz    every parser with bytes that nobody meant, for FUZZ_SECONDS (300)
# make lint    the quick part of it
# make bench   accuracy and speed, printed (needs the tools that draw samples)
# make pictures  draw the README's pictures anew
# make doctor  what is installed, and what is missing
# make clean   forget what was made
# make lock    resolve the dependencies anew (for developers; needs uv)

SHELL := /bin/bash
BIN := .venv/bin
PACKAGES := cli document layout models ocr pipeline reconstruct review

.DEFAULT_GOAL := demo
.PHONY: demo test test-faults test-hard fuzz lint bench pictures doctor clean lock prepare

prepare:
	@scripts/prepare.sh

demo: prepare
	@rm -rf out/demo
	@$(BIN)/gouji read samples/documents/demo.pdf -o out/demo --format json,xlsx --debug out/demo/seen
	@$(BIN)/gouji show out/demo/demo.json
	@echo
	@echo "Tables:   out/demo/demo.xlsx"
	@echo "Result:   out/demo/demo.json"
	@echo "Overlays: out/demo/seen/demo/"

lint: prepare
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(PACKAGES) tests samples benchmarks docs scripts
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/audit.py

test: lint
	@scripts/prepare.sh tests
	@$(BIN)/python -m pytest

test-faults: prepare
	@scripts/prepare.sh tests
	@$(BIN)/python -m pytest -rA tests/pipeline/test_faults.py --all-faults

test-hard: prepare
	@scripts/prepare.sh tests
	@PYTHONPATH=. $(BIN)/python tests/hard.py

fuzz: prepare
	@PYTHONPATH=. $(BIN)/python tests/fuzz/run.py

bench:
	@scripts/prepare.sh samples
	@$(BIN)/python -m benchmarks.accuracy
	@$(BIN)/python -m benchmarks.speed

pictures: prepare
	@PYTHONPATH=. $(BIN)/python docs/pictures/make.py

doctor: prepare
	@$(BIN)/gouji doctor

clean:
	rm -rf .venv build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --annotation-style line --quiet

lock:
	$(LOCK) -o requirements.lock
	$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock
