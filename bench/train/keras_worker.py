"""Trains the benchmark's models in Python Keras, one measurement for each line on standard input.

usage: keras_worker.py single|jit|mirrored|cluster|jax REPLICAS

With "jax", Keras runs on JAX and TensorFlow is not needed.

With "cluster", this process is the one of a cluster that TF_CONFIG names, and models are those of legacy Keras (tf_keras):
models of Keras 3 do not train under MultiWorkerMirroredStrategy.

A line is JSON: {"model": "mlp", "batch": 128, "steps": 20, "epochs": 3}; the answer is {"milliseconds": a step, "loss": last,
"laterMilliseconds": a step of the epochs after the first}.
"""
import contextlib
import json
import os
import sys
import time

MODE, REPLICAS = sys.argv[1], int(sys.argv[2])
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
if MODE == "cluster":
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
import numpy as np
if MODE == "jax":
    os.environ["KERAS_BACKEND"] = "jax"
    import keras
else:
    import tensorflow as tf
    keras = tf.keras

THREADS = int(os.environ.get("MIRRORSCOPE_INTRA_OP_THREADS", "0"))
if THREADS and MODE != "jax":
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
if MODE == "mirrored":
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * REPLICAS)

layers = keras.layers


def mlp():
    return keras.Sequential([
        keras.Input((784,)), layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")])


def cnn():
    return keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(10, activation="softmax")])


def lstm():
    # The hard sigmoid and the non-fused cell are TensorFlow.js's defaults; Keras runs its own default cell, which is faster.
    return keras.Sequential([
        keras.Input((28, 28)), layers.LSTM(64, return_sequences=True), layers.LSTM(64), layers.Dense(10, activation="softmax")])


def resnet():
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(16, 3, padding="same", use_bias=False)(inputs)
    for _ in range(3):
        y = layers.BatchNormalization()(x)
        y = layers.ReLU()(y)
        y = layers.Conv2D(16, 3, padding="same", use_bias=False)(y)
        y = layers.BatchNormalization()(y)
        y = layers.ReLU()(y)
        y = layers.Conv2D(16, 3, padding="same", use_bias=False)(y)
        x = layers.Add()([x, y])
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def embedding():
    return keras.Sequential([
        keras.Input((64,)), layers.Embedding(5000, 32), layers.GlobalAveragePooling1D(),
        layers.Dense(32, activation="relu"), layers.Dense(10, activation="softmax")])


SHAPES = {"mlp": (784,), "cnn": (28, 28, 1), "lstm": (28, 28), "resnet": (28, 28, 1), "embedding": (64,)}
BUILDERS = {"mlp": mlp, "cnn": cnn, "lstm": lstm, "resnet": resnet, "embedding": embedding}
models = {}
# One for all models: TensorFlow's collectives of one process do not bear several strategies with other shapes.
strategy = (contextlib.nullcontext() if MODE == "jax"
            else tf.distribute.MirroredStrategy([f"CPU:{i}" for i in range(REPLICAS)]) if MODE == "mirrored"
            else tf.distribute.MultiWorkerMirroredStrategy() if MODE == "cluster"
            else tf.distribute.get_strategy())


def compiled(name):
    if name not in models:
        with strategy if MODE == "jax" else strategy.scope():
            model = BUILDERS[name]()
            # Keras on JAX always compiles.
            compiling = {} if MODE == "jax" else {"jit_compile": MODE == "jit"}
            model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="categorical_crossentropy",
                          metrics=["accuracy"], **compiling)
        models[name] = model
    return models[name]


def measure(name, batch, steps, epochs):
    model = compiled(name)
    random = np.random.default_rng(7)
    count = batch * steps
    if name == "embedding":
        x = random.integers(0, 5000, (count,) + SHAPES[name]).astype("int32")
    else:
        x = random.random((count,) + SHAPES[name], dtype="float32")
    y = np.eye(10, dtype="float32")[random.integers(0, 10, count)]
    ends = []
    callback = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter()))
    started = time.perf_counter()
    history = model.fit(x, y, batch_size=batch, epochs=epochs, verbose=0, shuffle=False, callbacks=[callback])
    return {
        "milliseconds": (time.perf_counter() - started) * 1e3 / (steps * epochs),
        "laterMilliseconds": (ends[-1] - ends[0]) * 1e3 / (steps * (epochs - 1)) if epochs > 1 else None,
        "loss": float(history.history["loss"][-1]),
    }


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(measure(request["model"], request["batch"], request["steps"], request["epochs"])), flush=True)
