/** Reads the part of YAML that manifests use: mappings, lists, words, numbers and booleans. Pure. */

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
  const isItem = (line: Line | undefined): line is Line => line?.indent === indent && line.text.startsWith('- ');
  if (isItem(lines[0])) {
    const items: Plain[] = [];
    for (let first = lines.at(0); isItem(first); first = lines.at(0)) {
      const text = first.text.slice(2);
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
  for (let first = lines.at(0); first?.indent === indent; first = lines.at(0)) {
    const [, key = '', value = ''] = /^([\w-]+):\s*(.*)$/.exec(first.text) ?? [];
    if (key === '') throw new Error(`no key in: ${first.text}`);
    lines.shift();
    entries.push([key, value === '' ? take(lines, lines.at(0)?.indent ?? 0) : scalar(value)]);
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
