"""Writes fixtures/saved-model: a small SavedModel with two signatures, and what Python's TensorFlow computes with it."""
import json
import os
import pathlib

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
import tensorflow as tf

FOLDER = pathlib.Path(__file__).resolve().parents[2] / 'fixtures' / 'saved-model'


class Model(tf.Module):
    def __init__(self):
        self.weight = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name='weight')

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='x')])
    def serve(self, x):
        return {'product': x @ self.weight, 'total': tf.reduce_sum(x, 1)}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int64, name='ids'), tf.TensorSpec([], tf.string, name='word')])
    def describe(self, ids, word):
        return {'text': tf.strings.join([word, tf.strings.reduce_join(tf.strings.as_string(ids))]), 'next': ids + 1}


model = Model()
tf.saved_model.save(model, str(FOLDER), {'serving_default': model.serve, 'describe': model.describe})
result = model.serve(tf.constant([[1.0, -1.0], [0.5, 2.0]]))
(FOLDER / 'expected.json').write_text(json.dumps({name: value.numpy().tolist() for name, value in result.items()}) + '\n')
