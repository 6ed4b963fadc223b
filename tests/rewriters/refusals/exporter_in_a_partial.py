# expect: is handed on, and called somewhere else
import functools

import tensorflow as tf

save = functools.partial(tf.saved_model.simple_save, export_dir='export')
