/**
 * Replaces a property of an object for a while, and puts back exactly what was there. Touches the object that it gets.
 */

/**
 * Sets an own property.
 *
 * @param target - The object to change.
 * @param key - The property, own or inherited.
 * @param value - The new value.
 * @returns A function that undoes it.
 */
export function overrideProperty<Target extends object, Key extends keyof Target>(
  target: Target,
  key: Key,
  value: Target[Key],
): () => void {
  const before = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, {
    value,
    writable: true,
    configurable: true,
    enumerable: before?.enumerable ?? false,
  });
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, key);
    else Object.defineProperty(target, key, before);
  };
}
