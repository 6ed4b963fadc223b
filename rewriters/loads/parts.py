"""What an expression stands for in code that loads a SavedModel into a session, from the session to a tensor's name."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import libcst as cst

from rewriters.loads.variables import Variable, method_around, self_name
from rewriters.module_view import ModuleView
from rewriters.syntax import code


class Kind(enum.Enum):
    """The kinds of parts; the comments show an expression of each."""

    SESSION = 'session'  # sess
    GRAPH = 'graph'  # sess.graph
    MODEL = 'model'  # loader.load(…)
    SIGNATURES = 'signatures'  # meta_graph.signature_def
    SIGNATURE = 'signature'  # meta_graph.signature_def['serving_default']
    TENSORS = 'tensors'  # signature.inputs
    INFO = 'info'  # signature.inputs['x']
    TENSOR = 'tensor'  # signature.inputs['x'].name, graph.get_tensor_by_name(signature.inputs['x'].name)
    FETCHES = 'fetches'  # [y, z]
    FEEDS = 'feeds'  # {x: batch}


@dataclass(frozen=True)
class SignatureRef:
    """How to spell a signature: the variable that holds it, or that of the model or its signatures, and a key."""

    variable: Variable
    key: cst.BaseExpression | None = None
    of_model: bool = False

    def text(self, owner: str) -> str:
        """The signature's source text, where the variable is spelled `owner`."""
        if self.key is None:
            return owner
        return f'{owner}.signatures[{code(self.key)}]' if self.of_model else f'{owner}[{code(self.key)}]'

    def is_same(self, other: SignatureRef) -> bool:
        """Whether the two are spelled alike."""
        return self.variable == other.variable and self.text('') == other.text('')


@dataclass(frozen=True)
class Part:
    """One part of a loaded model. `side` is 'inputs' or 'outputs', `key` the name of an input or output."""

    kind: Kind
    signature: SignatureRef | None = None
    side: str = ''
    key: cst.BaseExpression | None = None
    variable: Variable | None = None
    """Where a model or its signatures are kept."""


def spelled(view: ModuleView, variable: Variable, at: cst.CSTNode) -> str | None:
    """The variable's source text at a node; None where it can't be seen from there."""
    if isinstance(variable.scope, cst.Module):
        return variable.name
    if isinstance(variable.scope, cst.FunctionDef):
        return variable.name if any(outer is variable.scope for outer in view.ancestors(at)) else None
    method = method_around(view, at)
    return f'{self_name(method[1])}.{variable.name}' if method is not None and method[0] is variable.scope else None
