"""A worker in Python that trains one model together with workers in Node, which run train.js.

Reads TF_CONFIG. Prints the final weights.
"""

import json
import math

import tensorflow as tf

ROWS = 24
FEATURES = 4
UNITS = 8
WEIGHTS = FEATURES * UNITS + UNITS
STEPS = 10
LEARNING_RATE = 0.1

strategy = tf.distribute.MultiWorkerMirroredStrategy()
resolver = strategy.cluster_resolver
workers = strategy.num_replicas_in_sync
worker = 0 if resolver.task_type == "chief" else resolver.task_id + ("chief" in resolver.cluster_spec().jobs)


def loss(weights, x, y):
    """The loss of some rows, as their share of the mean over all rows. All weights are in one vector."""
    hidden = tf.tanh(x @ tf.reshape(weights[: FEATURES * UNITS], [FEATURES, UNITS]))
    output = hidden @ tf.reshape(weights[FEATURES * UNITS :], [UNITS, 1])
    return tf.reduce_sum(tf.square(output - y)) / ROWS


def add_up(value):
    # The identity has a device, which the argument of a function has not. The strategy asks for it.
    return tf.distribute.get_replica_context().all_reduce("SUM", tf.identity(value))


# Each call of these functions makes one collective. train.js makes the same ones, in the same order.
@tf.function
def sum_of_all(value):
    return strategy.run(add_up, args=(value,))


@tf.function
def gradient_of_all(weights, x, y):
    def replica(weights, x, y):
        with tf.GradientTape() as tape:
            tape.watch(weights)
            own = loss(weights, x, y)
        return add_up(tape.gradient(own, weights))

    return strategy.run(replica, args=(weights, x, y))


def run(function, *args):
    return strategy.experimental_local_results(function(*args))[0]


# Every worker has its own rows.
rows = range(worker, ROWS, workers)
x = tf.constant([[math.sin(row * FEATURES + feature) for feature in range(FEATURES)] for row in rows])
y = tf.reduce_sum(x, 1, keepdims=True)

# The chief's initial weights, in all workers: the others add zeros.
initial = [math.cos(index) / 2 if worker == 0 else 0.0 for index in range(WEIGHTS)]
weights = run(sum_of_all, tf.constant(initial))
for _ in range(STEPS):
    weights = weights - LEARNING_RATE * run(gradient_of_all, weights, x, y)

print(json.dumps(weights.numpy().tolist()), flush=True)
