"""Training steps of the bench's models in Python TensorFlow, eagerly. Reads `MODEL STEPS` lines, answers ms a step."""
import os
import sys
import time

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import tensorflow as tf

BATCH = 32
layers = tf.keras.layers


def mlp():
    return tf.keras.Sequential([layers.Input([784]), layers.Dense(128, activation='relu'), layers.Dense(10, activation='softmax')]), [784]


def cnn():
    return tf.keras.Sequential([
        layers.Input([28, 28, 1]),
        layers.Conv2D(16, 3, activation='relu'), layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation='relu'), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(10, activation='softmax'),
    ]), [28, 28, 1]


def prepare(build):
    model, shape = build()
    x = tf.random.uniform([BATCH, *shape], seed=1)
    y = tf.one_hot(tf.random.uniform([BATCH], 0, 10, tf.int32, seed=2), 10)
    optimizer = tf.keras.optimizers.Adam(1e-3)
    loss_of = tf.keras.losses.CategoricalCrossentropy()

    def step():
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
        return loss

    for _ in range(3):
        step()
    return step


steps = {'mlp': prepare(mlp), 'cnn': prepare(cnn)}
print('ready', tf.__version__, flush=True)
for line in sys.stdin:
    name, count = line.split()
    start = time.perf_counter()
    for _ in range(int(count)):
        loss = steps[name]()
    loss.numpy()
    print((time.perf_counter() - start) / int(count) * 1000, flush=True)
