"""The text of the training loop, the serving class and the export function that replace an Estimator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rewriters.modules.served_outputs import ServedOutput
from rewriters.modules.serving import bracketed
from rewriters.modules.tf_function import method_name
from rewriters.plan import EstimatorPlan, Kind, ReceiverInput, RunConfig
from rewriters.syntax import code

_METHOD_NAMES = {Kind.CLASSIFY: 'CLASSIFY_METHOD_NAME', Kind.REGRESS: 'REGRESS_METHOD_NAME'}

_TRAIN = '''\
def {train}(input_fn, model_dir, {params}{steps}):
    """{doc} from the newest checkpoint in `model_dir`, and writes checkpoints there."""
{done}    with {tf}.Graph().as_default():
{seed}        {tf}.compat.v1.train.create_global_step()
        batch = input_fn()
        if isinstance(batch, {tf}.data.Dataset):
            iterator = {tf}.compat.v1.data.make_initializable_iterator(batch)
            {tf}.compat.v1.add_to_collection({tf}.compat.v1.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
            batch = iterator.get_next()
        {unpack}
        loss, train_op = {train_fn}({arguments})
        hooks = [
            {tf}.compat.v1.train.StopAtStepHook({stop}),
            {tf}.compat.v1.train.NanTensorHook(loss),
        ]
        {session}
            while not session.should_stop():
                session.run(train_op)
'''
_DONE = """\
    checkpoint = {tf}.train.latest_checkpoint(model_dir)
    if checkpoint and {tf}.train.load_checkpoint(checkpoint).get_tensor('global_step') >= max_steps:
        return
"""
_FEATURES_AND_LABELS = 'features, labels = batch if isinstance(batch, (list, tuple)) else (batch, None)'
_FEATURES = 'features = batch[0] if isinstance(batch, (list, tuple)) else batch'

_PARSE = """\
def {parse}(examples):
    return {tf}.io.parse_example(examples, {spec})
"""

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

_METHOD = """
    {decorator}
    def {method}(self, {names}):
        return self._predict({names})[{key!r}]
"""

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


@dataclass(frozen=True)
class Names:
    """The names that the written code introduces, and `makes_features`: the function from inputs to features."""

    tf: str
    os: str
    time: str
    predict: str
    train_fn: str
    train: str
    cls: str
    export: str
    makes_features: str


def train_function_text(plan: EstimatorPlan, names: Names, parameters: Sequence[str], takes_params: bool) -> str:
    """The function that stands in for `Estimator.train`. `parameters` are those of the function that it calls."""
    config = plan.config
    up_to = any('max_steps' in training.arguments for training in plan.trainings)
    return _TRAIN.format(
        steps='max_steps' if up_to else 'steps',
        doc='Trains up to step `max_steps`' if up_to else 'Runs `steps` training steps',
        done=_DONE.format(tf=names.tf) if up_to else '',
        stop='last_step=max_steps' if up_to else 'num_steps=steps',
        seed=f'        {names.tf}.compat.v1.set_random_seed({code(config.seed)})\n' if config.seed is not None else '',
        session=_session_text(names.tf, config),
        train=names.train,
        params='params, ' if takes_params else '',
        tf=names.tf,
        unpack=_FEATURES_AND_LABELS if 'labels' in parameters else _FEATURES,
        train_fn=names.train_fn,
        arguments=', '.join(parameters),
    )


def _session_text(tf: str, config: RunConfig) -> str:
    """The line that opens the session; one option a line where a RunConfig gives some."""
    train = f'{tf}.compat.v1.train'
    options = ['checkpoint_dir=model_dir', 'hooks=hooks']
    more = [f'{name}={code(value)}' for name, value in config.session]
    if config.saver:
        saver = ', '.join(f'{name}={code(value)}' for name, value in config.saver)
        more.append(f'scaffold={train}.Scaffold(saver={train}.Saver({saver}))')
    if not more:
        return f'with {train}.MonitoredTrainingSession({", ".join(options)}) as session:'
    return bracketed(f'with {train}.MonitoredTrainingSession(', [*options, *more], ') as session:', indent=8)


def parse_function_text(names: Names, spec: str) -> str:
    """The function that stands in for a parsing receiver."""
    return _PARSE.format(parse=names.makes_features, tf=names.tf, spec=spec)


def class_text(
    plan: EstimatorPlan, names: Names, served: Sequence[ServedOutput], parameters: Sequence[str], takes_params: bool
) -> str:
    """The serving class. `parameters` are those of the function that it serves."""
    inputs = plan.receiver.inputs
    arguments = ', '.join(given.name for given in inputs)
    features = f'{names.makes_features}({arguments})' if names.makes_features else _features(inputs)
    call = f'{names.predict}({", ".join(features if name == "features" else name for name in parameters)})'
    specs = [f'{names.tf}.TensorSpec({given.shape}, {given.dtype})' for given in inputs]
    start = f'self._predict = {names.tf}.compat.v1.wrap_function('
    listed = bracketed('[', specs, ']', indent=12)
    return _CLASS.format(
        cls=names.cls,
        tf=names.tf,
        predict=plan.model_fn.name.value,
        params=', params' if takes_params else '',
        wrap=bracketed(start, [f'lambda {arguments}: {call}', listed], ')', indent=8),
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
