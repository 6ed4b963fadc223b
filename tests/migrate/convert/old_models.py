"""Writes models as TensorFlow 1 code did, for the tests of `convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from migrate.saved_model.schema import message_class

v1 = tf.compat.v1
PREDICT, CLASSIFY, REGRESS = (f'tensorflow/serving/{kind}' for kind in ('predict', 'classify', 'regress'))
WORDS = ('ant', 'bee', 'cat')
VOCABULARY = 'words.txt'
WARMUP = b'a request, say'

Signatures = dict[str, tuple[dict[str, Any], dict[str, Any], str]]


def export(folder: Path, signatures: Signatures, *more_tags: list[str], **options: Any) -> Path:
    """Writes the default graph, with a meta graph for each list of tags; the first one is `serve`."""
    definitions = {
        key: v1.saved_model.build_signature_def(
            {alias: v1.saved_model.build_tensor_info(tensor) for alias, tensor in inputs.items()},
            {alias: v1.saved_model.build_tensor_info(tensor) for alias, tensor in outputs.items()},
            method_name,
        )
        for key, (inputs, outputs, method_name) in signatures.items()
    }
    with v1.Session() as session:
        session.run([v1.global_variables_initializer(), v1.tables_initializer()])
        builder = v1.saved_model.Builder(str(folder))
        assets = v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS)
        builder.add_meta_graph_and_variables(session, ['serve'], definitions, assets_collection=assets, **options)
        for tags in more_tags:
            builder.add_meta_graph(tags, definitions, assets_collection=assets, **options)
        builder.save()
    return folder


def rich(folder: Path) -> None:
    """Reference variables, a vocabulary file, tf.Examples, an input that is no identifier, warmup requests."""
    vocabulary = folder.parent / VOCABULARY
    vocabulary.parent.mkdir(parents=True, exist_ok=True)
    vocabulary.write_text('\n'.join(WORDS) + '\n')
    with tf.Graph().as_default():
        table = tf.lookup.StaticVocabularyTable(
            tf.lookup.TextFileInitializer(
                str(vocabulary),
                tf.string,
                tf.lookup.TextFileIndex.WHOLE_LINE,
                tf.int64,
                tf.lookup.TextFileIndex.LINE_NUMBER,
            ),
            1,
        )
        with v1.variable_scope('model', use_resource=False):
            weights = v1.get_variable('weights', initializer=[[0.5, -1.0], [2.0, 0.25]])
            bias = v1.get_variable('bias', initializer=[0.1, 0.2])
            embedding = v1.get_variable('embedding', initializer=[[0.1], [0.2], [0.3], [0.4]], trainable=False)

        def scores(x: Any, word: Any) -> Any:
            return tf.nn.softmax(tf.matmul(x, weights) + bias + tf.gather(embedding, table.lookup(word)))

        serialized = v1.placeholder(tf.string, [None], name='examples')
        features = {'x': tf.io.FixedLenFeature([2], tf.float32), 'word': tf.io.FixedLenFeature([], tf.string)}
        parsed = tf.io.parse_example(serialized, features)
        classes = scores(parsed['x'], parsed['word'])
        x, word = v1.placeholder(tf.float32, [None, 2]), v1.placeholder(tf.string, [None])
        scale = v1.placeholder_with_default(1.0, [], name='scale')
        signatures: Signatures = {
            'serving_default': ({'inputs': serialized}, {'scores': classes}, CLASSIFY),
            'regression': ({'inputs': serialized}, {'outputs': classes[:, :1]}, REGRESS),
            'raw values': ({'in': x, 'word': word, 'scale': scale}, {'y': scores(x, word) * scale}, PREDICT),
        }
        export(folder, signatures, main_op=v1.tables_initializer())
    (folder / 'assets.extra').mkdir()
    (folder / 'assets.extra' / 'tf_serving_warmup_requests').write_bytes(WARMUP)


def with_tag_sets(folder: Path) -> None:
    """The graph for servers, the same for GPUs and one of a cluster, whose devices this machine lacks."""
    with tf.Graph().as_default():
        x = v1.placeholder(tf.float32, [None, 2], name='x')
        weights = v1.get_variable('weights', initializer=[[3.0], [4.0]], use_resource=True)
        export(folder, {'serving_default': ({'x': x}, {'y': tf.matmul(x, weights)}, PREDICT)}, ['serve', 'gpu'], ['ps'])
    file = folder / 'saved_model.pb'
    model = message_class('SavedModel').FromString(file.read_bytes())
    for meta_graph, device in zip(model.meta_graphs, ['', '/device:GPU:0', '/job:ps/task:1'], strict=True):
        for node in meta_graph.graph_def.node:
            node.device = device
    file.write_bytes(model.SerializeToString())


def by_chance(folder: Path) -> None:
    with tf.Graph().as_default():
        x = v1.placeholder(tf.float32, [None], name='x')
        y = x + tf.random.uniform(tf.shape(x))
        export(folder, {'serving_default': ({'x': x}, {'y': y}, PREDICT)})


def with_an_op_of_its_own(folder: Path, name: str) -> None:
    """The node of this name has it: `y` is served, `z` is not."""
    with tf.Graph().as_default():
        x = v1.placeholder(tf.float32, [None], name='x')
        tf.negative(x, name='z')
        export(folder, {'serving_default': ({'x': x}, {'y': tf.negative(x, name='y')}, PREDICT)})
    file = folder / 'saved_model.pb'
    model = message_class('SavedModel').FromString(file.read_bytes())
    next(node for node in model.meta_graphs[0].graph_def.node if node.name == name).op = 'MyOwnNegative'
    file.write_bytes(model.SerializeToString())


def with_a_loop(folder: Path) -> None:
    """As TensorFlow 1 writes loops, behind a variable of one signature."""
    v1.disable_control_flow_v2()
    try:
        with tf.Graph().as_default():
            x = v1.placeholder(tf.float32, [None, 2], name='x')
            weights = v1.get_variable('weights', initializer=[[0.5, -1.0], [2.0, 0.25]])
            once = tf.matmul(x, weights)
            _, often = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, weights))), [0, x])
            signatures: Signatures = {
                'once': ({'x': x}, {'y': once}, PREDICT),
                'often': ({'x': x}, {'y': often}, PREDICT),
            }
            export(folder, signatures)
    finally:
        v1.enable_control_flow_v2()


def as_text(folder: Path) -> None:
    """Writes a model as text instead."""
    file = folder / 'saved_model.pb'
    model = saved_model_pb2.SavedModel.FromString(file.read_bytes())
    (folder / 'saved_model.pbtxt').write_text(str(model))
    file.unlink()
