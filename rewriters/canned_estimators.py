"""What is said of Estimators whose model_fn is inside of TensorFlow: the source holds no graph to derive code from.

https://www.tensorflow.org/guide/migrate/canned_estimators
"""

from __future__ import annotations

from rewriters.findings import Confidence, Finding, Place, explain

CANNED = explain(
    'EST902',
    'The model_fn is inside of TensorFlow',
    """
    TensorFlow 2.16 and later have no Estimator, and what makes this one (DNNClassifier, BoostedTreesRegressor and the
    like) takes its graph from inside of TensorFlow: there is no source to derive new code from. The exported model has
    everything in it. The same is said of what tf.contrib.learn makes: tf.contrib ended with TensorFlow 1.15.

    To do: run the export once with the TensorFlow that it was written for (2.15 is the last with Estimators, 1.15 the
    last with tf.contrib), then `savedmodel-migrate convert EXPORTED NEW_MODEL`.

    That writes a TensorFlow 2 model with the same signatures, and compares the two at once; the message names the
    folder of this export. Training goes on with the old TensorFlow, or with a network written anew (Keras, for
    example).

    Boosted trees can't be converted: TensorFlow 2.16 has none of their operations. Serve what was exported with the
    TensorFlow that wrote it, or train anew with another library.

    https://www.tensorflow.org/guide/migrate/canned_estimators
    """,
)
_INSIDE = 'its model_fn is inside of TensorFlow'
_OF_LEARN = 'it is one of tf.contrib.learn'
_LEARN = 'contrib.learn.'
_CONTRIB = 'contrib.'
_CONVERT = (
    '{nothing}, but the exported model has everything in it. Run the export once more with the TensorFlow that it was '
    'written for ({last}), then `savedmodel-migrate convert {exported} NEW_MODEL`{where}: it writes a TensorFlow 2 '
    'model, and proves that it serves the same.'
)
_NOTHING = 'There is no model_fn to derive new code from'
_NOTHING_OF_LEARN = 'No new code is derived from what is made for tf.contrib.learn'
_LAST = '2.15 is the last with Estimators'
_LAST_OF_CONTRIB = '1.15 is the last with tf.contrib'
_TREES = (
    "TensorFlow 2.16 and later have none of the operations of boosted trees, so the exported model can't be converted "
    'either: go on serving it with the TensorFlow that wrote it, or train anew with another library.'
)


def kind_of(symbol: str) -> str:
    """Why no code is derived for an Estimator that `symbol` makes."""
    return _OF_LEARN if symbol.startswith(_LEARN) else _INSIDE


def way_out(symbol: str, exported: str, where: str = '') -> str:
    """How to go on with an Estimator that `symbol` makes and that exports into a folder; `where` says what that is."""
    if 'BoostedTrees' in symbol or symbol.startswith('contrib.boosted_trees.'):
        return _TREES
    nothing = _NOTHING_OF_LEARN if symbol.startswith(_LEARN) else _NOTHING
    last = _LAST_OF_CONTRIB if symbol.startswith(_CONTRIB) else _LAST
    return _CONVERT.format(nothing=nothing, last=last, exported=exported, where=f', where {where}' if where else '')


def left_maker(symbol: str, spelled: str, place: Place) -> Finding:
    """What is said of it where it is made, in a file that does not export it."""
    since = 'TensorFlow 2' if symbol.startswith(_CONTRIB) else 'TensorFlow 2.16 and later'
    message = f'`{spelled}` is left alone, and raises an error with {since}: {kind_of(symbol)}'
    return Finding(CANNED, Confidence.MANUAL, place, message, way_out(symbol, 'EXPORTED'))
