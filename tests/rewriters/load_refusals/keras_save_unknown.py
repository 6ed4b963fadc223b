# expect: LOAD905 Keras 3 saves only to files
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.save('exported/model')
