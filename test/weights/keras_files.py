"""Writes weights files with Keras, and proves that converted files load.

    python keras_files.py make  <keras package> <folder>   old layout, single layout, predictions
    python keras_files.py check <keras package> <folder>   loads what was converted, prints JSON
    python keras_files.py check-weights <…> <folder>       the same, files of another Keras: no whole models

`multi_gpu_model` is the one that `--verify` gives to old scripts.
"""
import importlib
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/verify/python"))

import numpy as np
import tensorflow as tf  # noqa: F401

from mirrorscope_verify.multi_gpu import make_multi_gpu_model


def dense_batchnorm(keras):
    L = keras.layers
    return keras.Sequential([L.Input((6,)), L.Dense(4), L.BatchNormalization(), L.Dense(2)], name="net")


def two_inputs(keras):
    L = keras.layers
    words, numbers = keras.Input((5,), name="words"), keras.Input((3,), name="numbers")
    hidden = L.Bidirectional(L.LSTM(3, return_sequences=True))(L.Embedding(11, 4)(words))
    hidden = L.Flatten()(L.TimeDistributed(L.Dense(2))(hidden))
    joined = L.Concatenate()([hidden, L.Dense(3)(numbers)])
    return keras.Model([words, numbers], [L.Dense(2, name="left")(joined), L.Dense(1, name="right")(joined)], name="net")


def submodel(keras):
    L = keras.layers
    inputs = keras.Input((8, 8, 2))
    hidden = L.BatchNormalization(name="base_bn")(L.Conv2D(3, 3, name="base_conv")(inputs))
    base = keras.Model(inputs, L.GlobalAveragePooling2D()(hidden), name="base")
    return keras.Sequential([L.Input((8, 8, 2)), base, L.Dense(3), L.Dense(2)], name="net")


def frozen(keras):
    L = keras.layers
    first = L.Dense(4)
    first.trainable = False
    return keras.Sequential([L.Input((4,)), first, L.Dense(4), L.Dense(4)], name="net")


CASES = {"dense_batchnorm": dense_batchnorm, "two_inputs": two_inputs, "submodel": submodel, "frozen": frozen}


def data(model):
    random = np.random.RandomState(3)
    shapes = [tuple(int(n) for n in tensor.shape[1:]) for tensor in model.inputs]
    x = [random.randint(0, 11, (8,) + s).astype("float32") if s == (5,) else random.rand(8, *s).astype("float32") for s in shapes]
    y = [random.rand(8, *[int(n) for n in tensor.shape[1:]]) for tensor in model.outputs]
    return (x, y) if len(x) > 1 else (x[0], y[0])


def parallel(keras, template):
    return make_multi_gpu_model(lambda model: keras, 2)(template, 2)


def predict(model, x):
    # Called directly, because tracing a function for each of these models would take a minute.
    result = model(x, training=False)
    return [np.asarray(part) for part in result] if isinstance(result, (list, tuple)) else [np.asarray(result)]


def compiled(model):
    model.compile("adam", ["mse"] * len(model.outputs) if len(model.outputs) > 1 else "mse", run_eagerly=True)
    return model


def make(keras, folder):
    # Keras 3 never had multi_gpu_model; two of its files show that mirrorscope understands its
    # names.
    names = list(CASES) if keras.__name__ == "tf_keras" else ["dense_batchnorm", "submodel"]
    for name in names:
        build = CASES[name]
        keras.backend.clear_session()
        template = build(keras)
        both = compiled(parallel(keras, template))
        x, y = data(template)
        both.fit(x, y, verbose=0)
        path = os.path.join(folder, name)
        if keras.__name__ == "tf_keras":
            both.save_weights(path + ".nested.h5")
            template.save_weights(path + ".flat.h5")
        both.save(path + ".nested-model.h5")
        both.save(path + ".nested-no-optimizer.h5", include_optimizer=False)
        compiled(template).fit(x, y, epochs=1, verbose=0)
        template.save(path + ".flat-model.h5")
        np.savez(path + ".flat-model.npz", *predict(template, x))
        np.savez(path + ".npz", *predict(load_nested(keras, build, path + ".nested-model.h5"), x))


def load_nested(keras, build, path):
    template = build(keras)
    both = parallel(keras, template)
    both.load_weights(path)
    return template


def same(model, path, x):
    with np.load(path) as stored:
        wanted = [stored["arr_%d" % i] for i in range(len(stored.files))]
    return all(np.allclose(a, b, atol=1e-5) for a, b in zip(predict(model, x), wanted))


def check_weights(keras, folder):
    check(keras, folder, with_models=False)


def check(keras, folder, with_models=True):
    answers = {}
    for name, build in CASES.items():
        path = os.path.join(folder, name)
        if not os.path.exists(path + ".npz"):
            continue
        x, y = data(build(keras))

        def try_out(label, file, action):
            if os.path.exists(file) and (with_models or action is not whole):
                keras.backend.clear_session()
                answers[name + " " + label] = bool(action(file))

        def weights(file):
            model = build(keras)
            model.load_weights(file)
            return same(model, path + ".npz", x)

        def whole(file, trains=False):
            # Keras 3 cannot read the training configuration of its own .h5 files ("mse").
            model = keras.models.load_model(file, compile=keras.__name__ == "tf_keras")
            if trains:
                model.fit(x, y, epochs=1, verbose=0)
                return np.isfinite(model.evaluate(x, y, verbose=0)).all()
            return same(model, path + ".npz", x)

        def nested(file, expected):
            return same(load_nested(keras, build, file), expected, x)

        try_out("weights", path + ".to-flat.h5", weights)
        try_out("weights by reference", path + ".to-flat-like.h5", weights)
        try_out("weights out of a model", path + ".to-flat-model.h5", weights)
        try_out("model", path + ".to-flat-model.h5", whole)
        try_out("model without optimizer", path + ".to-flat-no-optimizer.h5", whole)
        if with_models and name == "dense_batchnorm" and keras.__name__ == "tf_keras":
            try_out("model trains on", path + ".to-flat-model.h5", lambda file: whole(file, True))
        try_out("nested weights", path + ".to-nested.h5", lambda file: nested(file, path + ".npz"))
        try_out("nested weights by reference", path + ".to-nested-like.h5", lambda file: nested(file, path + ".npz"))
        try_out("nested weights out of a model", path + ".to-nested-model.h5", lambda file: nested(file, path + ".flat-model.npz"))
        try_out("there and back", path + ".back.h5", weights)
    print(json.dumps(answers))


if __name__ == "__main__":
    _, command, package, target = sys.argv
    {"make": make, "check": check, "check-weights": check_weights}[command](importlib.import_module(package), target)
