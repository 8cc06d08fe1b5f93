"""Writes fixtures/goldens/variables.json: what variables are under tf.distribute.MirroredStrategy on 1, 2 and 4 logical CPUs.

usage: .venv/bin/python scripts/goldens/generate_variable_goldens.py

`variables` has a row for each aggregation, synchronization, element type, change, and place of the change: the values that the replicas
see afterwards, the value that code outside replicas reads, and the value of each replica, after the change was made once and twice. If
the change is an error, `results` is "error". A replica assigns its number + 1, code outside replicas assigns 4, and every variable starts at 10.
`optimizers` has rows for `apply_gradients` in replicas, whose gradients are the replica's number + 1: the variable after three steps.
Eager code and tf.function must agree; the script fails if they do not. Logical devices are fixed when TensorFlow starts, so each number
of replicas has a process of its own.
"""
import itertools
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = ""

REPLICAS = [1, 2, 4]
FILE = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "goldens" / "variables.json"
INITIAL = 10
OUTSIDE = 4
STEPS = 3


def make_strategy(replicas):
    import tensorflow as tf

    [cpu] = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * replicas)
    return tf.distribute.MirroredStrategy([f"CPU:{index}" for index in range(replicas)])


def numbers(values):
    return [value.numpy().item() for value in values]


def attempt(body):
    try:
        return body()
    except (ValueError, NotImplementedError):
        return "error"


def variable_row(strategy, aggregation, synchronization, dtype, change, place, is_function):
    import tensorflow as tf

    def make():
        with strategy.scope():
            return tf.Variable(
                tf.cast(INITIAL, dtype),
                trainable=False,
                aggregation=tf.VariableAggregation[aggregation],
                synchronization=tf.VariableSynchronization[synchronization],
            )

    variable = attempt(make)
    if isinstance(variable, str):
        return {"created": False}

    def in_replica():
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        getattr(variable, change)(tf.cast(replica + 1, dtype))
        return tf.identity(variable)

    def run():
        if place == "replica":
            return strategy.experimental_local_results(strategy.run(in_replica))
        getattr(variable, change)(tf.cast(OUTSIDE, dtype))
        return []

    def outside():
        with strategy.scope():
            return variable.read_value().numpy().item()

    call = tf.function(run, autograph=False) if is_function else run
    results = []
    for _ in range(2):
        seen = attempt(lambda: numbers(call()))
        if isinstance(seen, str):
            return {"created": True, "results": "error"}
        results.append({"seen": seen, "value": attempt(outside), "values": numbers(strategy.experimental_local_results(variable))})
    return {"created": True, "results": results}


def optimizer_row(strategy, name, skips, is_function):
    import tensorflow as tf
    import tf_keras

    with strategy.scope():
        variable = tf.Variable(float(INITIAL))
        optimizer = {
            "sgd": lambda: tf_keras.optimizers.SGD(0.1),
            "momentum": lambda: tf_keras.optimizers.SGD(0.1, momentum=0.9),
            "adam": lambda: tf_keras.optimizers.Adam(0.1),
        }[name]()
        optimizer.build([variable])

    def in_replica():
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        # Gradients that are equal on every replica, if they are not to be summed.
        gradient = tf.constant(3.0) if skips else tf.cast(replica + 1, "float32")
        optimizer.apply_gradients([(gradient, variable)], skip_gradients_aggregation=skips)

    run = lambda: strategy.run(in_replica)
    call = tf.function(run) if is_function else run
    for _ in range(STEPS):
        call()
    return {"value": float(variable.numpy()), "iterations": int(optimizer.iterations.numpy())}


def both(row, *arguments):
    eager, traced = [row(*arguments, is_function) for is_function in (False, True)]
    if eager != traced:
        raise SystemExit(f"eager {eager} and traced {traced} differ: {arguments[1:]}")
    return eager


def child(replicas):
    strategy = make_strategy(replicas)
    variables = [
        {
            "replicas": replicas,
            "aggregation": aggregation,
            "synchronization": synchronization,
            "dtype": dtype,
            "change": change,
            "place": place,
            **both(variable_row, strategy, aggregation, synchronization, dtype, change, place),
        }
        for aggregation, synchronization, dtype, change, place in itertools.product(
            ["NONE", "SUM", "MEAN", "ONLY_FIRST_REPLICA"],
            ["ON_WRITE", "ON_READ"],
            ["float32", "int32"],
            ["assign", "assign_add", "assign_sub"],
            ["replica", "outside"],
        )
    ]
    optimizers = [
        {"replicas": replicas, "optimizer": name, "skips": skips, **both(optimizer_row, strategy, name, skips)}
        for name, skips in itertools.product(["sgd", "momentum", "adam"], [False, True])
    ]
    print(json.dumps({"variables": variables, "optimizers": optimizers}))


def main():
    parts = []
    for replicas in REPLICAS:
        done = subprocess.run([sys.executable, __file__, str(replicas)], check=True, stdout=subprocess.PIPE, text=True)
        parts.append(json.loads(done.stdout.splitlines()[-1]))
    rows = {key: [row for part in parts for row in part[key]] for key in ("variables", "optimizers")}
    lines = [f'"{key}": [\n' + ",\n".join(json.dumps(row) for row in rows[key]) + "\n]" for key in rows]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    child(int(sys.argv[1])) if len(sys.argv) > 1 else main()
