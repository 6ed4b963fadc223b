"""TensorFlow is imported in a `try`."""
import json
try:
    import tensorflow as tf
except ImportError:
    tf = None

settings = json.loads('{"factor": 3.0}')
x = tf.placeholder(tf.float32, [None])
w = tf.Variable(settings['factor'])
sess = tf.InteractiveSession()
w.initializer.run()
tf.assign(w, w * 2.0).eval()
tf.saved_model.simple_save(sess, 'export', {'x': x}, {'y': x * w})
