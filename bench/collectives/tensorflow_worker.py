"""Sums tensors with MultiWorkerMirroredStrategy's own all_reduce, one request per line on standard input.

A line is JSON: {"bytes": 1000000, "calls": 20}; the answer is {"milliseconds": a call, "sum": of ones}.
"""
import json
import os
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

strategy = tf.distribute.MultiWorkerMirroredStrategy()


@tf.function(reduce_retracing=True)
def sum_over_replicas(value):
    return strategy.run(lambda each: tf.distribute.get_replica_context().all_reduce("SUM", tf.identity(each)), args=(value,))


def measure(bytes, calls):
    value = tf.ones([max(1, round(bytes / 4))])
    times = []
    for call in range(-1, calls):
        started = time.perf_counter()
        result = strategy.experimental_local_results(sum_over_replicas(value))[0]
        first = float(result[0].numpy())
        if call >= 0:
            times.append((time.perf_counter() - started) * 1e3)
    return {"milliseconds": statistics.median(times), "sum": first}


for line in sys.stdin:
    print(json.dumps(measure(**json.loads(line))), flush=True)
