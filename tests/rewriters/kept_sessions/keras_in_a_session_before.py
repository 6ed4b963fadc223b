"""A Keras model in a session, which Keras 3 knows nothing of."""
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
sess = tf.Session()
sess.run(tf.global_variables_initializer())
tf.saved_model.simple_save(sess, 'export', {'x': model.input}, {t.name: t for t in model.outputs})
