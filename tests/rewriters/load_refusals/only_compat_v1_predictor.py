# expect: LOAD904 the file has no `import tensorflow as tf`
import tensorflow.compat.v1 as tf
from tensorflow.contrib import predictor

tf.logging.set_verbosity(tf.logging.INFO)
predict = predictor.from_saved_model('export')
print(predict({'x': [1.0]})['y'])
