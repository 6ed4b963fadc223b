"""Runs a script of ours that needs TensorFlow in a process of its own, which may crash or hang, and has no say here."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from migrate.prove.commands import CommandFailed, last_words, run_command
from migrate.prove.interpreters import environment
from migrate.scratch import scratch_folder

NO_TENSORFLOW = "pip install 'savedmodel-migrate[tensorflow]', or name a Python that has TensorFlow 2 with --python."
_LAST_LINES = 3
_PARENT = str(Path(__file__).with_name('parent.py'))


class Ending(NamedTuple):
    """What a script replied, line by line, and why it stopped before its end, if it did."""

    replies: list[Any]
    error: str
    advice: str = ''


def run_script(
    script: str, request: Mapping[str, Any], python: str, seconds: float, support: Sequence[str] = ()
) -> Ending:
    """Runs a script on a request; it replies in a file of JSON lines.

    It has `parent` and `support` beside it, to import, and `seconds` for each reply.
    """
    with scratch_folder() as folder:
        # Python puts a script's folder first on sys.path: there it must find its support, and nothing else of ours.
        for file in (script, _PARENT, *support):
            shutil.copyfile(file, folder / Path(file).name)
        reply = folder / 'reply.jsonl'
        content = json.dumps({**request, 'reply': str(reply), 'seconds': seconds})
        (folder / 'request.json').write_text(content, encoding='utf-8')
        error = advice = ''
        try:
            run_command(
                f'python {Path(script).name} request.json',
                folder=folder,
                python=python,
                environment=environment(python),
                timeout=seconds * (len(request.get('models', ())) + 1),
                log=folder / 'log.txt',
            )
        except CommandFailed as failed:
            error, advice = _why(failed, folder / 'log.txt', seconds)
        return Ending(_replies(reply), error, advice)


def _why(failed: CommandFailed, log: Path, seconds: float) -> tuple[str, str]:
    if 'was stopped after' in str(failed) or signal.Signals.SIGALRM.name in str(failed):
        return f'it took TensorFlow more than {seconds:g} seconds', 'Give it more with --timeout.'
    words = [line.strip() for line in last_words(log).splitlines() if line.strip() and not line.startswith('$')]
    said = f'Its last words: {" / ".join(words[-_LAST_LINES:])}' if words else 'It had no last words.'
    return f'the process with TensorFlow failed: {failed}', said


def _replies(file: Path) -> list[Any]:
    """Whole lines only: it may have been cut short while it wrote one."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding='utf-8').splitlines(keepends=True) if line[-1] == '\n']
