/** Counts what became of the specs, with the exclude list in mind, and prints it. Prints. */

/**
 * @import { SpecResult } from 'jasmine'
 * @import { ExcludedSpec } from './excluded-specs-table.js'
 */

/** Collects the results of one run. */
export class SuiteOutcome {
  run = 0;
  passed = 0;
  excluded = 0;
  pending = 0;
  /** @type {{ name: string, messages: readonly { message: string, stack: string }[] }[]} */
  failed = [];
  /** Excluded specs that pass. @type {string[]} */
  excludedPassing = [];
  /** @type {Set<ExcludedSpec>} */
  #matchedEntries = new Set();
  /** @type {readonly ExcludedSpec[]} */
  #excludedSpecs;

  /** @param {readonly ExcludedSpec[]} excludedSpecs - Specs that need not pass. */
  constructor(excludedSpecs) {
    this.#excludedSpecs = excludedSpecs;
  }

  /** Entries of the exclude list that match no spec. */
  get unmatchedEntries() {
    return this.#excludedSpecs.filter((entry) => !this.#matchedEntries.has(entry));
  }

  /** @param {SpecResult} result - What became of a spec. */
  add({ fullName, status, failedExpectations }) {
    if (status === 'excluded') return;
    if (status === 'pending') {
      this.pending++;
      return;
    }
    const passed = status === 'passed';
    const entries = this.#excludedSpecs.filter(({ name }) => fullName.includes(name));
    if (entries.length > 0) {
      for (const entry of entries) this.#matchedEntries.add(entry);
      this.excluded++;
      if (passed) this.excludedPassing.push(fullName);
      return;
    }
    this.run++;
    if (passed) this.passed++;
    else {
      const messages = failedExpectations.map(({ message, stack }) => ({ message, stack }));
      this.failed.push({ name: fullName, messages });
    }
  }

  /**
   * Prints the problems and a summary.
   * @param {string} library - Name and version of the library that the suite ran on.
   * @param {boolean} ranAll - Whether no spec was filtered out, so that every entry of the exclude list must match one.
   * @returns {boolean} Whether the run is a success.
   */
  print(library, ranAll) {
    const unmatched = ranAll ? this.unmatchedEntries : [];
    for (const { name, messages } of this.failed) {
      console.log(`FAILED  ${name}`);
      const message = messages[0]?.message.split('\n')[0];
      if (message !== undefined) console.log(`        ${message.slice(0, 300)}`);
    }
    for (const name of this.excludedPassing) console.log(`PASSES  ${name}: take it off the exclude list`);
    for (const { name } of unmatched) console.log(`UNKNOWN ${name}: no spec has this name`);
    console.log(
      `${library}: ${this.run} specs run, ${this.passed} passed, ${this.failed.length} failed; ` +
        `${this.excluded} specs excluded by ${this.#excludedSpecs.length} names; ${this.pending} marked pending by the suite`,
    );
    return this.run > 0 && this.failed.length + this.excludedPassing.length + unmatched.length === 0;
  }
}
