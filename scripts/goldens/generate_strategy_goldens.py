"""Writes fixtures/goldens/strategy/*.json: what tf.keras computes under tf.distribute.MirroredStrategy on 1 to 4 logical CPUs.

usage: .venv/bin/python scripts/goldens/generate_strategy_goldens.py [model ...]

A file holds a model's initial weights, its data, and for each optimizer, replica count and number of rows the losses of each epoch and
the weights afterwards, layer by layer. Arrays are base64 of little-endian 32-bit values. Models: strategy_models.py; optimizers, and where
TensorFlow.js's formulas are others: strategy_optimizers.py.

Logical devices are fixed when TensorFlow starts, and a collective that fails leaves its process useless: so one process trains one
model with one number of replicas, and where it fails or hangs, another one goes on with what is left.
"""
import base64
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

REPLICAS = [1, 2, 3, 4]
# A last batch of 11 examples.
RAGGED_ROWS = 23
RAGGED_OPTIMIZERS = ["sgd"]
ATTEMPTS = 4
TIMEOUT_SECONDS = 600
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "goldens" / "strategy"


def flat(arrays):
    import numpy as np

    arrays = [np.asarray(array) for array in arrays]
    values = b"".join(array.astype("<i4" if array.dtype.kind == "i" else "<f4").tobytes() for array in arrays)
    return {"shapes": [list(array.shape) for array in arrays], "values": base64.b64encode(values).decode()}


def layer_weights(model):
    return [weight for layer in model.layers for weight in layer.get_weights()]


def trained_weights(strategy, model):
    """The weights, layer by layer: of each the mean over the replicas.

    They differ only where Keras 3 lets each replica keep its own: the moving averages of BatchNormalization, of which get_weights gives the
    first replica's. Keras 2 gave the mean (VariableAggregation.MEAN), as TensorFlow's documentation says.
    """
    import numpy as np

    replicas = lambda weight: [np.asarray(value) for value in strategy.experimental_local_results(weight.value)]
    return [np.mean(replicas(weight), axis=0, dtype="float32") for layer in model.layers for weight in layer.weights]


def set_layer_weights(model, weights):
    weights = list(weights)
    for layer in model.layers:
        layer.set_weights([weights.pop(0) for _ in layer.get_weights()])


def child(name, replicas, wanted):
    """Trains one model with each (optimizer, rows) of `wanted`, and prints a line of JSON for each, after one for the model."""
    import tensorflow as tf

    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * replicas)
    from strategy_models import BATCH, EPOCHS, MODELS, draw
    from strategy_optimizers import OPTIMIZERS
    from strategy_training import fit, loop

    say = lambda value: print(json.dumps(value), flush=True)
    build, inputs, targets = MODELS[name]
    random = draw(name)
    x, y = inputs(random), targets(random)
    weights = [
        np_weight if len(np_weight.shape) == 1 and np_weight.std() == 0 else 0.3 * random.standard_normal(np_weight.shape).astype("float32")
        for np_weight in layer_weights(build(BATCH // replicas)[0])
    ]
    say({"tensorflow": tf.__version__, "keras": tf.keras.__version__, "model": name, "batchSize": BATCH, "epochs": EPOCHS,
         "x": flat(x), "y": flat(y), "initialWeights": flat(weights)})
    strategy = tf.distribute.MirroredStrategy([f"CPU:{index}" for index in range(replicas)])
    for optimizer, rows in wanted:
        train = fit if rows % BATCH == 0 else loop
        model, losses = train(
            strategy, lambda: build(BATCH // replicas), lambda model: set_layer_weights(model, weights), OPTIMIZERS[optimizer],
            [array[:rows] for array in x], [array[:rows] for array in y], BATCH, EPOCHS)
        say({"optimizer": optimizer, "replicas": strategy.num_replicas_in_sync, "rows": rows, "losses": losses,
             "weights": flat(trained_weights(strategy, model))["values"]})


def lines_of(name, replicas, wanted):
    """The lines that a child printed before it ended, however it ended."""
    command = [sys.executable, __file__, "--child", name, str(replicas), json.dumps(wanted)]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
        output, failure = result.stdout, result.stderr if result.returncode else ""
    except subprocess.TimeoutExpired as error:
        output, failure = (error.stdout or b"").decode(), f"no end after {TIMEOUT_SECONDS} s"
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")], failure


def runs_of(name, replicas, wanted):
    """The model, and a run for each of `wanted`."""
    header, runs, failures = None, [], 0
    while len(runs) < len(wanted):
        lines, failure = lines_of(name, replicas, wanted[len(runs):])
        header = lines[0] if lines else header
        runs += lines[1:]
        if failure:
            failures += 1
            print(f"{name}, {replicas} replicas, after {len(runs)} runs: {failure.strip().splitlines()[-1]}", file=sys.stderr, flush=True)
        if failures == ATTEMPTS:
            raise SystemExit(f"{name} with {replicas} replicas failed {ATTEMPTS} times:\n{failure}")
    return header, runs


def main(names):
    from strategy_models import FIXED_BATCH, MODELS, ROWS
    from strategy_optimizers import OPTIMIZERS

    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or MODELS:
        ragged = [] if name in FIXED_BATCH else RAGGED_OPTIMIZERS
        wanted = [(optimizer, ROWS) for optimizer in OPTIMIZERS] + [(optimizer, RAGGED_ROWS) for optimizer in ragged]
        parts = [runs_of(name, replicas, wanted) for replicas in REPLICAS]
        golden = {**parts[0][0], "runs": [run for _, runs in parts for run in runs]}
        text = ",\n".join(f"{json.dumps(key)}: {dumped(value)}" for key, value in golden.items())
        (FOLDER / f"{name}.json").write_text("{\n" + text + "\n}\n")
        print(f"{name}: {len(golden['runs'])} runs", flush=True)


def dumped(value):
    """JSON with a run a line, so that a difference shows where it is."""
    return "[\n" + ",\n".join(json.dumps(run) for run in value) + "\n]" if isinstance(value, list) else json.dumps(value)


if sys.argv[1:2] == ["--child"]:
    child(sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4]))
else:
    main(sys.argv[1:])
