"""Names of inputs that no Python argument can have, as `in` or `x:0`: they are put back into what was exported.

TensorFlow 2 exports an input by the name of a Python argument; servers and their clients read the name in the
SavedModel's signatures, where any string may stand.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.modules.slices import argument_name
from rewriters.plan import Signature
from rewriters.syntax import statement

IMPORT = 'from tensorflow.core.protobuf import saved_model_pb2'
_FUNCTION = '''\
def {name}(export_dir, signature_key, names):
    """Gives inputs of an exported signature the names that its clients know, which no Python argument can have."""
    path = {tf}.io.gfile.join({tf}.compat.as_str_any(export_dir), 'saved_model.pb')
    saved_model = saved_model_pb2.SavedModel()
    with {tf}.io.gfile.GFile(path, 'rb') as file:
        saved_model.ParseFromString(file.read())
    inputs = saved_model.meta_graphs[0].signature_def[signature_key].inputs
    for argument, name in names.items():
        inputs[name].CopyFrom(inputs[argument])
        del inputs[argument]
    with {tf}.io.gfile.GFile(path + '.tmp', 'wb') as file:
        file.write(saved_model.SerializeToString())
    {tf}.io.gfile.rename(path + '.tmp', path, overwrite=True)
'''


def renamed_inputs(signature: Signature) -> dict[str, str]:
    """The names of the inputs that have another one as an argument, by that."""
    names = {argument_name(named.name): named.name for named in signature.inputs}
    return {argument: name for argument, name in names.items() if argument != name}


def rename_function(function: str, tf: str) -> cst.BaseStatement:
    """The function that puts the names back."""
    return statement(_FUNCTION.format(name=function, tf=tf))


def rename_statements(
    function: str, directory: str, signatures: Sequence[tuple[Signature, str]]
) -> list[cst.BaseStatement]:
    """The calls of it. Each signature comes with its key as it is written."""
    renamed = [(key, renamed_inputs(signature)) for signature, key in signatures]
    return [statement(f'{function}({directory}, {key}, {names!r})\n') for key, names in renamed if names]


def review(signatures: Sequence[Signature]) -> str:
    """What a person must check; empty where no input is renamed."""
    names = {old: new for signature in signatures for new, old in renamed_inputs(signature).items()}
    if not names:
        return ''
    given = ', '.join(f'`{old}` as `{new}`' for old, new in names.items())
    return (
        "Python can't call an argument so: whoever calls a signature of the loaded model in Python gives "
        f'{given}. Servers and sessions know the old names.'
    )
