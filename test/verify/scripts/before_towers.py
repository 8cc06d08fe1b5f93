"""Checks what `multi_gpu_model` returns, and which arguments it refuses."""
import numpy as np
import keras
from keras import layers
from keras.utils import multi_gpu_model


def refused(*args, **kwargs):
    try:
        multi_gpu_model(*args, **kwargs)
    except ValueError as error:
        return str(error)
    raise AssertionError('no ValueError')


inputs = keras.Input((3,), name='left')
other = keras.Input((3,), name='right')
hidden = layers.Dense(4, name='hidden')(layers.Concatenate()([inputs, other]))
template = keras.Model([inputs, other], [layers.Dense(2, name='first')(hidden), layers.Dense(1, name='second')(hidden)])

assert 'gpus >= 2' in refused(template, gpus=1)
assert 'len(gpus) >= 2' in refused(template, gpus=[0])
parallel = multi_gpu_model(template, 2)
assert template in parallel.layers
assert parallel.output_names == ['first', 'second'], parallel.output_names
assert all(a is b for a, b in zip(parallel.weights, template.weights))

x = [np.random.rand(7, 3).astype('float32') for _ in range(2)]
for mine, theirs in zip(parallel.predict(x, verbose=0), template.predict(x, verbose=0)):
    assert mine.shape == theirs.shape
    np.testing.assert_allclose(mine, theirs, rtol=1e-5)

single = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Dense(5, name='last')])
parallel = multi_gpu_model(single, gpus=None, cpu_merge=False)
assert parallel.output_names == ['last'], parallel.output_names
assert parallel.layers[-2] is single
assert [layer.__class__.__name__ for layer in parallel.layers] == ['InputLayer', 'Lambda', 'Lambda', 'Sequential', 'Concatenate']
parallel.compile(keras.optimizers.SGD(lr=0.1), loss={'last': 'mse'})
before = single.get_weights()
parallel.train_on_batch(np.ones((4, 3)), np.ones((4, 5)))
assert any((a != b).any() for a, b in zip(before, single.get_weights()))

relocated = multi_gpu_model(single, gpus=(0, 1), cpu_relocation=True)
assert relocated.layers[-2] is not single

tokens = keras.Sequential([keras.Input((4,), dtype='int32'), layers.Embedding(9, 3), layers.Flatten(), layers.Dense(2)])
parallel = multi_gpu_model(tokens, 2)
ids = np.arange(8).reshape(2, 4)
np.testing.assert_allclose(parallel.predict(ids, verbose=0), tokens.predict(ids, verbose=0), rtol=1e-5)
