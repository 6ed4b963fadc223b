"""TensorFlow is imported in a `try`."""
import json
try:
    import tensorflow as tf
except ImportError:
    tf = None
import session_module

tf.compat.v1.disable_v2_behavior()

settings = json.loads('{"factor": 3.0}')
x = tf.compat.v1.placeholder(tf.float32, [None])
w = tf.Variable(settings['factor'])
sess = tf.compat.v1.InteractiveSession()
w.initializer.run()
tf.compat.v1.assign(w, w * 2.0).eval()
session_module.simple_save(sess, 'export', {'x': x}, {'y': x * w})
