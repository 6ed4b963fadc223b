# expect: LOAD904 the file has no `import tensorflow as tf`
try:
    from tensorflow.contrib import predictor
except ImportError:
    predictor = None

predict_fn = predictor.from_saved_model('model')
