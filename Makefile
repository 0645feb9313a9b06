# `make` alone prints this list. Every target makes .venv from the lock first, once.
PYTHON  ?= python3
PROJECT ?= ad_campaign
SERIES  ?= night_shift
ARGS    ?=
BIN     := .venv/bin
STAMP   := .venv/.made-from-lock

# Some tests spend most of their time waiting for the programs that they start.
MORE_THAN_CORES := $$(($$(nproc 2>/dev/null || echo 2) + 1))
TORTURE := $(BIN)/python -m pytest -rP --show-capture=stdout

# Each start of storyreel, and of the compiler's cell, would read all sources anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup render series preview plan publish test torture torture-media torture-series torture-words bench check format lock schemas showcase clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## make .venv from requirements.lock (every target does it by itself)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "storyreel needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

render: $(STAMP)  ## a project to a film: make render PROJECT=ad_campaign [LIVE=1] [ARGS=…]
	@$(BIN)/storyreel render $(PROJECT) $(if $(LIVE),--live) $(ARGS)

series: $(STAMP)  ## many films from one project: make series SERIES=night_shift [ONLY=s01e03] [LIVE=1] [ARGS=…]
	@$(BIN)/storyreel series render $(SERIES) $(if $(ONLY),--select episode:$(ONLY)) $(if $(LIVE),--live) $(ARGS)

preview: $(STAMP)  ## the film over clips painted here, no credits: make preview PROJECT=ad_campaign [ARGS=--watch]
	@$(BIN)/storyreel preview $(PROJECT) $(ARGS)

plan: $(STAMP)  ## what a render would shoot and cost: make plan PROJECT=ad_campaign [LIVE=1]
	@$(BIN)/storyreel plan $(PROJECT) $(if $(LIVE),--live) $(ARGS)

publish: $(STAMP)  ## public addresses for a project's pictures: make publish PROJECT=ad_campaign [ARGS=FILE=URL]
	@$(BIN)/storyreel publish $(PROJECT) $(ARGS)

test: $(STAMP)  ## the tests (three to five minutes on 2 cores)
	$(BIN)/python -m pytest --numprocesses $(MORE_THAN_CORES) --dist loadfile $(ARGS)

torture: $(STAMP)  ## the long batteries about money and clips, what each came to; see docs/promises.md
	$(TORTURE) -m "torture and not (alone or media or series or words)" --numprocesses $(MORE_THAN_CORES) --maxschedchunk 1 $(ARGS) || [ $$? = 5 ]
	$(TORTURE) -m "torture and alone" $(ARGS) || [ $$? = 5 ]

torture-media: $(STAMP)  ## the long batteries about pictures: hostile files and captions, films shown in a browser
	$(TORTURE) -m "torture and media" --numprocesses 2 --dist worksteal $(ARGS) || [ $$? = 5 ]

torture-series: $(STAMP)  ## the long batteries about many films in one run: their pace, their cost, kills, a full disk
	$(TORTURE) -m "torture and series" $(ARGS) || [ $$? = 5 ]

torture-words: $(STAMP)  ## the long batteries about texts: hostile and mangled storyboards, prompts and names of many scripts
	$(TORTURE) -m "torture and words" --numprocesses 2 --dist worksteal $(ARGS) || [ $$? = 5 ]

bench: $(STAMP)  ## what compiling costs against Jinja, and a film against one ffmpeg graph and MoviePy (10 minutes)
	$(BIN)/python benchmarks/compiling.py
	$(BIN)/python benchmarks/rendering.py --with-moviepy --with-vmaf $(ARGS)

check: $(STAMP)  ## lint, format and types, as the tests' neighbours
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)  ## put the code into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: pyproject.toml  ## resolve pyproject.toml anew (needs uv)
	uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade --output-file requirements.lock

schemas: $(STAMP)  ## remake docs/schemas from the models
	@for name in project bible series storyboard; do $(BIN)/storyreel schema $$name > docs/schemas/$$name.schema.json || exit; done

showcase: $(STAMP)  ## remake the pictures of the README and the gallery
	$(BIN)/storyreel render ad_campaign
	$(BIN)/python docs/showcase.py

clean:  ## remove what was made from the projects and the environment, never a take or the ledger
	rm -rf .venv projects/*/build projects/*/out .mypy_cache .ruff_cache .pytest_cache
