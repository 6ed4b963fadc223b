# expect: nothing
import tensorflow as tf

model = tf.saved_model.load('export', ['serve'])
print(model.signatures['serving_default'](x=tf.constant(1.0))['y'].numpy())
other = tf.saved_model.load('export', tags=['serve'], options=tf.saved_model.LoadOptions())
