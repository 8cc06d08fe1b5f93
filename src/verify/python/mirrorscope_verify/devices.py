"""Replaces the N GPUs that a script asks for with N logical CPU devices.

Changes only the TensorFlow of this process, and of it only public functions, so that TensorFlow's own
code still sees the real devices.
"""
import os
import sys
import types

from .device_names import map_device, map_device_name

# Libraries that must see the real devices: on a supposed GPU, an LSTM would ask for cuDNN.
LIBRARIES = ("keras", "tf_keras", "tensorflow")

# A script may name more devices than it was given (`/gpu:3`); spare devices cost nothing.
SPARE_LOGICAL_DEVICES = 8


class FakeGpu:
    """A result of ``tf.config.list_physical_devices('GPU')``."""

    def __init__(self, kind, index):
        self.name = "/%s:GPU:%d" % (kind, index)
        self.device_type = "GPU"

    def __repr__(self):
        return "%s(name=%r, device_type='GPU')" % (type(self).__name__, self.name)

    def __eq__(self, other):
        return isinstance(other, FakeGpu) and self.name == other.name

    def __hash__(self):
        return hash(self.name)


def hide_real_gpus():
    """Hides the real GPUs. Call this before TensorFlow is imported."""
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"


def announce_gpus(count):
    """Sets the variables from which scripts count GPUs. Call this after TensorFlow has started."""
    listed = ",".join(str(index) for index in range(count))
    os.environ["CUDA_VISIBLE_DEVICES"] = listed
    os.environ["NVIDIA_VISIBLE_DEVICES"] = listed


def install_devices(tf, count):
    """Creates the logical devices and redirects every public way to name or list GPUs."""
    cpus = tf.config.list_physical_devices("CPU")
    logical = max(count, SPARE_LOGICAL_DEVICES)
    tf.config.set_logical_device_configuration(
        cpus[0], [tf.config.LogicalDeviceConfiguration() for _ in range(logical)]
    )
    tf.config.list_logical_devices("CPU")
    _redirect_listing(tf, count)
    _redirect_placement(tf)
    _redirect_strategies(tf, count)
    announce_gpus(count)


def _called_by_library():
    caller = sys._getframe(2).f_globals.get("__name__", "")
    return caller.partition(".")[0] in LIBRARIES


def _redirect_listing(tf, count):
    physical = [FakeGpu("physical_device", index) for index in range(count)]
    logical = [FakeGpu("device", index) for index in range(count)]

    def listing(original, gpus):
        def list_devices(device_type=None):
            if _called_by_library():
                return original(device_type)
            if device_type is None:
                found = [d for d in original() if d.device_type != "GPU"]
                # Return only one CPU, because the other logical CPUs replace GPUs.
                return found[:1] + gpus
            return list(gpus) if device_type == "GPU" else original(device_type)[:1]

        return list_devices

    def answer_for_fakes(original, answer=None):
        def call(device=None, *args, **kwargs):
            devices = device if isinstance(device, (list, tuple)) else [device]
            kind = args[0] if args else kwargs.get("device_type")
            if kind == "GPU" or any(isinstance(d, FakeGpu) for d in devices):
                return answer
            return original(device, *args, **kwargs)

        return call

    for config in (tf.config, tf.config.experimental, tf.compat.v1.config,
                   tf.compat.v1.config.experimental):
        for name, gpus in (("list_physical_devices", physical), ("get_visible_devices", physical),
                           ("list_logical_devices", logical)):
            if hasattr(config, name):
                setattr(config, name, listing(getattr(config, name), gpus))
        for name in ("set_visible_devices", "set_memory_growth", "set_virtual_device_configuration",
                     "set_logical_device_configuration", "get_memory_growth",
                     "get_memory_info", "get_device_details"):
            if hasattr(config, name):
                setattr(config, name, answer_for_fakes(getattr(config, name)))
    for test in (tf.test, tf.compat.v1.test):
        for name, answer in (("is_gpu_available", count > 0), ("is_built_with_cuda", True),
                             ("gpu_device_name", "/device:GPU:0" if count else "")):
            setattr(test, name, _answering(getattr(test, name), answer))
    _redirect_local_devices(count)


def _answering(original, answer):
    def call(*args, **kwargs):
        return original(*args, **kwargs) if _called_by_library() else answer

    return call


def _redirect_local_devices(count):
    from tensorflow.python.client import device_lib

    original = device_lib.list_local_devices

    def list_local_devices(session_config=None):
        cpu = original(session_config)[0]
        devices = [cpu]
        for index in range(count):
            gpu = type(cpu)()
            gpu.CopyFrom(cpu)
            gpu.name = "/device:GPU:%d" % index
            gpu.device_type = "GPU"
            gpu.physical_device_desc = "device: %d, name: logical CPU" % index
            devices.append(gpu)
        return devices

    device_lib.list_local_devices = list_local_devices


def _redirect_placement(tf):
    from tensorflow.python.framework import ops

    original, original_v1 = tf.device, tf.compat.v1.device

    def device(device_name):
        return original(map_device(device_name))

    def device_v1(device_name_or_function):
        return original_v1(map_device(device_name_or_function))

    tf.device = device
    tf.compat.v1.device = device_v1
    tf.compat.v2.device = device
    # `from tensorflow.python.framework.ops import device` is rare but real.
    ops.device = device_v1


def _redirect_strategies(tf, count):
    distribute = tf.distribute
    every_device = ["/device:CPU:%d" % index for index in range(max(count, 1))]

    def map_devices(devices):
        if devices is None:
            return every_device
        if isinstance(devices, (str, bytes)):
            return [map_device_name(devices)]
        return [map_device(d) for d in devices]

    mirrored = distribute.MirroredStrategy.__init__

    def mirrored_init(self, devices=None, cross_device_ops=None):
        # NCCL is not available, and the ring that TensorFlow uses on CPUs fails when a process trains
        # a second model. The sum is the same with every algorithm.
        mirrored(self, map_devices(devices), distribute.ReductionToOneDevice())

    distribute.MirroredStrategy.__init__ = mirrored_init

    one_device = distribute.OneDeviceStrategy.__init__

    def one_device_init(self, device):
        one_device(self, map_device(device))

    distribute.OneDeviceStrategy.__init__ = one_device_init

    central = distribute.experimental.CentralStorageStrategy.__init__

    def central_init(self, compute_devices=None, parameter_device=None):
        central(self, map_devices(compute_devices), map_device(parameter_device) or "/device:CPU:0")

    distribute.experimental.CentralStorageStrategy.__init__ = central_init


def install_gpu_counters(count):
    """Provides the packages with which scripts count GPUs, if they are not installed."""
    for name, build in (("GPUtil", _gputil), ("pynvml", _pynvml)):
        if name not in sys.modules:
            sys.modules[name] = build(types.ModuleType(name), count)


def _gputil(module, count):
    module.getGPUs = lambda: [types.SimpleNamespace(id=i, memoryUtil=0.0, load=0.0) for i in range(count)]
    module.getAvailable = lambda *_, **__: list(range(count))
    module.getFirstAvailable = lambda *_, **__: [0]
    return module


def _pynvml(module, count):
    module.nvmlInit = lambda: None
    module.nvmlShutdown = lambda: None
    module.nvmlDeviceGetCount = lambda: count
    return module
