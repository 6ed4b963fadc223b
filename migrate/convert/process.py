"""Runs a script of ours that needs TensorFlow in a process of its own, which may crash or hang, and has no say here."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from migrate.convert.refusal import Refusal
from migrate.prove.commands import CommandFailed, last_words, run_command
from migrate.prove.interpreters import environment

NO_TENSORFLOW = "pip install 'savedmodel-migrate[tensorflow]', or name a Python that has TensorFlow 2 with --python."


def run_script(script: str, request: Mapping[str, Any], python: str, timeout: float, support: str = '') -> Any:
    """What the script replies to the request; both are JSON. `support` is a module that it imports.

    Raises Refusal if it comes to no reply.
    """
    with tempfile.TemporaryDirectory(prefix='savedmodel-migrate-') as directory:
        folder = Path(directory)
        # Python puts a script's folder first on sys.path: there it must find its support, and nothing else of ours.
        for file in filter(None, (script, support)):
            shutil.copyfile(file, folder / Path(file).name)
        reply = folder / 'reply.json'
        content = json.dumps({**request, 'reply': str(reply)})
        (folder / 'request.json').write_text(content, encoding='utf-8')
        try:
            run_command(
                f'python {Path(script).name} request.json',
                folder=folder,
                python=python,
                environment=environment(python),
                timeout=timeout,
                log=folder / 'log.txt',
            )
        except CommandFailed as error:
            said = ' / '.join(line.strip() for line in last_words(folder / 'log.txt').splitlines()[-3:])
            way_on = 'Give it more time with --timeout.' if 'was stopped after' in str(error) else f'It said: {said}'
            raise Refusal(f'the process with TensorFlow failed: {error}', way_on) from error
        return json.loads(reply.read_text(encoding='utf-8'))
