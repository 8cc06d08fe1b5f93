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

describe('the errors of a function', () => {
  it('are what they were where there is one', () => {
    expect(withoutSummary(OUTSIDE)).toBe(OUTSIDE);
  });

  it('tell one mistake once, whoever passed it on', () => {
    expect(
      withoutSummary(summary(`INVALID_ARGUMENT: ${OUTSIDE}\n\t [[argument_2/_3]]`, `INVALID_ARGUMENT: ${OUTSIDE}`)),
    ).toBe(`${OUTSIDE}\n\t [[argument_2/_3]]`);
  });

  it('tell different mistakes in their order', () => {
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

  it('leave out what only followed from another', () => {
    expect(
      withoutSummary(summary('CANCELLED: Function was cancelled', `INVALID_ARGUMENT: ${OUTSIDE}`, 'ABORTED: ring')),
    ).toBe(OUTSIDE);
    expect(withoutSummary(summary('CANCELLED: Function was cancelled', 'CANCELLED: Function was cancelled'))).toBe(
      'Function was cancelled',
    );
  });

  it('are kept as they came where the summary has another form', () => {
    expect(withoutSummary('2 root error(s) found.\nnothing that is known')).toBe(
      '2 root error(s) found.\nnothing that is known',
    );
  });
});
