# expect: LOAD901 shares its line
import numpy as np
import tensorflow as tf


sess = tf.Session(graph=tf.Graph()); model = tf.saved_model.loader.load(sess, ['serve'], 'export')
signature = model.signature_def['serving_default']
print(sess.run(signature.outputs['y'].name, {signature.inputs['x'].name: 1.0}))
