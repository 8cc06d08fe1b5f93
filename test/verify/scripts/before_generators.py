"""Checks the generator methods of Keras 2: their positional arguments, and steps that are no integers."""
import keras
import numpy as np


def batches():
    while True:
        yield np.ones((4, 3)), np.ones((4, 1))


seen = []
model = keras.Sequential([keras.layers.Dense(1, input_shape=(3,))])
model.compile('sgd', 'mse')
count = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(batch))
model.fit_generator(batches(), 2, 1, 0, [count])
assert seen == [0, 1], seen
del seen[:]
# Keras 2 trains until it has done at least so many steps.
model.fit_generator(generator=batches(), steps_per_epoch=10 / 4, epochs=1, verbose=0, callbacks=[count])
assert seen == [0, 1, 2], seen
model.evaluate_generator(batches(), 1.5)
assert model.predict_generator(batches(), 1.5).shape == (8, 1)
