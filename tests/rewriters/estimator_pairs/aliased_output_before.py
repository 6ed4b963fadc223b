"""An `else` branch, a spec in a variable, a single export output: TF1 serves it under the default key as well."""
import tensorflow as tf


def model_fn(features, labels, mode):
    outputs = tf.layers.dense(features['series'], 4, activation=tf.nn.tanh)
    logits = tf.layers.dense(outputs, 3)
    values, ids = tf.nn.top_k(logits, k=2)
    if mode == tf.estimator.ModeKeys.PREDICT:
        # The best two.
        outputs = {'best': tf.estimator.export.PredictOutput({'values': values, 'ids': ids})}
        spec = tf.estimator.EstimatorSpec(mode, predictions=values, export_outputs=outputs)
        return spec
    else:
        loss = tf.losses.softmax_cross_entropy(tf.one_hot(labels, 3), logits)
        if mode == tf.estimator.ModeKeys.EVAL:
            return tf.estimator.EstimatorSpec(mode, loss=loss)
        # Momentum does well here.
        train_op = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def data():
    return tf.data.Dataset.from_tensors(({'series': tf.ones([2, 5])}, [0, 1])).repeat(20)


estimator = tf.estimator.Estimator(model_fn=model_fn, model_dir='ckpt')
estimator.train(data, steps=10)
receiver = tf.estimator.export.build_raw_serving_input_receiver_fn({
    'series': tf.placeholder(tf.float32, [None, 5]),
}, default_batch_size=2)
estimator.export_savedmodel('export', receiver, strip_default_attrs=True)
