/** Reads JSON with the offset of every value, and of every character in a string. Pure. */

/** A string, with the offset of each of its characters in the JSON text. */
export interface JsonString {
  readonly kind: 'string';
  readonly value: string;
  /** From the opening quote to the end of the closing one. */
  readonly start: number;
  readonly end: number;
  /** The offset of each code unit of `value`, and of the closing quote. */
  readonly offsets: readonly number[];
}

/** A JSON value with its offsets. */
export type JsonValue =
  | JsonString
  | { readonly kind: 'array'; readonly items: readonly JsonValue[]; readonly start: number; readonly end: number }
  | {
      readonly kind: 'object';
      readonly members: ReadonlyMap<string, JsonValue>;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'other'; readonly start: number; readonly end: number };

const ESCAPES = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * Reads a JSON text.
 *
 * @throws {SyntaxError} When the text is not JSON, as `JSON.parse` does.
 */
export function readJson(text: string): JsonValue {
  JSON.parse(text);
  return new Reader(text).value();
}

/** Reads a text that is known to be JSON. */
class Reader {
  #at = 0;

  constructor(readonly text: string) {}

  value(): JsonValue {
    this.#space();
    const start = this.#at;
    switch (this.text[start]) {
      case '"':
        return this.#string();
      case '[': {
        this.#at++;
        const items: JsonValue[] = [];
        this.#space();
        while (this.text[this.#at] !== ']') {
          items.push(this.value());
          this.#comma();
        }
        return { kind: 'array', items, start, end: ++this.#at };
      }
      case '{': {
        this.#at++;
        const members = new Map<string, JsonValue>();
        this.#space();
        while (this.text[this.#at] !== '}') {
          const key = this.#string().value;
          this.#space();
          this.#at++;
          members.set(key, this.value());
          this.#comma();
        }
        return { kind: 'object', members, start, end: ++this.#at };
      }
      default:
        while (this.#at < this.text.length && !/[\s,\]}]/.test(this.text.charAt(this.#at))) this.#at++;
        return { kind: 'other', start, end: this.#at };
    }
  }

  #space(): void {
    while (/\s/.test(this.text.charAt(this.#at))) this.#at++;
  }

  #comma(): void {
    this.#space();
    if (this.text[this.#at] === ',') this.#at++;
    this.#space();
  }

  #string(): JsonString {
    const { text } = this;
    const start = this.#at;
    let end = start + 1;
    while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    this.#at = ++end;
    return new UnreadString(text, start, end);
  }
}

/** A string that is decoded when it is first used: most strings of a notebook are outputs, which can be huge. */
class UnreadString implements JsonString {
  readonly kind = 'string';
  readonly #text: string;
  #decoded: Pick<JsonString, 'value' | 'offsets'> | undefined;

  constructor(
    text: string,
    readonly start: number,
    readonly end: number,
  ) {
    this.#text = text;
  }

  get value(): string {
    return (this.#decoded ??= decoded(this.#text, this.start + 1, this.end - 1)).value;
  }

  get offsets(): readonly number[] {
    return (this.#decoded ??= decoded(this.#text, this.start + 1, this.end - 1)).offsets;
  }
}

/** Decodes the text between two quotes. */
function decoded(text: string, start: number, end: number): Pick<JsonString, 'value' | 'offsets'> {
  const offsets: number[] = [];
  let value = '';
  for (let at = start; at < end;) {
    offsets.push(at);
    if (text[at] !== '\\') {
      value += text.charAt(at++);
      continue;
    }
    const escape = text.charAt(at + 1);
    if (escape === 'u') {
      value += String.fromCharCode(Number.parseInt(text.slice(at + 2, at + 6), 16));
      at += 6;
    } else {
      value += ESCAPES.get(escape) ?? escape;
      at += 2;
    }
  }
  offsets.push(end);
  return { value, offsets };
}
