"""The same initial weights and the same data for the old and the new script.

Both build the same layers in the same order, but not at the same moment: what else draws random
numbers in between differs. So initial weights come from a counter of their own, and what draws
fresh numbers in a training step, which no two ways of splitting a batch can agree on, is off.
"""
import importlib
import random

import numpy


class SeedCounter:
    """Hands out a seed for each weight that brings none, in the order of creation."""

    def __init__(self, seed):
        self.first = seed
        self.next = seed

    def restart(self):
        self.next = self.first

    def draw(self):
        self.next += 1
        return self.next


def restart_seeds(seed, tf, counter):
    """Before each script: every generator starts where it always starts."""
    counter.restart()
    random.seed(seed)
    numpy.random.seed(seed)
    tf.random.set_seed(seed)


def install_numpy_seed(seed):
    """``numpy.random.default_rng()`` without a seed would differ from run to run."""
    original = numpy.random.default_rng

    def default_rng(seed_given=None):
        return original(seed if seed_given is None else seed_given)

    numpy.random.default_rng = default_rng


RANDOM_LAYERS = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
                 "GaussianDropout", "GaussianNoise", "AlphaDropout")


def _let_random_layers_pass(keras):
    for name in RANDOM_LAYERS:
        getattr(keras.layers, name).call = lambda self, inputs, training=None: inputs


def install(flavour, counter):
    """On one Keras: weights from the counter, nothing random within a step."""
    if flavour.name == "keras3":
        _install_keras3(flavour.keras, flavour.trainer, counter)
    else:
        _install_keras2(flavour.keras, counter)


def _install_keras3(keras, trainer, counter):
    from keras.src import backend
    from keras.src.random import seed_generator

    # Generators of random numbers are created at moments that differ; weights are not.
    others = SeedCounter(counter.first)
    backend.random.make_default_seed = counter.draw
    seed_generator.make_default_seed = others.draw
    backend.random.dropout = lambda inputs, *_, **__: inputs
    _let_random_layers_pass(keras)
    _build_without_drawing(keras, trainer)


def _build_without_drawing(keras, trainer):
    """Under a strategy, Keras 3 takes batches from the data to learn their shapes, and throws them
    away. A Python generator or a shuffled data set then trains on other examples than without a
    strategy. The shapes are known from the data set's own description.
    """
    original = trainer._maybe_symbolic_build

    def symbolic_batch(spec):
        spec = getattr(spec, "_value_specs", [spec])[0]
        if not hasattr(spec, "dtype"):
            return None
        return keras.KerasTensor(tuple(spec.shape), dtype=spec.dtype.name)

    def maybe_symbolic_build(self, iterator=None, data_batch=None):
        dataset = getattr(iterator, "_distributed_dataset", None)
        if self._distribute_strategy is not None and dataset is not None:
            try:
                data_batch = keras.tree.map_structure(symbolic_batch, dataset.element_spec)
                iterator = None
            except (AttributeError, TypeError, ValueError):
                data_batch = None  # A shape of unknown rank: only the data can tell.
        return original(self, iterator=iterator, data_batch=data_batch)

    trainer._maybe_symbolic_build = maybe_symbolic_build


def _install_keras2(keras, counter):
    backend = importlib.import_module(keras.__name__ + ".src.backend")

    def create_seed(self, user_specified_seed):
        return counter.draw() if user_specified_seed is None else user_specified_seed

    backend.RandomGenerator._create_seed = create_seed
    backend.RandomGenerator.dropout = lambda self, inputs, *_, **__: inputs
    _let_random_layers_pass(keras)


def install_owned_batches(tf):
    """Gives TensorFlow a copy of each array that a Python generator yields. It takes the memory as
    its own and computes in place: `yield x, x`, cut into slices, would overwrite its own target.
    """
    original = tf.data.Dataset.from_generator

    def own(element):
        return tf.nest.map_structure(
            lambda leaf: leaf.copy() if isinstance(leaf, numpy.ndarray) else leaf, element)

    def from_generator(generator, *args, **kwargs):
        def owned(*generator_args):
            for element in generator(*generator_args):
                yield own(element)

        return original(owned, *args, **kwargs)

    tf.data.Dataset.from_generator = staticmethod(from_generator)
