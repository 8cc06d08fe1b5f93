/**
 * Turns a notebook cell into Python: magics, shell lines and help lines become comments or values of the same length,
 * so offsets stay valid. Lines of their own begin with `#!`, like the first line of a script: they are no remarks about
 * the code below them, and stay where they are. Pure.
 */

/** Cell magics for cells that contain Python. */
const PYTHON_CELLS = /^%%(time|timeit|capture|prun|memit|mprun|lprun|snakeviz|notify|wandb|tensorflow_version)\b/;

/** The text of a cell as Python, with the same length and the same lines. */
export function asPython(cell: string): string {
  const first = cell.split('\n').find((line) => line.trim() !== '') ?? '';
  const foreign = first.startsWith('%%') && !PYTHON_CELLS.test(first);
  let openBrackets = 0;
  return cell
    .split('\n')
    .map((line) => {
      if (foreign) return line === '' ? line : `#${line.slice(1)}`;
      if (openBrackets > 0) {
        openBrackets += bracketBalance(line);
        return line;
      }
      const plain = plainLine(line);
      openBrackets = Math.max(0, bracketBalance(plain));
      return plain;
    })
    .join('\n');
}

function plainLine(line: string): string {
  const match = /^(\s*)([%!?])/.exec(line);
  if (match !== null) {
    const indentation = match[1] ?? '';
    const rest = line.slice(indentation.length);
    if (indentation === '' || rest.length < 4) return indentation + asComment(rest);
    return `${indentation}pass${rest.length > 4 ? `#${rest.slice(5)}` : ''}`;
  }
  const assigned = /^([\w.,\s]+=\s*)([%!])(?!=)/.exec(line);
  if (assigned !== null) {
    const head = assigned[1] ?? '';
    const rest = line.slice(head.length);
    return rest.length > 1 ? `${head}0#${rest.slice(2)}` : `${head}0`;
  }
  if (/^[\w.]+\?{1,2}\s*$/.test(line)) return asComment(line);
  return line;
}

function asComment(line: string): string {
  return '#!'.slice(0, line.length) + line.slice(2);
}

/** Opening minus closing brackets of a line; strings and comments are removed only roughly. */
function bracketBalance(line: string): number {
  const code = line.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, '').replace(/#.*/, '');
  return (code.match(/[([{]/g)?.length ?? 0) - (code.match(/[)\]}]/g)?.length ?? 0);
}
