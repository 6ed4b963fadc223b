# expect: is not opened in the same block
import tensorflow as tf
from tensorflow.python.keras import backend as K

model = tf.keras.models.load_model('model.h5')
tf.saved_model.simple_save(
    K.get_session(), 'export', inputs={'x': model.input}, outputs={'y': model.output})
