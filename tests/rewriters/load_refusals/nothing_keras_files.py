# expect: nothing
import tensorflow as tf

model = tf.keras.models.load_model('model.h5')
model.save('model.keras')
PATH = 'other.h5'
model.save(PATH)
model.save(f'{PATH[:-3]}.h5')
