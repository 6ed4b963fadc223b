# expect: nothing
import subprocess

import tensorflow as tf
from joblib import load

model = load('model.joblib')
subprocess.run(['redis-cli', 'localhost:6379'])
print(tf.__version__, model.save('a'), model.predictor.session)
