"""The statements that write the new SavedModel, and give classify and regress signatures their method names back.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/saved_model/signature_def_utils/MethodNameUpdater
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.modules.serving import bracketed
from rewriters.plan import Kind, Signature
from rewriters.syntax import code, statement

_METHOD_NAMES = {Kind.CLASSIFY: 'CLASSIFY_METHOD_NAME', Kind.REGRESS: 'REGRESS_METHOD_NAME'}


def save_statements(
    tf: str, module: str, updater: str, directory: str, methods: Sequence[tuple[Signature, str]]
) -> list[cst.BaseStatement]:
    """`tf.saved_model.save(…)` with the signatures (each with its method's name), then the method names."""
    entries = [f'{key_text(signature, tf)}: {module}.{method}' for signature, method in methods]
    start = f'{tf}.saved_model.save({module}, {directory}, signatures={{'
    statements = [statement(bracketed(start, entries, '})', ) + '\n')]
    named = [(signature, _METHOD_NAMES[signature.kind]) for signature, _ in methods if signature.kind in _METHOD_NAMES]
    if named:
        utils = f'{tf}.compat.v1.saved_model.signature_def_utils'
        statements.append(statement(f'{updater} = {utils}.MethodNameUpdater({directory})\n'))
        for signature, constant in named:
            arguments = f'{key_text(signature, tf)}, {tf}.saved_model.{constant}'
            statements.append(statement(f'{updater}.replace_method_name({arguments})\n'))
        statements.append(statement(f'{updater}.save()\n'))
    return statements


def key_text(signature: Signature, tf: str) -> str:
    """The key as the source writes it; the default key by its TensorFlow constant."""
    if signature.key_value == 'serving_default' and isinstance(signature.key, cst.Name | cst.Attribute):
        return f'{tf}.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY'
    return code(signature.key) if isinstance(signature.key, cst.SimpleString) else repr(signature.key_value)
