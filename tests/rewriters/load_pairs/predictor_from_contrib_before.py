"""A predictor, spelled out."""
import os

import tensorflow as tf

export_dir = os.path.join('export', sorted(os.listdir('export'))[-1])
predict_fn = tf.contrib.predictor.from_saved_model(export_dir)
predictions = predict_fn({'input': [[6.4, 3.2, 4.5, 1.5], [6.5, 3.0, 5.2, 2.0]]})
print(predictions['scores'])
