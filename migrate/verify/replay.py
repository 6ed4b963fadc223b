"""Stores the inputs that a verification ran on together with its result, so that the same can be run again.

One file, a zip archive: `verification.json`, `inputs.json` with the cases of each signature, and a file of tensors for
each case, in the form in which workers read them.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from migrate.files import write_atomically
from migrate.verify import worker
from migrate.verify.given import InputError
from migrate.verify.runs import Case

_RESULT, _INDEX = 'verification.json', 'inputs.json'


def save(path: Path, result: str, cases: Mapping[str, Sequence[Case]]) -> None:
    """Writes the result, as JSON, and the cases by the keys of their signatures."""
    content = io.BytesIO()
    index: list[dict[str, Any]] = []
    with zipfile.ZipFile(content, 'w', zipfile.ZIP_DEFLATED) as archive:
        for key, several in cases.items():
            # What is there for the new model's shapes alone comes from them again.
            for case in (case for case in several if not case.instead):
                name = f'inputs/{len(index)}.npz'
                tensors = io.BytesIO()
                worker.write_tensors(tensors, dict(case.tensors))
                archive.writestr(name, tensors.getvalue())
                about: dict[str, Any] = {'leaves_out': case.leaves_out, 'setting': case.setting, 'apart': case.apart}
                index.append({'signature': key, 'name': case.name, **about, 'file': name})
        archive.writestr(_INDEX, json.dumps(index, indent=2))
        archive.writestr(_RESULT, result)
    write_atomically(path, content.getvalue())


def is_stored(path: Path) -> bool:
    """Whether a file is one that `save` wrote."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {_RESULT, _INDEX} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def load(path: Path) -> dict[str, list[Case]]:
    """The cases that `save` wrote, by signature; InputError if the file is none of its files."""
    cases: dict[str, list[Case]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in json.loads(archive.read(_INDEX)):
                tensors = worker.load_tensors(io.BytesIO(archive.read(entry['file'])))
                case = Case(entry['name'], tensors, entry['leaves_out'], entry['setting'], entry['apart'])
                cases.setdefault(entry['signature'], []).append(case)
    except OSError as error:
        raise InputError(f'{path}: {error.strerror or error}') from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise InputError(f'{path} holds no inputs of a verification: {error}') from error
    return cases
