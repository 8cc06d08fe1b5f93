/**
 * Tracks which strategy, and which of its replicas, the running code belongs to. Follows asynchronous calls where the
 * platform can (AsyncLocalStorage), so that a scope never leaks into unrelated code that runs while it is open.
 */
import type { DistributionStrategy } from './distribution-strategy.js';
import type { ReplicaContext } from './replica-context.js';

import { maybeProcess } from '../tfjs/node-require.js';

/** One level of nesting: a strategy's scope, or one of its replicas. */
export interface Frame {
  readonly strategy: DistributionStrategy;
  /** Set inside a replica, absent in cross-replica context. */
  readonly replica?: ReplicaContext;
  /** True inside `strategy.run`, where all replicas of the strategy run one function. */
  readonly isRun?: boolean;
  readonly parent: Frame | undefined;
  /** False once the scope or replica has ended. Code that it started and that still runs is then outside of it. */
  open: boolean;
}

interface FrameStorage {
  getStore(): Frame | undefined;
  run<Result>(frame: Frame, body: () => Result): Result;
}

interface AsyncHooksBuiltin {
  AsyncLocalStorage: new () => FrameStorage;
}

/**
 * Replaces AsyncLocalStorage on platforms without it: keeps one current frame until the body has returned or its
 * promise has settled.
 */
function createStackStorage(): FrameStorage {
  let current: Frame | undefined;
  return {
    getStore: () => current,
    run(frame, body) {
      const outer = current;
      const leave = (): void => {
        current = outer;
      };
      current = frame;
      try {
        const result = body();
        if (result instanceof Promise) void result.then(leave, leave);
        else leave();
        return result;
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}

function createFrameStorage(): FrameStorage {
  const builtin = maybeProcess()?.getBuiltinModule?.('node:async_hooks') as AsyncHooksBuiltin | undefined;
  return builtin === undefined ? createStackStorage() : new builtin.AsyncLocalStorage();
}

const frames: FrameStorage = createFrameStorage();

/** The innermost scope or replica that the running code is in. */
export function currentFrame(): Frame | undefined {
  let frame = frames.getStore();
  while (frame !== undefined && !frame.open) frame = frame.parent;
  return frame;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value !== null && typeof value === 'object' && 'then' in value && typeof value.then === 'function';
}

/** Runs `body` one level deeper; the level ends when it returns or, when it returns a promise, when that settles. */
export function runInFrame<Result>(
  level: Pick<Frame, 'strategy' | 'replica' | 'isRun'>,
  body: () => Result,
  onEnd: () => void = () => undefined,
): Result {
  const frame: Frame = { ...level, parent: currentFrame(), open: true };
  const end = (): void => {
    frame.open = false;
    onEnd();
  };
  let result: Result;
  try {
    result = frames.run(frame, body);
  } catch (error) {
    end();
    throw error;
  }
  if (isThenable(result)) result.then(end, end);
  else end();
  return result;
}
