"""The text of the training loop, the serving class and the export function that replace an Estimator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rewriters.modules.model_fn import ServedOutput
from rewriters.modules.serving import bracketed
from rewriters.modules.tf_function import method_name
from rewriters.plan import EstimatorPlan, Kind, ReceiverInput

if TYPE_CHECKING:
    from rewriters.modules.estimator import Names

_METHOD_NAMES = {Kind.CLASSIFY: 'CLASSIFY_METHOD_NAME', Kind.REGRESS: 'REGRESS_METHOD_NAME'}

_TRAIN = '''\
def {train}(input_fn, model_dir, {params}steps):
    """Runs `steps` training steps from the newest checkpoint in `model_dir`, and writes checkpoints there."""
    with {tf}.Graph().as_default():
        {tf}.compat.v1.train.create_global_step()
        batch = input_fn()
        if isinstance(batch, {tf}.data.Dataset):
            batch = {tf}.compat.v1.data.make_one_shot_iterator(batch).get_next()
        {unpack}
        loss, train_op = {train_fn}({arguments})
        hooks = [
            {tf}.compat.v1.train.StopAtStepHook(num_steps=steps),
            {tf}.compat.v1.train.NanTensorHook(loss),
        ]
        with {tf}.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=model_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)
'''
_FEATURES_AND_LABELS = 'features, labels = batch if isinstance(batch, tuple) else (batch, None)'
_FEATURES = 'features = batch[0] if isinstance(batch, tuple) else batch'

_CLASS = '''\
class {cls}({tf}.Module):
    """Serves `{predict}` with the variables of a checkpoint."""

    def __init__(self, checkpoint{params}):
        super().__init__()
        {wrap}
        self._variables = self._predict.variables
        values = {tf}.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))
{methods}'''

_METHOD = '''
    {decorator}
    def {method}(self, {names}):
        return self._predict({names})[{key!r}]
'''

_EXPORT = '''\
def {export}(export_dir_base, module):
    """Writes `module` into a new folder of `export_dir_base`, named after the time, and returns the folder's path."""
    export_dir = {os}.path.join(export_dir_base, str(int({time}.time())))
    while {tf}.io.gfile.exists(export_dir):
        {time}.sleep(1)
        export_dir = {os}.path.join(export_dir_base, str(int({time}.time())))
    # Servers watch for folders with a number for a name: show them the model when it is whole.
    temporary_dir = {os}.path.join(export_dir_base, 'temp-' + {os}.path.basename(export_dir))
    {save}
{names}    {tf}.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()
'''


def train_function_text(names: Names, uses_labels: bool, uses_params: bool, takes_params: bool) -> str:
    """The function that stands in for `Estimator.train`."""
    arguments = ['features', *(['labels'] if uses_labels else []), *(['params'] if uses_params else [])]
    return _TRAIN.format(
        train=names.train,
        params='params, ' if takes_params else '',
        tf=names.tf,
        unpack=_FEATURES_AND_LABELS if uses_labels else _FEATURES,
        train_fn=names.train_fn,
        arguments=', '.join(arguments),
    )


def class_text(
    plan: EstimatorPlan, names: Names, served: Sequence[ServedOutput], makes_features: str, uses_params: bool
) -> str:
    """The serving class: `makes_features` is the receiver function, empty for a raw receiver."""
    inputs = plan.receiver.inputs
    arguments = ', '.join(given.name for given in inputs)
    features = f'{makes_features}({arguments})' if makes_features else _features(inputs)
    call = f'{names.predict}({features}{", params" if uses_params else ""})'
    specs = ', '.join(f'{names.tf}.TensorSpec({given.shape}, {given.dtype})' for given in inputs)
    start = f'self._predict = {names.tf}.compat.v1.wrap_function('
    return _CLASS.format(
        cls=names.cls,
        tf=names.tf,
        predict=plan.model_fn.name.value,
        params=', params' if 'params' in plan.parameters else '',
        wrap=bracketed(start, [f'lambda {arguments}: {call}', f'[{specs}]'], ')', indent=8),
        methods=''.join(_method_text(names.tf, output, inputs) for output in served),
    )


def _features(inputs: Sequence[ReceiverInput]) -> str:
    return '{' + ', '.join(f'{given.name!r}: {given.name}' for given in inputs) + '}'


def _method_text(tf: str, output: ServedOutput, inputs: Sequence[ReceiverInput]) -> str:
    """TF1 calls the one input of a classify or regress signature `inputs`, whatever the receiver calls it."""
    names = [given.name for given in inputs] if output.kind is Kind.PREDICT else ['inputs']
    specs = [
        f'{tf}.TensorSpec({given.shape}, {given.dtype}, name={name!r})'
        for name, given in zip(names, inputs, strict=True)
    ]
    return _METHOD.format(
        decorator=bracketed(f'@{tf}.function(input_signature=[', specs, '])', indent=4),
        method=method_name(output.key),
        names=', '.join(names),
        key=output.key,
    )


def export_function_text(names: Names, served: Sequence[ServedOutput]) -> str:
    """The function that stands in for `Estimator.export_saved_model`."""
    entries = [f'{output.key!r}: module.{method_name(output.key)}' for output in served]
    start = f'{names.tf}.saved_model.save(module, temporary_dir, signatures={{'
    return _EXPORT.format(
        export=names.export,
        os=names.os,
        time=names.time,
        tf=names.tf,
        save=bracketed(start, entries, '})', indent=4),
        names=_method_names_text(names.tf, served),
    )


def _method_names_text(tf: str, served: Sequence[ServedOutput]) -> str:
    named = [output for output in served if output.kind in _METHOD_NAMES]
    if not named:
        return ''
    utils = f'{tf}.compat.v1.saved_model.signature_def_utils'
    lines = [f'updater = {utils}.MethodNameUpdater(temporary_dir)']
    lines += [
        f'updater.replace_method_name({output.key!r}, {tf}.saved_model.{_METHOD_NAMES[output.kind]})'
        for output in named
    ]
    return ''.join(f'    {line}\n' for line in [*lines, 'updater.save()'])
