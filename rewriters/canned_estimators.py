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
    everything in it. To do, once:

    1. Run the export with the TensorFlow that it was written for; 2.15 is the last with Estimators.
    2. savedmodel-migrate convert EXPORTED NEW_MODEL
    3. savedmodel-migrate verify EXPORTED NEW_MODEL

    Training goes on with the old TensorFlow, or with a network written anew (Keras, for example).

    https://www.tensorflow.org/guide/migrate/canned_estimators
    """,
)
INSIDE = 'its model_fn is inside of TensorFlow'
_CONVERT = (
    'There is no model_fn to derive new code from. Run the export once more with the TensorFlow that it was written '
    'for (2.15 is the last with Estimators). TensorFlow 2 loads and serves what it wrote. A later version of this tool '
    'makes a TensorFlow 2 model of it: `savedmodel-migrate convert {old} NEW_MODEL`, to be compared by '
    '`savedmodel-migrate verify {old} NEW_MODEL`.'
)


def conversion(exported: str) -> str:
    """How to go on with an Estimator that exports into the folder."""
    return _CONVERT.format(old=exported)


def left_maker(spelled: str, place: Place) -> Finding:
    """What is said of it where it is made, among Estimators for which there is a support module."""
    message = f'`{spelled}` is left alone, and raises an error with TensorFlow 2.16 and later: {INSIDE}'
    return Finding(CANNED, Confidence.MANUAL, place, message, conversion('EXPORTED'))
