"""Writes fixtures/goldens/strategy/*.json: what tf.keras computes under tf.distribute.MirroredStrategy on logical CPUs.

usage: .venv/bin/python scripts/generate-strategy-goldens.py

Each file holds a model's initial weights, its data, and for each replica count the losses of each epoch and the weights afterwards.
Only optimizers that TensorFlow.js and Keras define alike are used, with the settings that make them alike:

  sgd, momentum    the same.
  adam             epsilon 1e-7 in both; Keras corrects the bias in the step size, TensorFlow.js in the moments, so that epsilon weighs
                   differently where gradients are small (up to 3e-4 after six steps): not compared.
  rmsprop          TensorFlow.js adds epsilon inside the square root, Keras too (rsqrt(v + epsilon)); decay 0.9, epsilon 1e-7.
  adagrad          TensorFlow.js adds epsilon inside the square root, Keras too; initial accumulator 0.1, epsilon 1e-7 in both.
  adadelta, adamax differ in their defaults and corrections, and are not compared.
"""
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf

# One replica so far: with more, these models' collectives hung or failed here in Keras itself.
# Several strategies in one process use the same keys for collectives of other shapes, which fail: one strategy a process.
REPLICAS = [1]
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 0
if COUNT:
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * COUNT)
keras, layers = tf.keras, tf.keras.layers
ROWS, BATCH, EPOCHS = 24, 12, 3
random = np.random.default_rng(17)


def dense():
    return keras.Sequential([keras.Input((5,)), layers.Dense(8, activation="tanh"), layers.Dense(3, activation="softmax")])


def conv():
    return keras.Sequential([keras.Input((6, 6, 2)), layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(3, activation="softmax")])


def embedding():
    return keras.Sequential([keras.Input((5,)), layers.Embedding(20, 4), layers.GlobalAveragePooling1D(), layers.Dense(3, activation="softmax")])


def lstm():
    return keras.Sequential([keras.Input((3, 2)), layers.LSTM(4, recurrent_activation="sigmoid"), layers.Dense(3, activation="softmax")])


def inputs(shape):
    return random.standard_normal((ROWS,) + shape).astype("float32")


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.1),
    "momentum": lambda: keras.optimizers.SGD(0.05, momentum=0.9),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01, rho=0.9, epsilon=1e-7),
    "adagrad": lambda: keras.optimizers.Adagrad(0.1, initial_accumulator_value=0.1, epsilon=1e-7),
}
CASES = [
    ("dense", dense, inputs((5,)), list(OPTIMIZERS)),
    ("conv", conv, inputs((6, 6, 2)), ["sgd"]),
    ("embedding", embedding, random.integers(0, 20, (ROWS, 5)).astype("int32"), ["sgd"]),
    ("lstm", lstm, inputs((3, 2)), ["sgd"]),
]


def flat(array):
    return {"shape": list(array.shape), "values": [float(value) for value in np.ravel(array)]}


def train(strategy, build, weights, x, y, optimizer):
    with strategy.scope():
        model = build()
        model.compile(optimizer=OPTIMIZERS[optimizer](), loss="categorical_crossentropy")
        model.set_weights(weights)
    history = model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0)
    return {"replicas": strategy.num_replicas_in_sync, "losses": [float(loss) for loss in history.history["loss"]], "weights": [flat(weight) for weight in model.get_weights()]}


def goldens(replicas):
    """All cases with one replica count. Every process draws the same data and weights."""
    strategy = tf.distribute.MirroredStrategy([f"CPU:{index}" for index in range(replicas)])
    targets = np.eye(3, dtype="float32")[np.arange(ROWS) * 7 % 3]
    for name, build, x, optimizers in CASES:
        weights = [0.3 * random.standard_normal(weight.shape).astype("float32") for weight in build().get_weights()]
        yield {
            "tensorflow": tf.__version__, "keras": keras.__version__, "model": name, "batchSize": BATCH, "epochs": EPOCHS,
            "x": flat(x), "y": flat(targets), "initialWeights": [flat(weight) for weight in weights],
            "runs": [{"optimizer": optimizer, **train(strategy, build, weights, x, targets, optimizer)} for optimizer in optimizers],
        }


def main():
    folder = pathlib.Path(__file__).parent.parent / "fixtures" / "goldens" / "strategy"
    folder.mkdir(parents=True, exist_ok=True)
    parts = [json.loads(subprocess.check_output([sys.executable, __file__, str(count)])) for count in REPLICAS]
    for index, golden in enumerate(parts[0]):
        golden["runs"] = [run for part in parts for run in part[index]["runs"]]
        (folder / f"{golden['model']}.json").write_text(json.dumps(golden) + "\n")


if COUNT:
    print(json.dumps(list(goldens(COUNT))))
else:
    main()
