# expect: LOAD905 Keras 3 loads no SavedModels
import tensorflow as tf

model = tf.keras.models.load_model('exported/1')
