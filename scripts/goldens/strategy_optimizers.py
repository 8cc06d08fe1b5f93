"""The Keras optimizers that do what TensorFlow.js's do, by the names of test/runtime/support/strategy-goldens.ts.

g is the gradient of one step, t the number of the step (1 first), e epsilon. TensorFlow.js 4.22 against Keras 3.15:

  sgd, momentum, nesterov, adagrad, rmsprop, adamax
      the same formulas, with the same epsilon in the same place: e is added to the mean square inside the root (adagrad, rmsprop), or
      to the norm (adamax). Defaults differ: TensorFlow.js's e is 1e-7 on a backend of 32-bit floats.
  centered rmsprop
      Keras:          lr g / sqrt(v - a^2 + e)
      TensorFlow.js:  lr g / sqrt(v - (a^2 + e))      NaN where a gradient stays 0
      The same for TensorFlow.js with -e.
  adam
      Keras:          lr m sqrt(1-b2^t)/(1-b1^t) / (sqrt(v) + e)          = lr m' / (sqrt(v') + e / sqrt(1-b2^t))
      TensorFlow.js:  lr m' / (sqrt(v') + e)          with m' = m/(1-b1^t), v' = v/(1-b2^t)
      Keras's e weighs 1 / sqrt(1-b2^t) as much: 32 times in the first step with b2 = 0.999. It cannot be seen where e is far below every
      gradient that is not 0: "adam" is Keras's own with e = 1e-12. "adam 1e-7" is TensorFlow.js's formula with its default e.
  adadelta
      Keras:          g sqrt(u + e) / sqrt(a' + e)    with a' = rho a + (1-rho) g^2
      TensorFlow.js:  g sqrt(u + e) / sqrt(a + e)     with the a from before the step, so that the first step is lr g
      No setting makes them equal: "adadelta" is TensorFlow.js's formula. Both u and a start at 0, so that u = a in every step: what
      TensorFlow.js calls Adadelta is plain gradient descent.
"""
import tensorflow as tf

keras = tf.keras
ops = keras.ops


class TensorFlowJsAdam(keras.optimizers.Adam):
    """Adam with epsilon beside the root of the corrected second moment."""

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        m, v = self._momentums[index], self._velocities[index]
        step = ops.cast(self.iterations + 1, variable.dtype)
        self.assign_add(m, ops.multiply(ops.subtract(gradient, m), 1 - self.beta_1))
        self.assign_add(v, ops.multiply(ops.subtract(ops.square(gradient), v), 1 - self.beta_2))
        corrected_m = ops.divide(m, 1 - ops.power(ops.cast(self.beta_1, variable.dtype), step))
        corrected_v = ops.divide(v, 1 - ops.power(ops.cast(self.beta_2, variable.dtype), step))
        rate = ops.cast(learning_rate, variable.dtype)
        self.assign_sub(variable, ops.divide(ops.multiply(rate, corrected_m), ops.add(ops.sqrt(corrected_v), self.epsilon)))


class TensorFlowJsAdadelta(keras.optimizers.Adadelta):
    """Adadelta that divides by the accumulated gradient from before the step."""

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        accumulated, updates = self._accumulated_grads[index], self._accumulated_delta_vars[index]
        root = lambda x: ops.sqrt(ops.add(x, self.epsilon))
        update = ops.multiply(ops.divide(root(updates), root(accumulated)), gradient)
        self.assign(accumulated, ops.add(self.rho * accumulated, ops.multiply(1 - self.rho, ops.square(gradient))))
        self.assign(updates, ops.add(self.rho * updates, ops.multiply(1 - self.rho, ops.square(update))))
        self.assign_sub(variable, ops.multiply(ops.cast(learning_rate, variable.dtype), update))


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.1),
    "momentum": lambda: keras.optimizers.SGD(0.05, momentum=0.9),
    "nesterov": lambda: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "adagrad": lambda: keras.optimizers.Adagrad(0.1, initial_accumulator_value=0.1, epsilon=1e-7),
    "adadelta": lambda: TensorFlowJsAdadelta(0.2, rho=0.95, epsilon=1e-7),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01, rho=0.9, epsilon=1e-7),
    "rmsprop momentum": lambda: keras.optimizers.RMSprop(0.01, rho=0.9, momentum=0.5, epsilon=1e-7),
    "centered rmsprop": lambda: keras.optimizers.RMSprop(0.001, rho=0.5, momentum=0.5, epsilon=1e-7, centered=True),
    "adam": lambda: keras.optimizers.Adam(0.01, epsilon=1e-12),
    "adam 1e-7": lambda: TensorFlowJsAdam(0.01, epsilon=1e-7),
    "adamax": lambda: keras.optimizers.Adamax(0.01, epsilon=1e-7),
}
