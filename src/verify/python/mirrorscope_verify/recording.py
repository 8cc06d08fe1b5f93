"""Records the loss of every training step, and ends the script after a number of steps.

Each script has its own recorder. ``install_recording`` hooks a Keras once and asks
``current_recorder`` each time, so that many scripts can follow each other in one process.
"""
import functools
import inspect
import math


class TrainingStopped(BaseException):
    """Raised after enough steps. Not an Exception, so that no handler of the script catches it."""


class Recorder:
    """The losses of one script, in the order in which it computed them."""

    def __init__(self, steps):
        self.steps = steps
        self.records = []
        self._models = []

    @property
    def is_full(self):
        return len(self.records) >= self.steps

    def check(self):
        if self.is_full:
            raise TrainingStopped()

    def record(self, model, call, losses):
        self.records.append({
            "model": self._index_of(model),
            "call": call,
            "losses": {name: _plain(value) for name, value in losses.items()},
        })
        self.check()

    def _index_of(self, model):
        # Compare by identity and keep the model alive, because Python can reuse an id().
        for index, known in enumerate(self._models):
            if known is model:
                return index
        self._models.append(model)
        return len(self._models) - 1


def _plain(value):
    number = float(value)
    return number if math.isfinite(number) else str(number)


def install_recording(keras, trainer, current_recorder):
    """Wraps ``fit`` and ``train_on_batch`` of the class that defines them."""
    _wrap_fit(keras, trainer, current_recorder)
    _wrap_train_on_batch(trainer, current_recorder)


def _wrap_fit(keras, trainer, current_recorder):
    original = trainer.fit
    signature = inspect.signature(original)

    class StepRecorder(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            current_recorder().record(self.model, "fit", logs or {})

    @functools.wraps(original)
    def fit(self, *args, **kwargs):
        current_recorder().check()
        bound = signature.bind(self, *args, **kwargs)
        # The order of examples must not depend on how many random numbers were drawn before.
        bound.arguments["shuffle"] = False
        callbacks = bound.arguments.get("callbacks")
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(StepRecorder())
        else:
            given = list(callbacks) if isinstance(callbacks, (list, tuple)) else (
                [] if callbacks is None else [callbacks])
            bound.arguments["callbacks"] = given + [StepRecorder()]
        return original(*bound.args, **bound.kwargs)

    trainer.fit = fit


def _wrap_train_on_batch(trainer, current_recorder):
    original = trainer.train_on_batch

    @functools.wraps(original)
    def train_on_batch(self, *args, **kwargs):
        current_recorder().check()
        result = original(self, *args, **kwargs)
        if isinstance(result, dict):
            losses = result
        else:
            values = list(result) if isinstance(result, (list, tuple)) else [result]
            losses = {"loss" if i == 0 else "value_%d" % i: v for i, v in enumerate(values)}
        current_recorder().record(self, "train_on_batch", losses)
        return result

    trainer.train_on_batch = train_on_batch
