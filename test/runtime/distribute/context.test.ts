/** Scopes on platforms with and without AsyncLocalStorage. */
import type * as context from '../../../src/runtime/distribute/context.js';
import type { Strategy } from '../../../src/runtime/index.js';

import { afterEach, describe, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

const one = { name: 'one' } as unknown as Strategy;
const two = { name: 'two' } as unknown as Strategy;

async function loadContext(): Promise<typeof context> {
  vi.resetModules();
  return import('../../../src/runtime/distribute/context.js');
}

describe.each(['with', 'without'])('%s AsyncLocalStorage', (platform) => {
  async function load(): ReturnType<typeof loadContext> {
    if (platform === 'without') vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    return loadContext();
  }

  test('frames can be nested, and end when their body returns or throws', async () => {
    const { currentFrame, runInFrame } = await load();
    const seen = runInFrame({ strategy: one }, () => {
      const inner = runInFrame({ strategy: two }, () => currentFrame()?.strategy);
      expect(() =>
        runInFrame({ strategy: two }, () => {
          throw new Error('user');
        }),
      ).toThrow('user');
      return [inner, currentFrame()?.strategy];
    });
    expect(seen).toEqual([two, one]);
    expect(currentFrame()).toBeUndefined();
  });

  test('the frame of an async body ends once, when its promise settles', async () => {
    const { currentFrame, runInFrame } = await load();
    let ends = 0;
    const result = runInFrame(
      { strategy: one },
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return currentFrame()?.strategy;
      },
      () => ends++,
    );
    expect(ends).toBe(0);
    expect(await result).toBe(one);
    expect(ends).toBe(1);
    expect(currentFrame()).toBeUndefined();
    await expect(
      runInFrame(
        { strategy: one },
        () => Promise.reject(new Error('user')),
        () => ends++,
      ),
    ).rejects.toThrow('user');
    expect(ends).toBe(2);
    expect(currentFrame()).toBeUndefined();
  });
});

test('with AsyncLocalStorage two async scopes do not see each other', async () => {
  const { currentFrame, runInFrame } = await loadContext();
  const inScope = (strategy: Strategy, milliseconds: number): Promise<unknown> =>
    runInFrame({ strategy }, async () => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return currentFrame()?.strategy;
    });
  expect(await Promise.all([inScope(one, 4), inScope(two, 2)])).toEqual([one, two]);
});
