# expect: LOAD904 the predictor is given `graph`
# expect: NAM201 `tf.contrib.predictor` is gone
import tensorflow as tf
from tensorflow.contrib import predictor

kept = predictor.from_saved_model('export', graph=tf.Graph())
print(kept({'x': 1.0}))
