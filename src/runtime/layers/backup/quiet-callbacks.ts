/** Keeps callbacks from seeing batches that were taken before a restart. Pure. */

const OF_BATCHES: ReadonlySet<string | symbol> = new Set(['onBatchBegin', 'onBatchEnd']);

/**
 * Wraps callbacks.
 *
 * @param callbacks - The callbacks of the user.
 * @param isQuiet - Whether the current batch is to be hidden.
 * @returns Callbacks that pass every other call on.
 */
export function quietCallbacks(callbacks: readonly unknown[], isQuiet: () => boolean): unknown[] {
  return callbacks.map((callback) =>
    callback !== null && typeof callback === 'object' ? quietCallback(callback, isQuiet) : callback,
  );
}

function quietCallback(callback: object, isQuiet: () => boolean): object {
  return new Proxy(callback, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || name === 'constructor') return member;
      // Bound, because a method that uses private members fails on a proxy.
      if (!OF_BATCHES.has(name)) return member.bind(target) as unknown;
      return (...values: unknown[]): unknown =>
        isQuiet() ? Promise.resolve() : Reflect.apply(member as () => unknown, target, values);
    },
  });
}
