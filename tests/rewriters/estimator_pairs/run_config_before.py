"""A RunConfig says where the checkpoints are, how many are kept, and what training is told."""

import tensorflow as tf

STEPS_BETWEEN = 10


def model_fn(features, labels, mode):
    y = tf.layers.dense(features['x'], 1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={'y': y}, export_outputs={
            'serving_default': tf.estimator.export.PredictOutput({'y': y})})
    loss = tf.losses.mean_squared_error(labels, y)
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def input_fn():
    return tf.data.Dataset.from_tensors(({'x': [[1., 2.]]}, [[1.]])).repeat()


def serving_input_fn():
    x = tf.placeholder(tf.float32, [None, 2])
    return tf.estimator.export.ServingInputReceiver({'x': x}, {'x': x})


def run(folder, model_dir='checkpoints'):
    # Checkpoints are large.
    config = tf.estimator.RunConfig(
        model_dir=model_dir,
        tf_random_seed=7,
        save_summary_steps=None,
        save_checkpoints_steps=STEPS_BETWEEN,
        keep_checkpoint_max=2)
    estimator = tf.estimator.Estimator(model_fn, config=config)
    estimator.train(input_fn, steps=45)
    return estimator.export_saved_model(folder, serving_input_fn)
