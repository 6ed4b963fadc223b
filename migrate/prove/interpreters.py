"""The interpreters of the two sides: which TensorFlow they have, and the environment that their commands get."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_TF1_MODE = Path(__file__).parent / 'tf1_mode'
_PROBE = (
    'import json, platform, tensorflow as tf; print(); print(json.dumps([tf.__version__, platform.python_version()]))'
)
_PROBE_SECONDS = 120

# A process that imported TensorFlow 2 leaves TF2_BEHAVIOR to its children: TensorFlow 1.15 then makes other variables.
_STRIPPED = ('TF2_BEHAVIOR', 'TF_USE_LEGACY_KERAS', 'VIRTUAL_ENV')
_SET = {
    'CUDA_VISIBLE_DEVICES': '-1',
    'TF_ENABLE_ONEDNN_OPTS': '0',
    'TF_CPP_MIN_LOG_LEVEL': '2',
    'PYTHONUNBUFFERED': '1',
}


class InterpreterError(Exception):
    """An interpreter that can't be run, or that has no TensorFlow."""


@dataclass(frozen=True)
class Interpreter:
    """A Python with a TensorFlow."""

    path: str
    tensorflow: str
    python: str

    @property
    def is_tensorflow_1(self) -> bool:
        return self.tensorflow.startswith('1.')


@functools.cache
def find_interpreter(path: str) -> Interpreter:
    """Returns what `path`, or the command of that name, turns out to be when it is run."""
    found = shutil.which(path)
    if found is None:
        raise InterpreterError(f'there is no Python interpreter {path}')
    # Not resolved any further: the link in a virtual environment is what makes it one.
    found = os.path.abspath(found)
    try:
        result = subprocess.run(
            [found, '-c', _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment(found),
            timeout=_PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InterpreterError(f'{path} could not be run: {error}') from error
    if result.returncode != 0:
        reason = result.stderr.decode(errors='replace').strip().splitlines()[-1:]
        raise InterpreterError(f'{path} cannot import TensorFlow: {"".join(reason) or f"status {result.returncode}"}')
    tensorflow, python = json.loads(result.stdout.splitlines()[-1])
    return Interpreter(found, tensorflow, python)


def environment(interpreter: str, tensorflow_1_mode: bool = False) -> dict[str, str]:
    """Returns the variables for commands of a side: nothing in them may make the two sides differ, or use a GPU.

    With `tensorflow_1_mode`, `import tensorflow` means `tensorflow.compat.v1` for them.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _STRIPPED and not name.startswith('PYTHON')
    }  # fmt: skip
    # A command that starts a shell script, in which stands `python`, gets the interpreter of the side too.
    kept['PATH'] = os.pathsep.join([os.path.dirname(interpreter), kept.get('PATH', os.defpath)])
    if tensorflow_1_mode:
        kept['PYTHONPATH'] = str(_TF1_MODE)
    return kept | _SET
