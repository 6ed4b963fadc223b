# expect: nothing
import os

os.environ['TF_USE_LEGACY_KERAS'] = '1'

import tensorflow as tf

model = tf.keras.models.load_model('exported/1')
model.save('exported/2', save_format='tf')
