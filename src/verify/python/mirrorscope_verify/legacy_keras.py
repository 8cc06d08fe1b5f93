"""Lets code written for Keras 2 run on the installed Keras. Used only for old scripts.

Covers what mirrorscope migrates: the modules that exported `multi_gpu_model`, modules that moved,
`lr`, and the generator methods. Migrated scripts run without it, so an incomplete migration fails
as it would for the user.
"""
import functools
import importlib
import math
import sys
import types

from .legacy_modules_table import (
    DROPPED_ARGUMENTS, GENERATOR_PARAMETERS, MOVED_MODULES, MULTI_GPU_MODULES,
    PRIVATE_MULTI_GPU_MODULES, RENAMED_ARGUMENTS, STEP_ARGUMENTS,
)


class MovedModule(types.ModuleType):
    """A module of Keras 2 that looks up its names in their current modules."""

    def __init__(self, name, homes):
        super().__init__(name)
        self.__dict__["_homes"] = homes
        self.__path__ = []

    def __getattr__(self, name):
        for home in self.__dict__["_homes"]:
            if hasattr(home, name):
                return getattr(home, name)
        raise AttributeError("module %r has no attribute %r" % (self.__name__, name))


class LegacyApis:
    """The APIs that old scripts get back: `multi_gpu_model`, and the names of Keras 2."""

    def __init__(self, multi_gpu_model, device_count):
        self.multi_gpu_model = multi_gpu_model
        self.gpu_names = ["/device:GPU:%d" % index for index in range(device_count)]

    def install_on(self, flavour, package_names):
        """Adds the APIs to one Keras, under every name by which its package can be imported."""
        for name in package_names:
            package = importlib.import_module(name)
            for old, homes in MOVED_MODULES.items():
                _add(name + "." + old, [_module(name, home, package) for home in homes])
            for old in MULTI_GPU_MODULES:
                module = _module(name, old, package) if old == "utils" else _add(name + "." + old, [])
                module.multi_gpu_model = self.multi_gpu_model
            _add_backend(name, package, self.gpu_names)
            _add_preprocessing(name, package)
        for optimizer in flavour.optimizers:
            _accept_lr(optimizer)
        _accept_old_arguments(flavour.trainer)

    def install_on_tensorflow(self, tf):
        """Adds the APIs to TensorFlow itself and to its private copies of Keras."""
        # `tf.keras` is not always the same object as the imported module.
        tf.keras.utils.multi_gpu_model = self.multi_gpu_model
        for name in PRIVATE_MULTI_GPU_MODULES:
            _add_private(name).multi_gpu_model = self.multi_gpu_model
        install_legacy_distribution(tf)


def _module(package_name, relative, package):
    try:
        return importlib.import_module(package_name + "." + relative)
    except ImportError:
        return functools.reduce(getattr, relative.split("."), package)


def _add(full_name, homes):
    """Registers a module, unless the name is taken, and makes it an attribute of its parent."""
    if full_name in sys.modules:
        return sys.modules[full_name]
    module = MovedModule(full_name, homes)
    sys.modules[full_name] = module
    parent_name, _, last = full_name.rpartition(".")
    parent = sys.modules.get(parent_name)
    if parent is not None and not hasattr(parent, last):
        setattr(parent, last, module)
    return module


def _add_private(full_name):
    try:
        return importlib.import_module(full_name)
    except Exception:  # If a private module of TensorFlow does not load now, it never will.
        return _add(full_name, [])


def _add_backend(name, package, gpu_names):
    backend = package.backend
    if name == "keras":
        complete = importlib.import_module("keras._tf_keras.keras.backend")
        for attribute in dir(complete):
            if not hasattr(backend, attribute):
                setattr(backend, attribute, getattr(complete, attribute))
    tensorflow_backend = _add(name + ".backend.tensorflow_backend", [backend])
    for home in (backend, tensorflow_backend):
        home._get_available_gpus = lambda: list(gpu_names)
        home.set_value = _set_value
    backend.tensorflow_backend = tensorflow_backend


def _set_value(variable, value):
    """Replaces a function of Keras 3 that fails for Keras 3's own variables."""
    variable.assign(value)


