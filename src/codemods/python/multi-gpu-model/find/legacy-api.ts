/** Decides which import origins are Keras' `multi_gpu_model`. Pure. */

/** Every root under which a release of Keras or TensorFlow exposes `keras`. */
const KERAS_ROOTS =
  '(?:keras|tensorflow(?:_core)?(?:\\.(?:compat\\.v[12]|contrib(?:\\.keras(?:\\.python|\\.api))?|python|_api\\.v[12]|_api\\.v2\\.compat\\.v1))?\\.(?:_impl\\.)?keras(?:\\._impl\\.keras)?)';

const LEGACY_FUNCTION = new RegExp(
  `^${KERAS_ROOTS}(?:\\.api(?:\\._v[12])?(?:\\.keras)?)?\\.utils(?:\\.training_utils|\\.multi_gpu_utils|\\.all_utils)?\\.multi_gpu_model$`,
);

const LEGACY_MODULE = new RegExp(`^${KERAS_ROOTS}\\.utils(?:\\.training_utils|\\.multi_gpu_utils)?$`);

/** Whether a dotted import path is Keras' own `multi_gpu_model`. */
export function isLegacyFunction(origin: string): boolean {
  return LEGACY_FUNCTION.test(origin);
}

/** Whether `from module import *` imports `multi_gpu_model`. */
export function isLegacyModule(module: string): boolean {
  return LEGACY_MODULE.test(module);
}

/** Whether an import path is inside Keras, standalone or TensorFlow's. */
function isKeras(origin: string): boolean {
  return /^(?:keras|tf_keras)(?:\.|$)/.test(origin) || /^tensorflow(?:\.[\w.]+)?\.keras(?:\.|$)/.test(origin);
}

/** The part of a Keras path below its root, e.g. `layers.Dense`. */
export function pathInKeras(origin: string): string | undefined {
  return isKeras(origin) ? origin.replace(/^(?:.*?\.)?(?:tf_)?keras\.?/, '') : undefined;
}
