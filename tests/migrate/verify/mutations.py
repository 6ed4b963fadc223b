"""Ways in which a good SavedModel is made wrong: in its message, its variables, its assets."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from migrate.saved_model.schema import message_class, parse_binary
from tests.migrate.verify.models import PREDICT, Signature, export_tf1, v1

FLOAT, DOUBLE, STRING = 1, 2, 7

Mutation = Callable[[Path], None]
"""Makes the model in a directory wrong."""


def export_plant(directory: Path) -> Path:
    """A model with what no sample has: a default that clients may rely on, a counter, two outputs of one kind."""

    def build() -> dict[str, Signature]:
        x, gain = v1.placeholder(tf.float32, [None, 4]), v1.placeholder_with_default(1.5, [])
        weights = v1.get_variable('weights', initializer=np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3))
        v1.get_variable('unused', initializer=1.0)
        counter = v1.get_variable('counter', initializer=5.0, use_resource=True)
        by = v1.placeholder(tf.float32, [])
        word, rows = v1.placeholder(tf.string, [None]), np.linspace(-1, 1, 2000, dtype=np.float32).reshape(1000, 2)
        embedded = tf.gather(v1.get_variable('words', initializer=rows), tf.strings.to_hash_bucket_fast(word, 1000))
        age, limit = v1.placeholder(tf.int32, [None]), tf.constant(120, name='limit')
        y = x @ weights * gain
        outputs = {'most': tf.reduce_max(y, axis=1), 'least': tf.reduce_min(y, axis=1)}
        return {
            'serving_default': ({'x': x, 'gain': gain}, outputs, PREDICT),
            'count': ({'by': by}, {'total': tf.identity(counter.assign_add(by))}, PREDICT),
            'embed': ({'word': word}, {'row': embedded}, PREDICT),
            'limit': ({'age': age}, {'limited': tf.minimum(age, limit)}, PREDICT),
        }

    return export_tf1(directory, build)


@contextlib.contextmanager
def edited(directory: Path) -> Iterator[Any]:
    """The one meta graph of a model, written back after it was changed."""
    path = directory / 'saved_model.pb'
    model = parse_binary('SavedModel', path.read_bytes())
    yield model.meta_graphs[0]
    path.write_bytes(model.SerializeToString())


def signature(key: str, change: Callable[[Any], None]) -> Mutation:
    def mutate(directory: Path) -> None:
        with edited(directory) as graph:
            change(graph.signature_def[key])

    return mutate


def signatures(change: Callable[[Any], None]) -> Mutation:
    """Changes the map of all signatures."""

    def mutate(directory: Path) -> None:
        with edited(directory) as graph:
            change(graph.signature_def)

    return mutate


def rename(old: str, new: str) -> Callable[[Any], None]:
    """Renames a key of a map in a message."""

    def change(entries: Any) -> None:
        entries[new].CopyFrom(entries[old])
        del entries[old]

    return change


def exchange(first: str, second: str) -> Callable[[Any], None]:
    """Exchanges two values of a map in a message."""

    def change(entries: Any) -> None:
        kept = type(entries[first])()
        kept.CopyFrom(entries[first])
        entries[first].CopyFrom(entries[second])
        entries[second].CopyFrom(kept)

    return change


def nodes(op: str, change: Callable[[Any], None]) -> Mutation:
    """Changes all nodes of an op."""

    def mutate(directory: Path) -> None:
        with edited(directory) as graph:
            found = [node for node in graph.graph_def.node if node.op == op]
            assert found
            for node in found:
                change(node)

    return mutate


def constant(name: str, change: Callable[[Any], Any]) -> Mutation:
    """Changes the value of a constant."""

    def mutate(directory: Path) -> None:
        with edited(directory) as graph:
            (node,) = [node for node in graph.graph_def.node if node.op == 'Const' and node.name == name]
            # Through bytes: these are our messages, not those of TensorFlow.
            old = tf.make_ndarray(_as_tensorflow(node.attr['value'].tensor))
            new = tf.make_tensor_proto(change(old.copy()), dtype=tf.as_dtype(old.dtype), shape=old.shape)
            node.attr['value'].tensor.ParseFromString(new.SerializeToString())

    return mutate


def _as_tensorflow(tensor: Any) -> Any:
    message = type(tf.make_tensor_proto(0))()
    message.ParseFromString(tensor.SerializeToString())
    return message


def variable(name: str, change: Callable[[Any], Any]) -> Mutation:
    """Changes the value of a variable."""
    return variables(lambda values: values | {name: change(values[name].copy())})


def variables(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Mutation:
    """Changes the values of all variables, by their names."""

    def mutate(directory: Path) -> None:
        prefix = str(directory / 'variables' / 'variables')
        reader = tf.train.load_checkpoint(prefix)
        values = change({name: reader.get_tensor(name) for name in reader.get_variable_to_dtype_map()})
        names = sorted(values)
        tensors = [tf.constant(values[name]) for name in names]
        tf.raw_ops.SaveV2(prefix=prefix, tensor_names=names, shape_and_slices=[''] * len(names), tensors=tensors)

    return mutate


def element(index: tuple[int, ...], change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Changes one element of an array."""

    def changed(array: Any) -> Any:
        array[index] = change(array[index])
        return array

    return changed


def swapped(first: tuple[int, ...], second: tuple[int, ...]) -> Callable[[Any], Any]:
    def changed(array: Any) -> Any:
        array[first], array[second] = array[second].copy(), array[first].copy()
        return array

    return changed


def lines(name: str, change: Callable[[list[str]], list[str]]) -> Mutation:
    """Changes the lines of an asset."""

    def mutate(directory: Path) -> None:
        path = directory / 'assets' / name
        path.write_text(''.join(f'{line}\n' for line in change(path.read_text().splitlines())))

    return mutate


def remove(*names: str) -> Mutation:
    """Removes files and folders of a model."""

    def mutate(directory: Path) -> None:
        for name in names:
            path = directory / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return mutate


def served_through(key: str, output: str, op: str, **attributes: Any) -> Mutation:
    """Puts one more op behind an output of a signature."""

    def mutate(directory: Path) -> None:
        with edited(directory) as graph:
            info = graph.signature_def[key].outputs[output]
            node = graph.graph_def.node.add(name=f'mutated_{op}', op=op, input=[info.name])
            for name, value in attributes.items():
                node.attr[name].CopyFrom(message_class('AttrValue')(**value))
            info.name = f'{node.name}:0'
            if op == 'Cast':
                info.dtype = node.attr['DstT'].type

    return mutate
