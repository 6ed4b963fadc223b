"""A predictor in a file that imports nothing else of TensorFlow."""
from __future__ import print_function

import sys

# The model is that of last week.
from tensorflow.contrib import predictor

predict_fn = predictor.from_saved_model(sys.argv[1])
print(predict_fn({'x': [[1.0]]})['y'])
