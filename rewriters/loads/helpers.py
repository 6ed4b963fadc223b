"""The functions that rewritten loading code calls, put into the module once, and the numpy that they need."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.serving import BLANK, with_blank_line
from rewriters.syntax import dotted_name, only_small_statement, statement

_RUN_SIGNATURE = '''\
def {name}(signature, fetches, feed_dict):
    """Runs a signature of a SavedModel as `Session.run` did, with names of inputs and outputs for tensors."""
    specs = signature.structured_input_signature[1]
    inputs = {{}}
    for name, value in feed_dict.items():
        array = {np}.asarray(value, specs[name].dtype.as_numpy_dtype)
        inputs[name] = {tf}.ensure_shape(array, specs[name].shape)
    outputs = signature(**inputs)
    return {tf}.nest.map_structure(lambda name: outputs[name].numpy(), fetches)
'''
_LOAD_PREDICTOR = '''\
def {name}(export_dir, signature_def_key=None, tags=None):
    """Loads a SavedModel as a function from arrays by input name to arrays by output name."""
    model = {tf}.saved_model.load(export_dir, tags=(tags or 'serve').split(','))
    signature = model.signatures[signature_def_key or 'serving_default']
    specs = signature.structured_input_signature[1]

    def predict(input_dict):
        inputs = {{}}
        for name, value in input_dict.items():
            if value is not None:
                array = {np}.asarray(value, specs[name].dtype.as_numpy_dtype)
                inputs[name] = {tf}.ensure_shape(array, specs[name].shape)
        return {{name: output.numpy() for name, output in signature(**inputs).items()}}

    return predict
'''
_TEXTS = {'run_signature': _RUN_SIGNATURE, 'load_predictor': _LOAD_PREDICTOR}


@dataclass
class Helpers:
    """Gives out the names of the functions, and knows afterwards which of them are needed."""

    view: ModuleView
    tf: str
    _names: dict[str, str] = field(default_factory=dict)
    _brings: cst.SimpleStatementLine | None = None
    """Where TensorFlow is to be imported: before this statement, or in its place."""
    _in_its_place: bool = False

    def add_import(self) -> bool:
        """Has TensorFlow imported as `tf` where the module first imports something of it; whether that is possible."""
        if not self.tf and 'tf' not in self.view.names:
            lines = (node for node in self.view.module.body if isinstance(node, cst.SimpleStatementLine))
            self._brings = next(filter(_imports_of_tensorflow, lines), None)
            self.tf = self.view.new_name('tf') if self._brings is not None else ''
        return self._brings is not None

    def import_instead_of(self, line: cst.SimpleStatementLine) -> cst.BaseSmallStatement | None:
        """What takes the place of an import that goes, where TensorFlow is to be imported there."""
        self._in_its_place |= line is self._brings
        return only_small_statement(statement(self._import)) if line is self._brings else None

    @property
    def _import(self) -> str:
        return f'import tensorflow as {self.tf}\n'

    def need(self, name: str) -> str:
        """Has the function put into the module; returns what it is called there."""
        if name not in self._names:
            self._names[name] = self.view.new_name(name)
        return self._names[name]

    def put(self, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]) -> tuple[cst.BaseStatement, ...]:
        """Adds imports to `replacements`; returns the functions, which belong to the top level."""
        if self._brings is not None and not self._in_its_place:
            _put_before(self._brings, self._import, replacements)
        numpy = self._numpy(replacements)
        nodes = [statement(_TEXTS[key].format(name=name, tf=self.tf, np=numpy)) for key, name in self._names.items()]
        return tuple(with_blank_line(node, 2) for node in nodes)

    def tensorflow_import(self) -> cst.SimpleStatementLine | None:
        """The top-level statement that imports TensorFlow, or before which it is to be imported."""
        if self._brings is not None:
            return self._brings
        lines = [node for node in self.view.module.body if isinstance(node, cst.SimpleStatementLine)]
        for line in lines:
            for small in line.body:
                names = small.names if isinstance(small, cst.Import) else ()
                if any((alias.evaluated_alias or alias.evaluated_name) == self.tf for alias in names):
                    return line
        return None

    def _numpy(self, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]) -> str:
        """The module's name for numpy; where it has none, an import before TensorFlow's."""
        names = self.view.symbols.module_names('numpy')
        node = self.tensorflow_import()
        if names or node is None:
            return names[0] if names else 'np'
        name = self.view.new_name('np')
        _put_before(node, f'import numpy as {name}\n', replacements)
        return name


def _put_before(
    node: cst.SimpleStatementLine, line: str, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]
) -> None:
    """Puts a line before a statement, or what replaces that; what stands above it stays at the top."""
    first, *rest = replacements.get(node, (node,))
    added = statement(line).with_changes(leading_lines=getattr(first, 'leading_lines', ()))
    replacements[node] = (added, first.with_changes(leading_lines=()), *rest)


def _imports_of_tensorflow(line: cst.SimpleStatementLine) -> bool:
    for small in line.body:
        modules = [small.module] if isinstance(small, cst.ImportFrom) and not small.relative else []
        modules += [alias.name for alias in small.names] if isinstance(small, cst.Import) else []
        if any((dotted_name(module) or '').partition('.')[0] == 'tensorflow' for module in modules if module):
            return True
    return False


def place(
    view: ModuleView,
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]],
    functions: tuple[cst.BaseStatement, ...],
    first: cst.CSTNode,
) -> tuple[cst.BaseStatement, ...]:
    """Where `first` stands in a function or class, returns `functions`, to be hoisted before it; else puts them in.

    In a script they stand after the last import before `first`.
    """
    if not functions:
        return ()
    top = [node for node in [first, *view.ancestors(first)] if node is not view.module][-1]
    if isinstance(top, cst.FunctionDef | cst.ClassDef):
        return functions
    body = list(view.module.body)
    before = body[: body.index(top)]  # type: ignore[arg-type]
    imports = [n for n in before if isinstance(only_small_statement(n), cst.Import | cst.ImportFrom)]
    if not imports:
        return functions
    after = imports[-1]
    # A copy: what replaces a statement is looked through for other statements to replace.
    replacements[after] = (*replacements.get(after, (after.with_changes(),)), *functions)
    following = view.next_statement(after)
    if following is not None and following in replacements and replacements[following]:
        new = replacements[following]
        replacements[following] = (_spaced(new[0]), *new[1:])
    elif following is not None and following not in replacements:
        replacements[following] = (_spaced(following),)
    return ()


def _spaced(node: cst.BaseStatement) -> cst.BaseStatement:
    """The statement after two blank lines, with its comments as they stand."""
    lines = list(getattr(node, 'leading_lines', ()))
    while lines and lines[0].comment is None:
        del lines[0]
    return node.with_changes(leading_lines=[BLANK, BLANK, *lines])
