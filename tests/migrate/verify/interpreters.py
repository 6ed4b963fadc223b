"""Writes interpreters that misbehave, for tests: scripts that stand where a Python should."""

from __future__ import annotations

import sys
from pathlib import Path


def shell(path: Path, script: str) -> str:
    path.write_text(f'#!/bin/sh\n{script}\n')
    path.chmod(0o755)
    return str(path)


def patched(path: Path, patch: str) -> str:
    """This Python, running the worker after some lines that change it: `worker` is its module."""
    program = path.with_name('not-a-module.py')  # a `python.py` would be imported by TensorFlow
    program.write_text(
        'import importlib.util, os, signal, sys, time\n'
        'spec = importlib.util.spec_from_file_location("worker", sys.argv[1])\n'
        'worker = importlib.util.module_from_spec(spec)\n'
        'spec.loader.exec_module(worker)\n'
        f'{patch}\n'
        'worker.main(sys.argv[2])\n'
    )
    return shell(path, f'exec "{sys.executable}" "{program}" "$@"')
