"""What calls in a module may do: build graph, or create variables where a `tf.function` can't see them."""

from __future__ import annotations

import builtins
import enum
import sys

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.syntax import dotted_name, find_all, name_nodes

# TensorFlow calls that touch no graph: they mean the same in eager code.
_PLAIN = (
    'ConfigProto', 'GPUOptions', 'GraphDef', 'MetaGraphDef', 'TensorShape', 'TensorSpec', 'app.', 'as_dtype',
    'compat.as_', 'config.', 'errors.', 'flags.', 'gfile.', 'io.gfile.', 'logging.', 'python_io.',
    'saved_model.load', 'saved_model.save', 'test.', 'train.checkpoint_exists', 'train.get_checkpoint_state',
    'train.latest_checkpoint', 'train.list_variables', 'train.load_checkpoint', 'train.load_variable',
    'train.NewCheckpointReader', 'FixedLenFeature', 'VarLenFeature',
)  # fmt: skip
# TensorFlow calls that create variables or other state, that need what a session has, or that tf.function would run
# where a TF1 graph would not: checks and prints that nothing fetches.
_STATEFUL = (
    'Assert', 'FIFOQueue', 'Variable', 'assert_', 'assign', 'cond_v1', 'contrib.', 'data.',
    'debugging.Assert', 'debugging.assert_', 'estimator.', 'feature_column.',
    'get_collection', 'get_default_graph', 'get_local_variable', 'get_variable', 'global_variables',
    'import_graph_def', 'keras.', 'layers.', 'lookup.', 'metrics.', 'nn.bidirectional_dynamic_rnn',
    'nn.dynamic_rnn', 'nn.raw_rnn', 'nn.rnn_cell.', 'nn.static_rnn', 'placeholder', 'print', 'py_func',
    'sparse_placeholder', 'summary.', 'trainable_variables', 'train.',
)  # fmt: skip
# Methods of tensors, tables, strings, lists and dicts; a method by another name may belong to a model object.
_VALUE_METHODS = frozenset(
    'ParseFromString append as_list encode extend format get get_shape items join keys lookup lower ndims set_shape '
    'size split startswith strip upper values'.split()
)
# The same of what an expression gives: `np.ones(3).astype('f')`, `open(path).read()`.
_ARRAY_METHODS = frozenset(
    'T all any argmax astype copy count cumsum decode dot flatten index load max mean min ravel read readlines repeat '
    'replace reshape rsplit splitlines squeeze std sum title tolist tostring transpose'.split()
)
# What gives another value each time it is called.
_VARYING = ('datetime.', 'numpy.random.', 'os.urandom', 'random.', 'secrets.', 'time.', 'uuid.')
_VARYING_BUILTINS = frozenset({'input', 'next', 'open'})
# Methods of variables that tf.function would run, and a TF1 graph only where something fetched them.
_VARIABLE_METHODS = frozenset({'assign', 'assign_add', 'assign_sub', 'scatter_add', 'scatter_sub', 'scatter_update'})
_PLAIN_PACKAGES = frozenset({'numpy', 'pandas', 'scipy', 'six', 'absl', 'yaml', 'tqdm'}) | sys.stdlib_module_names


class Effect(enum.Enum):
    """What a call may do, the later the more."""

    NONE = 0
    BUILDS_GRAPH = 1
    CREATES_STATE = 2
    UNKNOWN = 3


