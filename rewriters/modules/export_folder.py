"""The export directory between Builder and save(): Builder made it at once, and `tf.saved_model.save` does at the end.

https://github.com/tensorflow/tensorflow/blob/r1.15/tensorflow/python/saved_model/builder_impl.py
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import Functions
from rewriters.modules.roles import Role, Roles, is_session_run
from rewriters.mutation import calls_made
from rewriters.plan import ExportPlan
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import find_all, string_value

# What certainly makes no file: reading one that is in an empty folder fails as it does without the folder.
_BUILTINS = frozenset(
    'abs bool bytes dict enumerate float format int isinstance len list max min print range repr round set sorted str '
    'sum tuple type zip'.split()
)
_METHODS = frozenset(
    'MergeFromString ParseFromString append critical debug decode encode endswith error exception format info items '
    'join keys log lower read readline readlines replace rstrip split splitlines startswith strip upper values vlog '
    'warn warning'.split()
)
_IMPORTED = (
    'datetime.', 'json.load', 'math.', 'numpy.array', 'numpy.load', 'numpy.zeros', 'os.getcwd', 'os.getpid',
    'os.path.abspath', 'os.path.basename', 'os.path.dirname', 'os.path.join', 'pickle.load', 'pprint.',
    'sys.stderr.', 'sys.stdout.', 'time.',
)  # fmt: skip
_OPENS = frozenset({'gfile.FastGFile', 'gfile.GFile', 'gfile.Open', 'io.gfile.GFile'})
_TENSORFLOW = (
    'ConfigProto', 'GPUOptions', 'GraphDef', 'MetaGraphDef', 'TensorShape', 'TensorSpec', 'as_dtype', 'compat.as_',
    'logging.', 'saved_model.', 'train.get_checkpoint_state', 'train.latest_checkpoint', 'train.list_variables',
    'train.load_',
)  # fmt: skip


def must_exist(view: ModuleView, region: Region, plan: ExportPlan, roles: Roles) -> bool:
    """Whether something that stays between Builder and save() may use the folder that Builder made.

    Raises:
        Refusal: it is used when the variables are in it, and no model yet; a TensorFlow 2 model comes as a whole.
    """
    added_at, save_at = _last_two(region, plan)
    between = [step for step in region.steps[plan.directory_at + 1 : save_at] if roles.of[step.index] is not Role.SITE]
    users = [step for step in between if _may_use(view, plan, roles, step)]
    for step in users:
        if step.index > added_at and _mentions(step.node, plan.directory):
            raise Refusal('the export directory is used after variables were added to it, and before save()', step.node)
    return bool(users)


def _last_two(region: Region, plan: ExportPlan) -> tuple[int, int]:
    """Where the builder is filled, and where it is saved; simple_save does both at once."""
    *_, added_at, save_at = (0, *(step.index for step in region.steps if step.node in plan.statements))
    return added_at, save_at


def _may_use(view: ModuleView, plan: ExportPlan, roles: Roles, step: Step) -> bool:
    """Whether a step may look at the folder: what builds graph does only if it is given the folder."""
    stays = roles.of[step.index] in (Role.PLAIN, Role.RUN)
    if isinstance(step.node, cst.FunctionDef | cst.ClassDef) or not (stays or _mentions(step.node, plan.directory)):
        return False
    return any(not _is_harmless(view, call, roles) for call in _calls(view, step.node))


def _calls(view: ModuleView, node: cst.CSTNode) -> Iterator[cst.Call]:
    """The calls that running `node` makes, those of this module's functions included."""
    for body in Functions(view).bodies(node):
        yield from calls_made(body)


def _is_harmless(view: ModuleView, call: cst.Call, roles: Roles) -> bool:
    symbol = view.called(call)
    if symbol in _OPENS or (isinstance(call.func, cst.Name) and call.func.value == 'open'):
        return _opens_to_read(call)
    if symbol is not None:
        return symbol.startswith(_TENSORFLOW)
    if is_session_run(call, roles.sessions):
        return True
    imported = view.imported(call.func)
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ''
    if method in _METHODS and (imported is None or 'log' in imported.lower()):
        return True
    if imported is not None:
        return imported.startswith(_IMPORTED)
    if not isinstance(call.func, cst.Name):
        return False
    followed = call.func.value in view.functions and view.is_global(call.func)
    return followed or call.func.value in _BUILTINS


def _opens_to_read(call: cst.Call) -> bool:
    modes = [a for at, a in enumerate(call.args) if (at == 1 if a.keyword is None else a.keyword.value == 'mode')]
    return all(string_value(argument.value) in ('r', 'rb', 'rt') for argument in modes)


def _mentions(node: cst.CSTNode, directory: cst.BaseExpression) -> bool:
    text = string_value(directory)
    if text is not None:
        strings = (string_value(found) for found in find_all(node, cst.SimpleString))
        return any(string is not None and string.startswith(text.rstrip('/')) for string in strings)
    return any(found.deep_equals(directory) for found in find_all(node, type(directory)))
