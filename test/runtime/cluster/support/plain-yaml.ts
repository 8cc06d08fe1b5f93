/** Reads the part of YAML that manifests in the documentation use: mappings, lists, words, numbers and booleans. Pure. */

/** What a document holds. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

interface Line {
  readonly indent: number;
  readonly text: string;
}

function scalar(text: string): Plain {
  const list = /^\[(.*)\]$/.exec(text);
  if (list !== null) return (list[1] ?? '').split(',').map((each) => scalar(each.trim()));
  const quoted = /^'(.*)'$/.exec(text);
  if (quoted !== null) return quoted[1] ?? '';
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** Takes the value at the beginning of the lines, which are indented by `indent`. */
function take(lines: Line[], indent: number): Plain {
  if (lines[0]?.text.startsWith('- ') === true) {
    const items: Plain[] = [];
    while (lines[0]?.indent === indent && lines[0].text.startsWith('- ')) {
      const text = lines[0].text.slice(2);
      if (!/^[\w-]+:( |$)/.test(text)) {
        lines.shift();
        items.push(scalar(text));
        continue;
      }
      lines[0] = { indent: indent + 2, text };
      items.push(take(lines, indent + 2));
    }
    return items;
  }
  const entries: [string, Plain][] = [];
  while (lines[0]?.indent === indent) {
    const [, key = '', value = ''] = /^([\w-]+):\s*(.*)$/.exec(lines[0].text) ?? [];
    if (key === '') throw new Error(`no key in: ${lines[0].text}`);
    lines.shift();
    entries.push([key, value === '' ? take(lines, lines[0]?.indent ?? 0) : scalar(value)]);
  }
  return Object.fromEntries(entries);
}

/**
 * Reads documents.
 *
 * @param text - The text, with `---` between documents.
 * @returns The documents.
 */
export function readPlainYaml(text: string): Plain[] {
  return text.split(/^---\n/m).map((document) => {
    const lines = document
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
      .map((line): Line => ({ indent: line.length - line.trimStart().length, text: line.trim() }));
    const value = take(lines, 0);
    if (lines.length > 0) throw new Error(`not understood: ${lines[0]?.text ?? ''}`);
    return value;
  });
}
