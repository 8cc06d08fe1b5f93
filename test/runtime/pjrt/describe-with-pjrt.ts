/**
 * Skips suites on machines without a PJRT plugin. The closing line of the test run reports the skips; with
 * MIRRORSCOPE_REQUIRE_ENGINE set, they fail the run.
 */
import { describe } from 'vitest';

import { locatePlugin } from '../../../src/runtime/pjrt/locate-plugin.js';

/** A PJRT plugin; undefined if this machine has none. */
export const PJRT_PLUGIN = locatePlugin().plugin;

/** Declares a suite that runs only with a PJRT plugin. */
export const describeWithPjrt = describe.skipIf(PJRT_PLUGIN === undefined);
