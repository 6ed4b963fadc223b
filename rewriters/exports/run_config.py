"""Reads the RunConfig of an Estimator: where the checkpoints are, and how a training loop is told what it says.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/RunConfig
"""

from __future__ import annotations

import libcst as cst

from rewriters.exports.estimator_names import only_definition
from rewriters.module_view import ModuleView
from rewriters.modules.captures import Reach
from rewriters.plan import RunConfig
from rewriters.refusal import Refusal
from rewriters.syntax import arguments, code, dotted_name, find_all, name_nodes, one_line

_PARAMETERS = (
    'model_dir tf_random_seed save_summary_steps save_checkpoints_steps save_checkpoints_secs session_config '
    'keep_checkpoint_max keep_checkpoint_every_n_hours log_step_count_steps'
).split()
# How MonitoredTrainingSession calls what training is told by.
_OF_SESSION = {
    'save_checkpoints_secs': 'save_checkpoint_secs',
    'save_checkpoints_steps': 'save_checkpoint_steps',
    'save_summary_steps': 'save_summaries_steps',
    'log_step_count_steps': 'log_step_count_steps',
}
_OF_SAVER = {'keep_checkpoint_max': 'max_to_keep', 'keep_checkpoint_every_n_hours': 'keep_checkpoint_every_n_hours'}


def read_run_config(view: ModuleView, node: cst.BaseExpression, made: cst.SimpleStatementLine) -> RunConfig:
    """What `config=…` of the Estimator that `made` makes says.

    Raises:
        Refusal: it is no RunConfig that is made here for this Estimator alone, or says what is not understood.
    """
    line, call = None, node
    if isinstance(node, cst.Name):
        found = only_definition(view, node)
        line, call = found if found is not None else (None, node)
    values = arguments(call, _PARAMETERS) if isinstance(call, cst.Call) else None
    if view.called(call) != 'estimator.RunConfig' or values is None:
        raise Refusal('config=… of the Estimator is not understood yet', node)
    # None is a default of these, and means `never` where training saves or logs something.
    plain = ('model_dir', 'session_config', 'tf_random_seed')
    values = {name: value for name, value in values.items() if name not in plain or dotted_name(value) != 'None'}
    if 'session_config' in values:
        raise Refusal('session_config=… of the RunConfig is not understood yet', values['session_config'])
    model_dir = values.pop('model_dir', None)
    if line is not None and model_dir is not None:
        _check_kept(view, model_dir, line, made)
    return RunConfig(
        line,
        model_dir,
        seed=values.get('tf_random_seed'),
        session=tuple((new, values[name]) for name, new in _OF_SESSION.items() if name in values),
        saver=tuple((new, values[name]) for name, new in _OF_SAVER.items() if name in values),
    )


def check_trained(view: ModuleView, config: RunConfig) -> None:
    """Refuses what can't be written where the training function stands, which is the module's top level.

    Raises:
        Refusal: a value is neither a number nor a constant of the module.
    """
    given = [value for _, value in (*config.session, *config.saver)]
    for value in [*given, *([config.seed] if config.seed is not None else [])]:
        constant = view.constant(value) if isinstance(value, cst.Name) else value
        if dotted_name(value) != 'None' and not isinstance(constant, cst.Integer | cst.Float):
            raise Refusal(f'`{one_line(value)}` of the RunConfig is no number that is written out here', value)


def _check_kept(
    view: ModuleView, model_dir: cst.BaseExpression, line: cst.SimpleStatementLine, made: cst.SimpleStatementLine
) -> None:
    """Refuses where the folder may mean something else once the Estimator is made."""
    reach = Reach(view, {})
    names = {name.value for name in name_nodes(model_dir)}
    is_plain = not find_all(model_dir, cst.Call)
    for other in find_all(view.module, (cst.SimpleStatementLine, cst.For, cst.With)):
        between = view.line(line) < view.line(other) < view.line(made)
        if between and other is not made and (not is_plain or names & reach.changes(other)):
            raise Refusal(f'the model_dir `{code(model_dir)}` may change before the Estimator is made', model_dir)
