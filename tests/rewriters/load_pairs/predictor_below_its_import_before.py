"""A predictor that is made right below the import that goes."""
import tensorflow as tf

# The model is that of last week.
from tensorflow.contrib import predictor

# It serves what is asked most.
predict_fn = predictor.from_saved_model('model')  # a folder
print(predict_fn({'x': [[1.0]]})['y'], tf.__version__)
