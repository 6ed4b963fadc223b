"""Loads one SavedModel into a session and saves what it serves for TensorFlow 2: `PYTHON worker.py REQUEST.json`.

Runs in a process of its own, beside a copy of `session_module.py`: a SavedModel is a program. The request names the
model (with one meta graph), its tags, the folder for the new one, the paths of assets by the tensors that take them,
and the ops that the model uses. The reply is a JSON file: notes for a person, or an error.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any

_INIT_OPS = ('saved_model_main_op', 'legacy_init_op')
_MAX_MESSAGE = 800


def main(request_path: str) -> None:
    request = json.loads(Path(request_path).read_text(encoding='utf-8'))
    reply = _reply(request)
    Path(request['reply']).write_text(json.dumps(reply), encoding='utf-8')


def _reply(request: dict[str, Any]) -> dict[str, Any]:
    try:
        tf = importlib.import_module('tensorflow')
        version = tf.__version__
        if int(version.split('.')[0]) < 2:
            raise ImportError(f'TensorFlow {version} is too old')
        session_module: Any = importlib.import_module('session_module')
    except Exception as error:
        return {'kind': 'tensorflow', 'error': _describe(error)}
    unknown = [name for name in request['ops'] if not _is_registered(name)]
    if unknown:
        return {'kind': 'ops', 'error': f'TensorFlow {version} has no {", ".join(unknown)}', 'tensorflow': version}
    try:
        notes = _convert(tf, session_module, request)
    except Exception as error:
        # What a model does when it is loaded and run is up to who wrote it.
        return {'kind': 'model', 'error': _describe(error), 'tensorflow': version}
    return {'kind': '', 'error': '', 'notes': notes, 'tensorflow': version}


def _is_registered(name: str) -> bool:
    registry: Any = importlib.import_module('tensorflow.python.framework.op_def_registry')
    return registry.get(name) is not None


def _convert(tf: Any, session_module: Any, request: dict[str, Any]) -> list[str]:
    v1, assets = tf.compat.v1, request['assets']
    with v1.Graph().as_default(), v1.Session() as session, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        loaded = v1.saved_model.loader.load(session, request['tags'], request['model'], clear_devices=True)
        if not any(key in loaded.collection_def for key in _INIT_OPS):
            # A client of such a model fills its tables itself; mutable ones have to be full to be saved so.
            session.run(v1.tables_initializer(), assets)
        session_module.save(
            session,
            request['directory'],
            loaded.signature_def,
            tags=request['tags'],
            assets_collection=[],
            asset_paths=assets,
        )
    module = session_module.__file__
    return [str(warning.message) for warning in caught if warning.filename == module]


def _describe(error: Exception) -> str:
    """The message in one line, without the stack that TensorFlow puts below it."""
    text = str(error).split('\n\nOriginal stack trace')[0].split('\n\nErrors may have originated')[0]
    message = ' '.join(text.replace('<stack traces unavailable>', '').split())[:_MAX_MESSAGE]
    return message if isinstance(error, ValueError) else f'{type(error).__name__}: {message}'


if __name__ == '__main__':
    main(sys.argv[1])
