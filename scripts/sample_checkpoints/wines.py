"""Trains the network of sample_projects/wine_keras. Its file is committed: no need to run this again.

    cd sample_projects/wine_keras
    python3.7 ../../scripts/sample_checkpoints/wines.py     # TensorFlow 1.15.5
"""
import numpy as np
import tensorflow as tf

tf.set_random_seed(1)
random = np.random.RandomState(1)
# Acidity, sugar, alcohol; grades 0 to 2.
WINES = random.uniform([4, 1, 9], [9, 10, 14], [300, 3]).astype(np.float32)
GRADES = np.digitize(WINES @ [-0.5, -0.1, 1.0], [7.5, 9.0])

model = tf.keras.Sequential([
    tf.keras.layers.BatchNormalization(input_shape=[3], name='wine'),
    tf.keras.layers.Dense(6, activation='relu'),
    tf.keras.layers.Dropout(0.1),
    tf.keras.layers.Dense(3, activation='softmax', name='grade'),
])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(WINES, GRADES, epochs=60, verbose=2)
model.save('wine.h5', include_optimizer=False)
