"""Estimators that stay: where no code can be derived from a model_fn, the support module stands in for `tf.estimator`.

What a project makes with one Estimator lies in several files: the model_fn, the receiver, the training. They change
together or not at all: `facts` reads what one file has to do with Estimators, `project` decides over all files,
`edits` puts the support module's names into one of them.
"""
