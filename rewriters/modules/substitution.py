"""What the names in a moved statement become inside the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import libcst as cst

from rewriters.modules.graph_function import GraphFunction
from rewriters.modules.slices import Parameter, Slicer
from rewriters.region import Region
from rewriters.syntax import find_all, replace_nodes

_Node = TypeVar('_Node', bound=cst.CSTNode)


@dataclass(frozen=True)
class Substitution:
    """Replaces resources by attributes, wrapped calls by graph functions, and input tensors by parameters.

    `attributes` maps the index of a resource's step to its attribute name.
    """

    region: Region
    slicer: Slicer
    attributes: Mapping[int, str]
    graph_functions: Sequence[GraphFunction] = ()

    def apply(self, node: _Node, at: int, parameters: tuple[Parameter, ...] = ()) -> _Node:
        """`node`, which stands in step `at`, as it is written inside the class."""
        calls = frozenset(find_all(node, cst.Call))
        node = replace_nodes(node, {f.call: f.replacement() for f in self.graph_functions if f.call in calls})
        replacements: dict[cst.CSTNode, cst.CSTNode] = {}
        for parameter, use in self.slicer.parameter_uses(node, at, parameters):
            if not isinstance(use, cst.Name):
                replacements[use] = cst.Name(parameter.name)
        for name in self.slicer.free_names(node, at, parameters):
            step = self.region.reaching(name.value, at)
            if step is not None and step.index in self.attributes:
                replacements[name] = cst.Attribute(cst.Name('self'), cst.Name(self.attributes[step.index]))
        return replace_nodes(node, replacements)
