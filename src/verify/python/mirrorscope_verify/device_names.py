"""Turns the name of a GPU into the name of the logical CPU that replaces it. Pure functions."""
import re

_GPU = re.compile(r"(?i)(?:device:)?(?:xla_)?gpu:(\d+|\*)")
_BARE_GPU = re.compile(r"(?i)(?:device:)?(?:xla_)?gpu$")


def map_device_name(name):
    """``/gpu:1`` and ``/job:localhost/device:GPU:1`` become CPU 1; anything else stays."""
    if isinstance(name, bytes):
        name = name.decode()
    if not isinstance(name, str):
        return name
    mapped = _GPU.sub(lambda match: "device:CPU:" + match.group(1), name)
    return _BARE_GPU.sub("device:CPU:0", mapped)


def map_device(device):
    """Like :func:`map_device_name`, for everything that ``tf.device`` accepts."""
    if device is None or isinstance(device, (str, bytes)):
        return map_device_name(device)
    if callable(device) and not hasattr(device, "to_string"):
        return lambda operation: map_device(device(operation))
    to_string = getattr(device, "to_string", None)
    if to_string is not None:
        return map_device_name(to_string())
    name = getattr(device, "name", None)
    return map_device_name(name) if isinstance(name, str) else device
