# Every target works alone on a fresh machine with Python 3.11 or newer and make: the first one to run sets up .venv.
# No root, no libGL, nothing installed outside of .venv.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

IN ?= fixtures/scans
OUT ?= out
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup run test bench bench-peers lint docs lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Create .venv from the lock file

# The set and the order are ours: --no-deps takes exactly what the lock lists, and the headless OpenCV goes in last,
# because all OpenCV distributions write the same `cv2` folder and only the headless one needs no libGL.
$(STAMP): requirements.lock pyproject.toml
	@python=; for name in $${PYTHON:-} python3.13 python3.12 python3.11 python3; do \
	  if command -v "$$name" >/dev/null && "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; \
	  then python="$$name"; break; fi; done; \
	if [ -z "$$python" ]; then echo "make: Python 3.11 or newer is needed (set PYTHON=/path/to/python)" >&2; exit 1; fi; \
	echo "Setting up $(VENV) with $$("$$python" --version) ..."; \
	"$$python" -m venv --clear $(VENV) || { echo "make: $$python has no venv module (on Debian: python3-venv)" >&2; exit 1; }
	@awk '/^[a-z]/{last = /^opencv-python-headless==/} {print > (last ? "$(VENV)/last.lock" : "$(VENV)/first.lock")}' requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/first.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/last.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Exit code 1 says that some records need review: the run itself went well.
run: $(STAMP) ## Digitise a folder: make run IN=folder OUT=folder
	@$(BIN)/zhibiao run "$(IN)" -o "$(OUT)" || [ $$? -eq 1 ]

test: $(STAMP) ## Run the tests
	@$(BIN)/python -m pytest

bench: $(STAMP) ## Score the whole way on simulated and public scans
	@$(BIN)/python -m bench

# Their dependencies are not ours: an environment of their own, which `make bench` uses when it is there.
bench-peers: $(STAMP) ## Set up the readers that the bench compares with
	@$(BIN)/python -m venv --clear bench/out/peers
	@bench/out/peers/bin/python -m pip install --quiet --disable-pip-version-check \
	  img2table==2.0.0 rapidocr==3.10.0 faster-paddle==1.0.4 onnxruntime==1.31.1 opencv-python-headless==5.0.0.93

# Torch is no dependency of ours: training has an environment of its own, and fetches its fonts with apt-get download.
figures: ## Train the figure reader anew (Debian, about two hours on one core)
	@[ -d training/out/venv ] || python3 -m venv training/out/venv
	@training/out/venv/bin/python -m pip install --quiet --disable-pip-version-check -r training/figures/requirements.txt
	@OMP_NUM_THREADS=1 training/out/venv/bin/python -m training.figures

lint: $(STAMP) ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/mypy

docs: $(STAMP) ## Write the tables of docs/settings.md anew
	@sed -i '/<!-- written by/q' docs/settings.md
	@$(BIN)/zhibiao settings --markdown >> docs/settings.md

lock: $(STAMP) ## Write requirements.lock anew from pyproject.toml
	@$(BIN)/pip-compile --quiet --upgrade --allow-unsafe --generate-hashes --strip-extras --no-annotate --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --all-extras -o requirements.lock pyproject.toml
	@! grep -nE '://|^-|^--' requirements.lock

clean: ## Remove .venv, caches and output
	rm -rf $(VENV) out build dist bench/out training/out *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
