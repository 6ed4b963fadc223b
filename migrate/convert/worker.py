"""Loads SavedModels into sessions and saves what they serve for TensorFlow 2: `PYTHON worker.py REQUEST.json`.

Runs in a process of its own, beside copies of `session_module.py` and `parent.py`: a SavedModel is a program. The
request lists models: each with one meta graph, its tags, the folder for the new one, the paths of assets by the tensors
that take them, and the ops that it has, with where each is. The reply is a file of JSON lines, one for each model:
notes for a person, or an error.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

_INIT_OPS = ('saved_model_main_op', 'legacy_init_op')
_MAX_MESSAGE = 800
_RESTORING = 'RestoreV2'
_DISK_IS_FULL = tuple(map(os.strerror, (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)))


def main(request_path: str) -> None:
    importlib.import_module('parent')  # stands beside this script where it runs
    request = json.loads(Path(request_path).read_text(encoding='utf-8'))
    with open(request['reply'], 'a', encoding='utf-8') as replies:
        for model in request['models']:
            # Ends the process, also where it hangs in TensorFlow; what it has said by then counts.
            signal.setitimer(signal.ITIMER_REAL, request['seconds'])
            replies.write(json.dumps(_reply(model)) + '\n')
            replies.flush()


def _reply(model: dict[str, Any]) -> dict[str, Any]:
    try:
        tf = importlib.import_module('tensorflow')
        if int(tf.__version__.split('.')[0]) < 2:
            raise ImportError(f'TensorFlow {tf.__version__} is too old')
        session_module: Any = importlib.import_module('session_module')
    except Exception as error:
        return {'kind': 'tensorflow', 'error': _describe(error)}
    try:
        _load_op_libraries(tf)
    except Exception as error:
        return {'kind': 'library', 'error': _describe(error)}
    unknown = [f'{op} ({where})' for op, where in sorted(model['ops'].items()) if not _is_registered(op)]
    if unknown:
        return {'kind': 'ops', 'error': f'TensorFlow {tf.__version__} does not have the op {", ".join(unknown)}'}
    try:
        return {'kind': '', 'error': '', 'notes': _convert(tf, session_module, model)}
    except Exception as error:
        # What a model does when it is loaded and run is up to who wrote it.
        message = _describe(error)
        return {'kind': _kind(message), 'error': message}


def _kind(message: str) -> str:
    if any(each in message for each in _DISK_IS_FULL):
        return 'disk'
    return 'values' if _RESTORING in message else 'model'


def _load_op_libraries(tf: Any) -> None:
    for path in filter(None, os.environ.get('SAVEDMODEL_MIGRATE_OP_LIBRARIES', '').split(os.pathsep)):
        tf.load_op_library(path)


def _is_registered(name: str) -> bool:
    registry: Any = importlib.import_module('tensorflow.python.framework.op_def_registry')
    return registry.get(name) is not None


def _convert(tf: Any, session_module: Any, model: dict[str, Any]) -> list[str]:
    v1, assets = tf.compat.v1, model['assets']
    with v1.Graph().as_default(), v1.Session() as session, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        loaded = v1.saved_model.loader.load(session, model['tags'], model['model'], clear_devices=True)
        if not any(key in loaded.collection_def for key in _INIT_OPS):
            # A client of such a model fills its tables itself; mutable ones have to be full to be saved so.
            session.run(v1.tables_initializer(), assets)
        session_module.save(
            session,
            model['directory'],
            loaded.signature_def,
            tags=model['tags'],
            assets_collection=[],
            asset_paths=assets,
        )
    return [str(warning.message) for warning in caught if warning.filename == session_module.__file__]


def _describe(error: Exception) -> str:
    """The message in one line, without the stack that TensorFlow puts below it."""
    text = str(error).split('\n\nOriginal stack trace')[0].split('\n\nErrors may have originated')[0]
    message = ' '.join(text.replace('<stack traces unavailable>', '').split())[:_MAX_MESSAGE]
    return message if isinstance(error, ValueError) else f'{type(error).__name__}: {message}'


if __name__ == '__main__':
    main(sys.argv[1])
