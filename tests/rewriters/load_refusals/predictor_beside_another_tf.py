# expect: LOAD904 the file has no `import tensorflow as tf`
from tensorflow.contrib import predictor

for tf in ('tf1', 'tf2'):
    print(predictor.from_saved_model(tf))
