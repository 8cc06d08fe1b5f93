/**
 * Settles questions that depend on each other: "this function migrates if its callers do", and the callers only if the
 * function does. Every question is assumed to be true until its own evaluation refutes it, and whatever was concluded
 * from a refuted assumption is concluded again. Since an answer only ever changes from true to false, this ends. What
 * is left is the largest set of answers that support each other: files that wait for each other migrate together, and
 * none migrates on the strength of another that does not. Pure.
 */

/** Answers to questions, and values computed from the answers. */
export class Settlement {
  readonly #answers = new Map<string, boolean>();
  readonly #evaluations = new Map<string, () => boolean>();
  readonly #values = new Map<string, unknown>();
  /** Who used an answer or a value. */
  readonly #readers = new Map<string, Set<string>>();
  /** The questions and values that are being computed, innermost last. */
  readonly #path: string[] = [];
  readonly #agenda = new Set<string>();

  /**
   * Answers a question. Inside another evaluation, the answer may be an assumption that is refuted later; then that
   * evaluation runs again.
   *
   * @param question - Identifies the question.
   * @param evaluate - Answers it, with the answers of others; runs once unless an assumption is refuted.
   * @returns The answer.
   */
  ask(question: string, evaluate: () => boolean): boolean {
    this.#noteReader(question);
    if (!this.#answers.has(question)) {
      this.#answers.set(question, true);
      this.#evaluations.set(question, evaluate);
      this.#agenda.add(question);
    }
    if (this.#path.length === 0) this.#settle();
    return this.#answers.get(question) === true;
  }

  /**
   * Computes a value once, and again only when an answer that it depends on is refuted.
   *
   * @param name - Identifies the value.
   * @param compute - Computes it, with the answers of questions.
   * @returns The value.
   */
  value<Value>(name: string, compute: () => Value): Value {
    this.#noteReader(name);
    for (;;) {
      if (!this.#values.has(name)) this.#values.set(name, this.#within(name, compute));
      if (this.#path.length === 0) this.#settle();
      if (this.#values.has(name)) return this.#values.get(name) as Value;
    }
  }

  #settle(): void {
    for (const question of this.#agenda) {
      this.#agenda.delete(question);
      const evaluate = this.#evaluations.get(question);
      if (evaluate === undefined || this.#answers.get(question) === false || this.#within(question, evaluate)) continue;
      this.#answers.set(question, false);
      this.#reconsider(question);
    }
  }

  /** Evaluates again whatever used a refuted answer. */
  #reconsider(refuted: string): void {
    const readers = this.#readers.get(refuted) ?? new Set();
    this.#readers.delete(refuted);
    for (const reader of readers) {
      if (this.#evaluations.has(reader)) this.#agenda.add(reader);
      else if (this.#values.delete(reader)) this.#reconsider(reader);
    }
  }

  #within<Value>(name: string, compute: () => Value): Value {
    this.#path.push(name);
    try {
      return compute();
    } finally {
      this.#path.pop();
    }
  }

  #noteReader(name: string): void {
    const reader = this.#path.at(-1);
    if (reader === undefined) return;
    const readers = this.#readers.get(name);
    if (readers === undefined) this.#readers.set(name, new Set([reader]));
    else readers.add(reader);
  }
}
