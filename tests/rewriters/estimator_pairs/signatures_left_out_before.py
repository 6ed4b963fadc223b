"""Classify and regress outputs without a string input: TF1 leaves these signatures out. Training in a loop."""
import tensorflow as tf

CLASSES = ['setosa', 'versicolor', 'virginica']


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features['x'], 3)
    probabilities = tf.nn.softmax(logits)
    if mode in (tf.estimator.ModeKeys.TRAIN, tf.estimator.ModeKeys.EVAL):
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
    labels_tensor = tf.tile(tf.expand_dims(tf.constant(CLASSES), 0), [tf.shape(logits)[0], 1])
    return tf.estimator.EstimatorSpec(mode, predictions=probabilities, export_outputs={
        'classification': tf.estimator.export.ClassificationOutput(probabilities, labels_tensor),
        'regression': tf.estimator.export.RegressionOutput(probabilities[:, 0]),
        'serving_default': tf.estimator.export.PredictOutput(probabilities)})


def input_fn():
    return tf.data.Dataset.from_tensors(({'x': [[1., 2.]]}, [1])).repeat()


def serving():
    x = tf.placeholder(tf.float32, shape=(None, 2))
    return tf.estimator.export.ServingInputReceiver({'x': x}, x)


est = tf.estimator.Estimator(model_fn, 'ckpt')
for round in range(2):
    est.train(input_fn, steps=3)
    print('round', round)
est.export_saved_model('export', serving)
