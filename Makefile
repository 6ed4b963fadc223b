# Everything here sets itself up: it needs git, make and a Python 3.10 to 3.13, and makes its own virtual environments.
#   PYTHON=/path/to/python   chooses the Python of .venv
#   ARGS="..."               goes to pytest

.PHONY: help demo test test-consumer lint clean .venv

help:  ## Shows this list.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

demo: .venv  ## Proves the sample projects and writes the report of them.
	@scripts/demo

test: .venv  ## Runs all tests.
	@SAVEDMODEL_MIGRATE_OLD_PYTHON=$$(scripts/old_side) .venv/bin/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

test-consumer:  ## Asks TFX's RunInference for classify and regress results of old and new models, in .venv-consumer.
	@scripts/set_up_consumer
	@.venv-consumer/bin/python -m pytest tests/consumers/run_inference.py $(ARGS)

lint: .venv  ## Checks style and types.
	.venv/bin/ruff check .
	.venv/bin/mypy

clean:  ## Removes what the other targets made.
	rm -rf .venv .venv-tf1 .venv-consumer .savedmodel-migrate .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv:
	@PYTHON='$(PYTHON)' scripts/set_up
