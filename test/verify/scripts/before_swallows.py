"""A script that catches every exception and continues; it must end nevertheless."""
import numpy as np
import keras

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile('sgd', 'mse')
x = np.random.rand(64, 2)
while True:
    try:
        model.fit(x, x[:, :1], batch_size=8, verbose=0)
    except Exception:
        continue