class Functions:
    """Judges calls of one module by following its own functions."""

    def __init__(self, view: ModuleView) -> None:
        self._view = view
        self._effects: dict[cst.CSTNode, Effect] = {}

    def builds_graph(self, node: cst.CSTNode) -> bool:
        """Whether running `node` certainly builds graph: it calls a TensorFlow op, or a function that does."""
        effects = [self.effect_of_call(call) for call in _calls(node)]
        return Effect.BUILDS_GRAPH in effects or Effect.CREATES_STATE in effects

    def effect(self, node: cst.CSTNode) -> Effect:
        """The most that the calls in `node` may do."""
        return max((self.effect_of_call(call) for call in _calls(node)), key=lambda e: e.value, default=Effect.NONE)

    def varies(self, node: cst.CSTNode) -> bool:
        """Whether a call in `node` may give another value each time it is made, TensorFlow's own ops aside."""
        return any(self._call_varies(call) for body in self.bodies(node) for call in _calls(body))

    def _call_varies(self, call: cst.Call) -> bool:
        name = call.func.value if isinstance(call.func, cst.Name) else ''
        imported = self._view.imported(call.func)
        return name in _VARYING_BUILTINS or (imported is not None and imported.startswith(_VARYING))

    def bodies(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """`node`, and the bodies of this module's functions that it names, directly or through each other."""
        found: list[cst.CSTNode] = []
        todo = [node]
        while todo:
            body = todo.pop()
            if body not in found:
                found.append(body)
                todo += [function.body for _, function in self.named(body)]
        return found

    def named_through(self, node: cst.CSTNode) -> list[tuple[cst.Name, cst.FunctionDef]]:
        """As `named`, for all that the functions in `node` name in turn."""
        return [pair for body in self.bodies(node) for pair in self.named(body)]

    def named(self, node: cst.CSTNode) -> list[tuple[cst.Name, cst.FunctionDef]]:
        """The names in `node` that mean functions of this module, called or not."""
        functions = self._view.functions
        names = [name for name in name_nodes(node) if name.value in functions and self._view.is_global(name)]
        return [(name, functions[name.value]) for name in names]

    def effect_of_call(self, call: cst.Call) -> Effect:
        """What one call itself may do, not counting its arguments."""
        symbol = self._view.called(call)
        if symbol is not None:
            return _effect_of_symbol(symbol)
        dotted = dotted_name(call.func)
        if dotted is None:
            method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ''
            return Effect.NONE if method in _VALUE_METHODS | _ARRAY_METHODS else Effect.UNKNOWN
        if '.' not in dotted and dotted in self._view.functions and self._is_module_function(call):
            return self._effect_of_function(self._view.functions[dotted])
        return self._effect_of_other(call, dotted)

    def _is_module_function(self, call: cst.Call) -> bool:
        return isinstance(call.func, cst.Name) and self._view.is_global(call.func)

    def _effect_of_function(self, function: cst.FunctionDef) -> Effect:
        if function not in self._effects:
            self._effects[function] = Effect.NONE  # a recursive call adds nothing
            self._effects[function] = self.effect(function.body)
        return self._effects[function]

    def _effect_of_other(self, call: cst.Call, dotted: str) -> Effect:
        head = dotted.split('.')[0]
        imported = self._view.imported(call.func)
        if imported is not None:
            return Effect.NONE if is_plain_package(imported) else Effect.UNKNOWN
        if head == dotted:
            return Effect.NONE if hasattr(builtins, head) else Effect.UNKNOWN
        method = dotted.split('.')[-1]
        if method == 'read' and not call.args:  # of a file: a reader of TensorFlow is given a queue
            return Effect.NONE
        if method in _VARIABLE_METHODS:
            return Effect.CREATES_STATE
        return Effect.NONE if method in _VALUE_METHODS else Effect.UNKNOWN


def is_plain_package(imported: str) -> bool:
    """Whether something imported comes from a package that touches no graph."""
    return imported.split('.')[0] in _PLAIN_PACKAGES


def _calls(node: cst.CSTNode) -> list[cst.Call]:
    return [call for call in find_all(node, cst.Call) if isinstance(call, cst.Call)]


def _effect_of_symbol(symbol: str) -> Effect:
    if symbol.startswith(_PLAIN):
        return Effect.NONE
    return Effect.CREATES_STATE if symbol.startswith(_STATEFUL) else Effect.BUILDS_GRAPH
