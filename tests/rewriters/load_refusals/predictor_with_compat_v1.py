# expect: LOAD904 the file has no `import tensorflow as tf`
import tensorflow.compat.v1 as tf
from tensorflow.contrib import predictor

predict_fn = predictor.from_saved_model('model')
print(tf.VERSION)
