"""Sets method names in a copy of a SavedModel and loads it back: `PYTHON worker.py REQUEST.json`.

Runs in a process of its own, with TensorFlow. The copy is a folder with the file of the model, which is changed, and
links to its values and assets, which are only read.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

_MAX_MESSAGE = 800


def main(request_path: str) -> None:
    importlib.import_module('parent')  # stands beside this script where it runs
    request = json.loads(Path(request_path).read_text(encoding='utf-8'))
    try:
        tf: Any = importlib.import_module('tensorflow')
        updater_class = tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater
    except Exception as error:
        reply = {'kind': 'tensorflow', 'error': _describe(error)}
    else:
        reply = _reply(tf, updater_class, request)
    Path(request['reply']).write_text(json.dumps(reply) + '\n', encoding='utf-8')


def _reply(tf: Any, updater_class: Any, request: dict[str, Any]) -> dict[str, Any]:
    try:
        for path in filter(None, os.environ.get('SAVEDMODEL_MIGRATE_OP_LIBRARIES', '').split(os.pathsep)):
            tf.load_op_library(path)
        updater = updater_class(request['model'])
        for change in request['changes']:
            updater.replace_method_name(change['key'], change['method_name'], change['tags'])
        updater.save()
        shared = _share_examples(request['model'], request['share_examples']) if request['share_examples'] else []
        _load_back(tf, request)
    except Exception as error:
        # What a model does when it is loaded is up to who wrote it.
        return {'kind': 'model', 'error': _describe(error)}
    return {'kind': '', 'error': '', 'shared': shared, 'fingerprint': _fingerprint(request['model'])}


def _load_back(tf: Any, request: dict[str, Any]) -> None:
    """With both loaders, as far as they are meant for the model."""
    for tags in request['tag_sets']:
        with tf.compat.v1.Graph().as_default(), tf.compat.v1.Session() as session:
            loaded = tf.compat.v1.saved_model.loader.load(session, tags, request['model'], clear_devices=True)
        for change in request['changes']:
            found = loaded.signature_def[change['key']].method_name
            if change['tags'] == tags and found != change['method_name']:
                raise ValueError(f"the method name of '{change['key']}' is {found} after it was set")
        if loaded.HasField('object_graph_def') and len(request['tag_sets']) == 1:
            tf.saved_model.load(request['model'], tags=tags)


def _share_examples(model: str, before: str) -> list[list[str]]:
    """Has signatures that take a batch of examples take it from the same placeholder: their keys, where it did.

    The model without that goes to the folder `before`.
    """
    saved_model_pb2: Any = importlib.import_module('tensorflow.core.protobuf.saved_model_pb2')
    path = Path(model) / 'saved_model.pb'
    (Path(before) / path.name).write_bytes(path.read_bytes())
    message = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    shared = [keys for meta_graph in message.meta_graphs for keys in _share_in(meta_graph)]
    path.write_bytes(message.SerializeToString(deterministic=True))
    return shared


def _share_in(meta_graph: Any) -> list[list[str]]:
    nodes = {node.name: node for node in meta_graph.graph_def.node}
    groups: dict[bytes, list[tuple[str, Any]]] = {}
    for key, signature in sorted(meta_graph.signature_def.items()):
        if list(signature.inputs) == ['inputs'] and signature.inputs['inputs'].dtype == 7:  # DT_STRING
            node = nodes.get(signature.inputs['inputs'].name.split(':')[0])
            if node is not None and node.op == 'Placeholder' and not node.input:
                kind = node.attr['shape'].SerializeToString(deterministic=True)
                groups.setdefault(kind, []).append((key, node))
    shared = []
    for members in groups.values():
        names = list(dict.fromkeys(node.name for _, node in members))
        free = [name for name in names[1:] if not _is_used_otherwise(meta_graph, name, {key for key, _ in members})]
        if free:
            _replace_placeholders(meta_graph, free, names[0])
            shared.append([key for key, node in members if node.name in (names[0], *free)])
    return shared


def _is_used_otherwise(meta_graph: Any, placeholder: str, keys: set[str]) -> bool:
    """Whether another signature feeds or fetches it."""
    for key, signature in meta_graph.signature_def.items():
        infos = [*signature.outputs.values(), *(() if key in keys else signature.inputs.values())]
        if any(info.name.split(':')[0] == placeholder for info in infos):
            return True
    return False


def _replace_placeholders(meta_graph: Any, names: list[str], kept: str) -> None:
    replaced = {f'{prefix}{name}{suffix}' for name in names for prefix in ('', '^') for suffix in ('', ':0')}
    for node in meta_graph.graph_def.node:
        for index, name in enumerate(node.input):
            if name in replaced:
                node.input[index] = f'^{kept}' if name.startswith('^') else kept
    for signature in meta_graph.signature_def.values():
        for info in signature.inputs.values():
            if info.name.split(':')[0] in names:
                info.name = f'{kept}:0'
    left = [node for node in meta_graph.graph_def.node if node.name not in names]
    del meta_graph.graph_def.node[:]
    meta_graph.graph_def.node.extend(left)


def _fingerprint(model: str) -> bool:
    """Writes the fingerprint of the changed file; False where this TensorFlow can't."""
    try:
        utils: Any = importlib.import_module('tensorflow.python.saved_model.fingerprinting_utils')
        utils.write_fingerprint(model)
    except Exception:
        # It is TensorFlow's own business how it does that; a model without a fingerprint loads as well.
        return False
    return (Path(model) / 'fingerprint.pb').exists()


def _describe(error: Exception) -> str:
    return f'{type(error).__name__}: {" ".join(str(error).split())[:_MAX_MESSAGE]}'


if __name__ == '__main__':
    main(sys.argv[1])
