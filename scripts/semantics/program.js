/** One program while it is written: what it chose, what it imports, and which functions and classes it defines. */

/** @import { Choices } from './choices-table.js' */

const PACKAGES = { 'tensorflow.keras': 'tensorflow.keras', keras: 'keras', 'tf.keras': 'tensorflow.keras' };

/** Collects imports and definitions. */
export class Program {
  /** @type {Set<string>} */
  #imports = new Set();
  /** The lines above the flow, in order. @type {string[]} */
  definitions = [];
  /** Other files. @type {Map<string, string[]>} */
  files = new Map();

  /** @param {Choices} choices - One option for each choice. */
  constructor(choices) {
    this.choices = choices;
    this.package = new Map(Object.entries(PACKAGES)).get(choices.keras) ?? 'tensorflow.keras';
  }

  /**
   * A class or function of Keras; imports it.
   * @param {string} module - Module below Keras.
   * @param {string} name - Name in the module.
   * @returns {string} An expression.
   */
  keras(module, name) {
    const { keras } = this.choices;
    if (keras === 'tf.keras') return `${this.tensorflow()}.keras.${module}.${name}`;
    if (keras === 'from-tensorflow') {
      this.import('from tensorflow import keras');
      return `keras.${module}.${name}`;
    }
    this.import(`from ${this.package}.${module} import ${name}`);
    return name;
  }

  /** @returns {string} The module of backend functions; imports it. */
  backend() {
    if (this.choices.keras === 'tf.keras') return `${this.tensorflow()}.keras.backend`;
    this.import(`from ${this.package} import backend as K`);
    return 'K';
  }

  /** @returns {string} The name of TensorFlow; imports it. */
  tensorflow() {
    this.import('import tensorflow as tf');
    return 'tf';
  }

  /** @param {string} statement - An import statement, or lines that import something. */
  import(statement) {
    this.#imports.add(statement);
  }

  /** @returns {string[]} The import statements. */
  imports() {
    const [plain, from] = [[...this.#imports].filter((line) => line.startsWith('import ')), [...this.#imports]];
    return [...plain.sort(), ...from.filter((line) => !plain.includes(line)).sort()];
  }

  /** @param {readonly string[]} lines - A function or class. */
  define(lines) {
    this.definitions.push(...lines, '', '');
  }
}
