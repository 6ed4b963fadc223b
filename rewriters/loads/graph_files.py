"""Finds graphs that are imported from files: `import_meta_graph` (with `restore`), and `import_graph_def`.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/import_meta_graph
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriters.findings import Confidence, Finding
from rewriters.loads.calls import Source
from rewriters.loads.codes import META_GRAPH

_WHAT = {
    'train.import_meta_graph': ('import_meta_graph', 'MetaGraph', 'fails'),
    'import_graph_def': ('import_graph_def', 'GraphDef', 'does nothing'),
    'graph_util.import_graph_def': ('import_graph_def', 'GraphDef', 'does nothing'),
}
_HOLDS = (
    'It goes on working there, tensor names included. For a tf.function of it, build it in tf.compat.v1.wrap_function '
    'and `prune` that to the tensors that are fed and fetched.'
)
_OPEN = (
    'Put it, and the session that runs it, under `with tf.Graph().as_default():`. For a tf.function of it, build it in '
    'tf.compat.v1.wrap_function and `prune` that to the tensors that are fed and fetched.'
)


def find(source: Source) -> Iterator[Finding]:
    """A finding for each import of a graph that is not rewritten."""
    for call in source.calls():
        if source.called(call) not in _WHAT or source.is_consumed(call) or source.is_wrapped(call):
            continue
        name, what, otherwise = _WHAT[source.called(call)]
        if source.in_graph(call):
            message = f'`{name}` builds a {what} into the graph that is open here, as in TensorFlow 1'
            yield Finding(META_GRAPH, Confidence.REVIEW, source.place(call), message, _HOLDS)
        else:
            message = f'`{name}` needs an open graph, and none is opened around it: in TensorFlow 2 it {otherwise}'
            yield Finding(META_GRAPH, Confidence.MANUAL, source.place(call), message, _OPEN)