def _add_preprocessing(name, package):
    if name != "keras":
        return
    for part in ("image", "text", "sequence"):
        try:
            complete = importlib.import_module("keras._tf_keras.keras.preprocessing." + part)
        except ImportError:
            continue
        module = getattr(package.preprocessing, part, None) or _add("keras.preprocessing." + part, [])
        for attribute in dir(complete):
            if not attribute.startswith("_") and not hasattr(module, attribute):
                setattr(module, attribute, getattr(complete, attribute))


def _accept_old_arguments(trainer):
    """Adds `fit_generator` and similar methods, and accepts their old arguments."""
    for name, parameters in GENERATOR_PARAMETERS.items():
        lenient = _lenient(getattr(trainer, name))
        setattr(trainer, name, lenient)
        if not hasattr(trainer, name + "_generator"):
            setattr(trainer, name + "_generator", _by_name(lenient, parameters))


def _lenient(original):
    @functools.wraps(original)
    def call(self, *args, **kwargs):
        for name in DROPPED_ARGUMENTS:
            kwargs.pop(name, None)
        for old, new in RENAMED_ARGUMENTS.items():
            if old in kwargs:
                kwargs[new] = kwargs.pop(old)
        for name in STEP_ARGUMENTS:
            # Keras 2 counted up until it had done at least so many steps.
            if isinstance(kwargs.get(name), float):
                kwargs[name] = math.ceil(kwargs[name])
        return original(self, *args, **kwargs)

    return call


def _by_name(method, parameters):
    """Names the positional arguments: those of the generator methods have an order of their own."""
    @functools.wraps(method)
    def call(self, *args, **kwargs):
        return method(self, **dict(zip(parameters, args)), **kwargs)

    return call


def _accept_lr(optimizer):
    original = optimizer.__init__
    is_keras_3 = hasattr(optimizer, "_get_current_learning_rate")

    @functools.wraps(original)
    def init(self, *args, **kwargs):
        if "lr" in kwargs:
            rate = kwargs.pop("lr")
            if args:
                args = (rate,) + args[1:]
            else:
                kwargs["learning_rate"] = rate
        # Standalone Keras took None for the default, and slowed down by itself.
        if kwargs.get("epsilon", 0) is None:
            del kwargs["epsilon"]
        decay = kwargs.pop("decay", 0) if is_keras_3 else 0
        original(self, *args, **kwargs)
        if decay:
            current = self._get_current_learning_rate
            self._get_current_learning_rate = lambda: current() / (1.0 + decay * _as_float(self.iterations))

    optimizer.__init__ = init
    if not hasattr(optimizer, "lr"):
        optimizer.lr = property(
            lambda self: self.learning_rate,
            lambda self, value: setattr(self, "learning_rate", value))


def _as_float(variable):
    import keras

    return keras.ops.cast(variable, "float32")


def install_legacy_distribution(tf):
    """Adds `tf.contrib.distribute` and the old names of renamed strategy methods."""
    distribute = tf.distribute

    def mirrored(devices=None, num_gpus=None, num_gpus_per_worker=None, cross_device_ops=None, **_):
        count = num_gpus if num_gpus is not None else num_gpus_per_worker
        if devices is None and count is not None:
            devices = ["/gpu:%d" % index for index in range(count)]
        return distribute.MirroredStrategy(devices, cross_device_ops)

    def collective(num_gpus_per_worker=0, **_):
        return mirrored(num_gpus=num_gpus_per_worker or None)

    contrib = types.ModuleType("tensorflow.contrib")
    contrib.__path__ = []
    contrib.distribute = types.ModuleType("tensorflow.contrib.distribute")
    contrib.distribute.MirroredStrategy = mirrored
    contrib.distribute.CollectiveAllReduceStrategy = collective
    contrib.distribute.OneDeviceStrategy = distribute.OneDeviceStrategy
    contrib.distribute.AllReduceCrossDeviceOps = lambda *_, **__: None
    sys.modules["tensorflow.contrib"] = contrib
    sys.modules["tensorflow.contrib.distribute"] = contrib.distribute
    tf.contrib = contrib
    strategy = distribute.Strategy
    for old, new in (("experimental_run_v2", "run"), ("unwrap", "experimental_local_results"),
                     ("experimental_distribute_datasets_from_function",
                      "distribute_datasets_from_function")):
        if not hasattr(strategy, old):
            setattr(strategy, old, getattr(strategy, new))
