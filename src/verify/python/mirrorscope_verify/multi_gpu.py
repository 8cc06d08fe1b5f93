"""Reimplements ``multi_gpu_model`` from its documentation, for a Keras that no longer has it.

It splits every input along the batch axis into one slice per device, with the remainder in the last
slice, calls the template model on each slice, and concatenates each output. The template is a layer
of the result and shares its weights. The devices of the towers are not reproduced, because they do
not affect the results.
"""
import warnings


class MoreDevicesNeeded(ValueError):
    """The script asks for more devices than it was given. Keras raised a ValueError, too."""

    def __init__(self, message, needed):
        super().__init__(message)
        self.needed = needed


def batch_slice(data, i, parts):
    """Part ``i`` of ``parts`` of the batch; the last part includes the remainder."""
    import tensorflow as tf

    step = tf.shape(data)[0] // parts
    return data[i * step:] if i == parts - 1 else data[i * step:(i + 1) * step]


def make_multi_gpu_model(flavour_of, device_count):
    """Builds the function for ``device_count`` devices; ``flavour_of`` maps a model to its Keras."""

    def multi_gpu_model(model, gpus=None, cpu_merge=True, cpu_relocation=False):
        keras = flavour_of(model)
        if not gpus and not isinstance(gpus, (list, tuple)):
            gpus = device_count
        ids = _target_ids(gpus)
        _require_devices(gpus, ids, device_count)
        if cpu_relocation:
            warnings.warn("cpu_relocation clones the template: the two share no weights.")
            model = keras.models.clone_model(model)
        return _towers(keras, model, len(ids))

    return multi_gpu_model


def _target_ids(gpus):
    if isinstance(gpus, (list, tuple)):
        if len(gpus) <= 1:
            raise ValueError(
                "For multi-gpu usage to be effective, call `multi_gpu_model` with `len(gpus) >= 2`. "
                "Received: `gpus=%s`" % (gpus,))
        return list(gpus)
    if gpus <= 1:
        raise ValueError(
            "For multi-gpu usage to be effective, call `multi_gpu_model` with `gpus >= 2`. "
            "Received: `gpus=%s`" % (gpus,))
    return list(range(gpus))


def _require_devices(gpus, ids, device_count):
    available = ["/cpu:0"] + ["/gpu:%d" % index for index in range(device_count)]
    wanted = ["/cpu:0"] + ["/gpu:%s" % index for index in ids]
    if all(name in available for name in wanted):
        return
    raise MoreDevicesNeeded(
        "To call `multi_gpu_model` with `gpus=%s`, we expect the following devices to be available: "
        "%s. However this machine only has: %s. Try reducing `gpus`." % (gpus, wanted, available),
        max(int(index) for index in ids) + 1)


def _towers(keras, model, parts):
    columns = [[] for _ in model.outputs]
    for index in range(parts):
        slices = [
            keras.layers.Lambda(
                batch_slice,
                output_shape=tuple(tensor.shape[1:]),
                arguments={"i": index, "parts": parts},
            )(tensor)
            for tensor in model.inputs
        ]
        outputs = model(slices[0] if len(slices) == 1 else slices)
        for column, output in zip(columns, _as_list(outputs)):
            column.append(output)
    merged = [
        keras.layers.Concatenate(axis=0, name=name)(column)
        for name, column in zip(_output_names(model), columns)
    ]
    return keras.Model(model.inputs, merged[0] if len(merged) == 1 else merged)


def _as_list(value):
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _output_names(model):
    names = getattr(model, "output_names", None)
    if names:
        return names
    return [tensor._keras_history[0].name for tensor in model.outputs]
