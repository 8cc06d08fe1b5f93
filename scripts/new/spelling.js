/** One name in the spellings of file names and of code. Pure. */

/**
 * `FusedMatMul` or `tf.a.FusedMatMul` as `fused-mat-mul`, `tf-a-fused-mat-mul`.
 * @param {string} name - The name in any spelling.
 */
export function kebabCase(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}

/**
 * `fuse-adam` as `fuseAdam`.
 * @param {string} name - The name in kebab case.
 */
export function camelCase(name) {
  return name.replace(/-(\w)/g, (_match, /** @type {string} */ letter) => letter.toUpperCase());
}

/**
 * `fuse-adam` as `FuseAdam`.
 * @param {string} name - The name in kebab case.
 */
export function pascalCase(name) {
  return camelCase(`-${name}`);
}

/**
 * `fuse-adam` as `FUSE_ADAM`.
 * @param {string} name - The name in kebab case.
 */
export function constantCase(name) {
  return name.replaceAll('-', '_').toUpperCase();
}
