import { describe, expect, it } from 'vitest';

import { withoutSummary } from '../../../src/runtime/tensorflow/root-errors.js';

const summary = (...errors: string[]): string =>
  [
    `${String(errors.length)} root error(s) found.`,
    ...errors.map((error, index) => `  (${String(index)}) ${error}`),
    '0 successful operations.',
    '3 derived errors ignored.',
  ].join('\n');

const OUTSIDE = '{{function_node adding_2}} indices[0] = 99 is not in [0, 4)\n\t [[{{node GatherV2_14}}]]';

describe('an error message of a function', () => {
  it('stays the same when there is only one error', () => {
    expect(withoutSummary(OUTSIDE)).toBe(OUTSIDE);
  });

  it('has an error once, even if several nodes report it', () => {
    expect(
      withoutSummary(summary(`INVALID_ARGUMENT: ${OUTSIDE}\n\t [[argument_2/_3]]`, `INVALID_ARGUMENT: ${OUTSIDE}`)),
    ).toBe(`${OUTSIDE}\n\t [[argument_2/_3]]`);
  });

  it('keeps different errors in their order', () => {
    expect(
      withoutSummary(
        summary(
          `INVALID_ARGUMENT: ${OUTSIDE}`,
          'RESOURCE_EXHAUSTED: OOM when allocating',
          `INVALID_ARGUMENT: ${OUTSIDE}`,
        ),
      ),
    ).toBe(`${OUTSIDE}\nOOM when allocating`);
  });

  it('leaves out ops that another error stopped', () => {
    expect(
      withoutSummary(summary('CANCELLED: Function was cancelled', `INVALID_ARGUMENT: ${OUTSIDE}`, 'ABORTED: ring')),
    ).toBe(OUTSIDE);
    expect(withoutSummary(summary('CANCELLED: Function was cancelled', 'CANCELLED: Function was cancelled'))).toBe(
      'Function was cancelled',
    );
  });

  it('stays the same when its summary has an unknown form', () => {
    expect(withoutSummary('2 root error(s) found.\nnothing that is known')).toBe(
      '2 root error(s) found.\nnothing that is known',
    );
  });
});
