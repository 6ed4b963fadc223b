"""Files of a project that shares an Estimator, and what becomes of them."""

from __future__ import annotations

from rewriters import Options, Rewrite, rewrite
from rewriters.kept_estimators.project import decide
from rewriters.options import EstimatorUse

MODEL = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, predictions={'y': features['x'] * 2})
"""
EXPORT = """\
import tensorflow as tf

from model import model_fn


def receiver_fn():
    x = {'x': tf.placeholder(tf.float32, [None])}
    return tf.estimator.export.ServingInputReceiver(x, x)


est = tf.estimator.Estimator(model_fn, 'ckpt')
est.export_saved_model('export', receiver_fn)
"""
SUBCLASS = """\
import tensorflow as tf


class Own(tf.estimator.Estimator):
    def {method}(self, features):
        return features
"""


def uses_of(files: dict[str, str]) -> dict[str, EstimatorUse]:
    sources = {path: text.encode() for path, text in files.items()}
    return decide(list(sources), sources.__getitem__)


def rewritten(files: dict[str, str]) -> dict[str, Rewrite]:
    uses = uses_of(files)
    return {path: rewrite(text.encode(), Options(path, estimators=uses.get(path))) for path, text in files.items()}


def alone(line: str, model_fn: str = 'model_fn') -> str:
    """A file that makes and exports an Estimator, and has one more line."""
    model = MODEL.replace('import tensorflow as tf\n', f'import tensorflow as tf\n{line}\n')
    made = f'est = tf.estimator.Estimator({model_fn}, make_dir())'
    return f"{model}\n\n{made}\nest.export_saved_model('export', make())\n"
