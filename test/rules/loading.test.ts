/** What `import 'mirrorscope/eslint'` loads from the built package. An editor waits for all of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, it } from 'vitest';

import { defined } from '../support/defined.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

function run(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: ROOT, encoding: 'utf8' });
}

/** Writes the address of each module that is loaded to standard error, synchronously, so that none is lost at exit. */
const LOAD_HOOK = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  export async function load(url, context, next) {
    writeSync(2, url + '\\n');
    return next(url, context);
  }
`)}`;

/** Runs code in its own process and returns every file that it loads, CommonJS or not. */
function loadedFiles(code: string): string[] {
  const source = `
    import { createRequire, register } from 'node:module';
    register(${JSON.stringify(LOAD_HOOK)});
    ${code}
    console.error(Object.keys(createRequire(import.meta.url).cache).join('\\n'));
  `;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return stderr.split('\n');
}

beforeAll(() => {
  if (!existsSync(`${ROOT}dist/rules/index.js`))
    throw new Error('Run `npm run build` first: this test reads the built package.');
});

describe('import of mirrorscope/eslint', () => {
  const HEAVY = [
    /node_modules\/@tensorflow\//,
    /node_modules\/ts-morph\//,
    /node_modules\/typescript\//,
    /node_modules\/koffi\//,
    /node_modules\/@typescript-eslint\/(?!types\/)/,
    /dist\/runtime\//,
  ];

  // `import { type T }` loads the module anyway; write `import type { T }`.
  it('loads no TensorFlow, no ts-morph and no compiler', () => {
    const files = loadedFiles(`await import('mirrorscope/eslint');`);
    expect(files.some((file) => file.endsWith('dist/rules/index.js'))).toBe(true);
    for (const heavy of HEAVY) expect(files.filter((file) => heavy.test(file))).toEqual([]);
  });

  it('loads none of them to lint a file that rules report', () => {
    const code =
      "import * as tf from '@tensorflow/tfjs'; import { multiGpuModel } from 'keras'; multiGpuModel(tf.sequential(), 2);";
    const files = loadedFiles(`
      const { default: plugin } = await import('mirrorscope/eslint');
      const { Linter } = await import('eslint');
      const messages = new Linter().verify(${JSON.stringify(code)}, [plugin.configs.recommended]);
      if (messages.length === 0 || messages.some(({ fatal }) => fatal)) throw new Error(JSON.stringify(messages));
    `);
    for (const heavy of HEAVY) expect(files.filter((file) => heavy.test(file))).toEqual([]);
  });

  it('returns the plugin from require()', () => {
    const output = run(`
      import { createRequire } from 'node:module';
      const loaded = createRequire(import.meta.url)('mirrorscope/eslint');
      console.log((loaded.default ?? loaded).meta.name, Object.keys(loaded.rules ?? {}).length > 0);
    `);
    expect(output.trim()).toBe('mirrorscope true');
  });
});

describe('the configurations in docs/rules/README.md', () => {
  const page = readFileSync(new URL('../../docs/rules/README.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => defined(code));

  it('exist', () => {
    expect(blocks.length).toBeGreaterThan(2);
  });

  it.each(blocks.map((block, index) => [index + 1, block] as const))('block %i', (_number, block) => {
    const output = run(`
      import { ESLint } from 'eslint';
      ${block.replace('export default', 'const config =')}
      const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: config });
      const [result] = await eslint.lintText("import { multiGpuModel } from 'keras'; multiGpuModel(model, 2);", { filePath: 'training/train.js' });
      console.log(result.messages.some(({ ruleId }) => ruleId === 'mirrorscope/no-multi-gpu-model'));
    `);
    expect(output.trim()).toBe('true');
  });
});
