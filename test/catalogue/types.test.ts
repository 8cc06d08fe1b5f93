/** The types that the catalogue renames to are exported by the installed packages: the compiler says so. */
import { join } from 'node:path';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { JAVASCRIPT_APIS } from '../../src/catalogue/javascript-apis.js';
import { defined } from '../support/defined.js';

/** The packages of the project; those that it does not install cannot be asked. */
const INSTALLED = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-data',
];

interface TypeUse {
  readonly id: string;
  readonly module: string;
  readonly name: string;
}

const uses: readonly TypeUse[] = JAVASCRIPT_APIS.flatMap(({ id, kind, match, fix }) =>
  kind === 'type' && match.by === 'export' && fix?.kind === 'rename'
    ? match.places
        .flatMap(({ modules }) => modules)
        .filter((module) => INSTALLED.includes(module))
        .map((module) => ({ id, module, name: fix.to.join('.') }))
    : [],
);

/** The compiler's errors about these types, by line. */
function problems(lines: readonly string[]): string[] {
  const path = join(import.meta.dirname, 'types-of-tfjs.ts');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  };
  const host = ts.createCompilerHost(options);
  const readSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.ES2023) : readSourceFile(name, ...rest);
  host.fileExists = (name) => name === path || ts.sys.fileExists(name);
  const program = ts.createProgram([path], options, host);
  const source = defined(program.getSourceFile(path));
  return program.getSemanticDiagnostics(source).map(({ messageText, start = 0 }) => {
    const { line } = source.getLineAndCharacterOfPosition(start);
    return `${lines[line]}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

describe('types', () => {
  it('are many', () => {
    expect(uses.length).toBeGreaterThan(30);
  });

  it('are exported under their new names', () => {
    const imports = INSTALLED.map((module, index) => `import type * as m${index} from '${module}';`);
    const reads = uses.map(
      ({ module, name }, index) =>
        `declare const t${index}: typeof import('${module}') extends object ? m${INSTALLED.indexOf(module)}.${name}<any> | m${INSTALLED.indexOf(module)}.${name} : never;`,
    );
    // A type takes parameters or it does not; only that it is not there counts.
    const missing = problems([...imports, ...reads, 'export {};']).filter((problem) =>
      /has no exported member|Cannot find/.test(problem),
    );
    expect(missing).toEqual([]);
  });

  it('would be missed', () => {
    const found = problems([
      "import type * as m from '@tensorflow/tfjs-layers';",
      'declare const t: m.ModelFitConfig;',
      'export {};',
    ]);
    expect(found.join()).toMatch(/has no exported member/);
  });
});
