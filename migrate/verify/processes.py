"""Worker processes: started in a group of their own, watched while they run, ended with all that they started."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Variables that change how TensorFlow behaves. TensorFlow 2 sets TF2_BEHAVIOR when it is imported: inherited by a
# TensorFlow 1, it turns reference variables into resource variables.
_STRIPPED = ('TF_', 'TF2_', 'XLA_', 'CUDA_', 'PYTHONHOME', 'PYTHONSTARTUP', '__PYVENV')
_SETTINGS = {
    'TF_CPP_MIN_LOG_LEVEL': '2',
    'TF_ENABLE_ONEDNN_OPTS': '0',
    'CUDA_VISIBLE_DEVICES': '-1',
    'PYTHONDONTWRITEBYTECODE': '1',
    'PYTHONIOENCODING': 'utf-8',
}
# Signals that come from outside (or from a machine out of memory) and say nothing of the model.
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_OUT_OF_MEMORY = 'std::bad_alloc'
_MAX_LAST_WORDS = 1000
# What TensorFlow logs before it aborts, in the newest form and in that of TensorFlow 1; the rest is of no use then.
_FATAL = re.compile(r'(?:F\d{4} .*?\]|\d{4}-.*?: F .*?\]) (.*)')
_NO_WORDS = re.compile(r'[IWE]\d{4} |WARNING|\d{4}-\d\d-\d\d |\*\*\* |PC: @|\s*@ +0x|\s+@ ')
_SECONDS_BETWEEN_LOOKS = 0.05


@dataclass(frozen=True)
class Ending:
    """How a process ended. Without a message it was stopped by whoever watched it."""

    message: str
    says_nothing: bool = False
    """Whether that says nothing of the model that it ran."""


class Process:
    """One worker process: `PYTHON worker.py REQUEST`, with files of its own for events and last words."""

    def __init__(self, directory: Path, number: int, interpreter: str, request: dict[str, Any]) -> None:
        self._directory = directory
        self._interpreter = interpreter
        self._events = directory / f'events-{number}.jsonl'
        self._words = directory / f'stderr-{number}.txt'
        self._request = directory / f'request-{number}.json'
        self._request.write_text(json.dumps(request | {'events': str(self._events)}), encoding='utf-8')
        self._read = 0
        self.ending: Ending | None = None

    def watch(self, stopped: threading.Event) -> Iterator[list[dict[str, Any]]]:
        """Runs it and yields its events, many times a second also when there are none; says at last how it ended.

        Whoever stops listening ends it.
        """
        command = [self._interpreter, str(self._directory / 'worker.py'), str(self._request)]
        with self._words.open('wb') as words:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,  # closes when this process ends, however it does
                    stdout=words,
                    stderr=words,
                    cwd=self._directory,
                    env=environment(self._interpreter),
                    start_new_session=True,
                )
            except OSError as error:
                self.ending = Ending(f'{self._interpreter} cannot be started: {error.strerror or error}', True)
                return
            try:
                while _runs(process) and not stopped.is_set():
                    yield self._new_events()
            finally:
                _end(process)
        if not stopped.is_set():
            yield self._new_events()
            self.ending = self._ending(process.returncode)

    def _new_events(self) -> list[dict[str, Any]]:
        if not self._events.exists():
            return []
        with self._events.open('rb') as file:
            file.seek(self._read)
            # A line may be cut short: it is being written, or was when the process crashed.
            lines = file.read().splitlines(keepends=True)
        complete = [line for line in lines if line.endswith(b'\n')]
        self._read += sum(map(len, complete))
        return [json.loads(line) for line in complete]

    def _ending(self, code: int) -> Ending:
        words = _last_words(self._words)
        said = f'; its last words: {words}' if words else ''
        number = -code if code < 0 else code - 128  # a shell reports signal n of its child as 128 + n
        try:
            caught = signal.Signals(number)
        except ValueError:
            return Ending(f'the process ended with exit code {code}{said}')
        out_of_memory = caught == signal.SIGABRT and _OUT_OF_MEMORY in words
        hint = ' (out of memory?)' if caught == signal.SIGKILL else ' (out of memory)' if out_of_memory else ''
        return Ending(f'the process died of {caught.name}{hint}{said}', caught in _FROM_OUTSIDE or out_of_memory)


def environment(interpreter: str) -> dict[str, str]:
    """What a worker inherits: nothing that changes how its TensorFlow behaves."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_STRIPPED)}
    if Path(interpreter) != Path(sys.executable):
        kept.pop('PYTHONPATH', None)
    return kept | _SETTINGS


def _runs(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_SECONDS_BETWEEN_LOOKS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Also what it has started itself: that may live on after it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()


def _last_words(path: Path) -> str:
    lines = path.read_text(encoding='utf-8', errors='replace').splitlines()
    fatal = [found[1] for line in lines if (found := _FATAL.match(line))]
    telling = fatal or [line.strip() for line in lines if line.strip() and not _NO_WORDS.match(line)]
    return ' / '.join(telling[-4:])[-_MAX_LAST_WORDS:]
