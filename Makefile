# Each target sets up what it needs in .venv; Python 3.11 or newer is all a machine must have.
# `make lab PORT=9000` and the like choose another port.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
ESLINT := .ci/node_modules/.ready
NEEDS_KEYS = test -d autograder/questions || { echo "This is the learner edition: it has no questions' keys, so there is nothing to grade with. Use the instructor's repository."; exit 1; }
TESTED := $(if $(wildcard autograder/questions),tests,tests/book tests/exercises)
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
export JUPYTER_PLATFORM_DIRS = 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help book build lab desk grade lint test test-all bench attacks ordinary count learner-edition clean
help:
	@echo "make book             build the book and open it on http://127.0.0.1:8000"
	@echo "make build            only build it, to _build/html"
	@echo "make lab              JupyterLab on your own copy of the exercises (work/)"
	@echo "make desk             JupyterLab with formgrader, for the instructor"
	@echo "make grade            grade a made-up class of 30 from end to end"
	@echo "make lint             what can be seen without running: ruff, mypy, ESLint, how long the files are"
	@echo "make test             lint, then the tests"
	@echo "make test-all         the tests with the whole matrix of cases: an hour or more"
	@echo "make bench            timings, and what each page weighs"
	@echo "make attacks          the attack corpus, graded among honest work, as a table"
	@echo "make ordinary         ordinary nbgrader tests: how each is judged, and what honest and wrong answers get"
	@echo "make count            how many claims, chapters, questions and widgets there are"
	@echo "make learner-edition  the same tree without keys, in dist/"

$(READY): requirements.txt .ci/constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: set PYTHON=/path/to/python3.11."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing: on Debian or Ubuntu, 'apt-get install python3-venv'."; exit 1; }
	@echo "Installing the course's packages into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements.txt
	@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null || true  # what pip would do, on all cores; a package's Python 2 examples fail
	@mkdir -p .venv/etc/ipython  # or ipykernel 7.4 warns of unencrypted local traffic at each start: 24 times in one build
	@echo '{"IPKernelApp": {"log_level": "ERROR"}}' > .venv/etc/ipython/ipython_kernel_config.json
	@touch $@

book: PORT ?= 8000
book: $(READY)
	@$(BIN)/python .ci/serve.py --free $(PORT)
	@$(MAKE) --no-print-directory build
	@$(BIN)/python .ci/serve.py _build/html $(PORT)

build: $(READY)
	@$(BIN)/jupyter-book build . --quiet -W -n --keep-going
	@echo "The book is in _build/html: open _build/html/index.html."

work: | $(READY)
	@cp -r exercises work
	@echo "Your own copy of the exercises is in work/: it is made once and never overwritten."

lab: PORT ?= 8888
lab: $(READY) work
	@$(BIN)/python .ci/serve.py --free $(PORT)
	@cd work && JUPYTER_CONFIG_PATH="$(CURDIR)" "$(CURDIR)/$(BIN)/jupyter" lab --ServerApp.root_dir=. --ServerApp.port=$(PORT) --ServerApp.port_retries=0 $(AS_ROOT) $(LAB_OPTIONS)

desk: PORT ?= 8889
desk: $(READY)
	@$(NEEDS_KEYS)
	@$(BIN)/python .ci/serve.py --free $(PORT)
	@echo "In JupyterLab: menu Nbgrader, then Formgrader."
	@$(BIN)/jupyter lab --ServerApp.root_dir=. --ServerApp.port=$(PORT) --ServerApp.port_retries=0 $(AS_ROOT) $(LAB_OPTIONS)

grade: $(READY)
	@$(NEEDS_KEYS)
	@$(BIN)/python .ci/bubblewrap.py || true
	@$(BIN)/autograder rehearse --learners 30

$(ESLINT): .ci/package-lock.json | $(READY)
	@$(BIN)/python .ci/node.py
	@echo "Installing the linter of JavaScript into .ci/node_modules (once) ..."
	@cd .ci && npm ci --loglevel=error >/dev/null || { echo "ESLint could not be installed: 'npm ci' needs an index of npm packages, once."; exit 1; }
	@touch $@

lint: $(READY) $(ESLINT)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted: '.venv/bin/ruff format .' does it."; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@node .ci/node_modules/eslint/bin/eslint.js --config .ci/eslint.config.mjs --cache --cache-location .ci/node_modules/.cache/ book
	@$(BIN)/python .ci/lengths.py

test: CASES = -m "not matrix"
test test-all: lint
	@$(BIN)/python .ci/browser.py
	@test ! -d autograder/questions || $(BIN)/python .ci/bubblewrap.py
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(CASES) $(TESTED)

bench: $(READY)
	@$(NEEDS_KEYS)
	@$(BIN)/python .ci/bench.py
	@$(MAKE) --no-print-directory build
	@$(BIN)/python .ci/bench_pages.py _build/html

attacks: $(READY)
	@$(NEEDS_KEYS)
	@$(BIN)/python tests/autograder/attacks.py

ordinary: $(READY)
	@$(NEEDS_KEYS)
	@$(BIN)/python tests/autograder/ordinary/ordinary.py

count: $(READY)
	@$(BIN)/python .ci/count.py

learner-edition: $(READY)
	@$(NEEDS_KEYS)
	@$(BIN)/autograder learner-edition dist/learner-edition

clean:
	rm -rf _build dist .pytest_cache .ruff_cache .mypy_cache
