/**
 * The last step of `npm run build`: bundles the packages of the table into dist/vendor with their licences, and points
 * the compiled files there. Writes in dist only.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { rolldown } from 'rolldown';

import { COPIED_FILES, IMPORTED_MODULES, REQUIRED_MODULES } from './bundled-packages-table.js';

/** @typedef {import('./bundled-packages-table.js').VendoredModule} VendoredModule */

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const VENDOR = path.join(DIST, 'vendor');

/** A package's name where JavaScript that `tsc` writes loads it. */
const SPECIFIER = /(\bfrom |\bimport |\bimport\(|\brequire\(|\brequire\.resolve\()'([^'.][^']*)'/g;

/**
 * Bundles one format.
 * @param {readonly VendoredModule[]} modules - What to bundle.
 * @param {'cjs' | 'esm'} format - The module system of the files.
 * @returns {Promise<Set<string>>} The folders of the packages that the bundles hold.
 */
async function bundle(modules, format) {
  const extension = format === 'cjs' ? '.cjs' : '.js';
  const build = await rolldown({
    input: Object.fromEntries(modules.map(({ specifier, file }) => [path.basename(file, extension), specifier])),
    plugins: format === 'esm' ? [namedExports(modules)] : [],
    platform: 'node',
    logLevel: 'silent',
  });
  const { output } = await build.write({
    dir: VENDOR,
    format,
    exports: 'auto',
    // The compiler shrinks to two fifths of its size. The others are small, and lose only comments and white space, so
    // that stack traces keep their names.
    minify: format === 'cjs' ? true : { compress: false, mangle: false },
    entryFileNames: `[name]${extension}`,
    chunkFileNames: `shared-[name]${extension}`,
  });
  await build.close();
  const files = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  return new Set(files.flatMap((file) => packageFolder(file) ?? []));
}

/**
 * A plugin that makes each entry export the names that Node.js sees in it, also where the package is CommonJS.
 * @param {readonly VendoredModule[]} modules - The entries.
 * @returns {import('rolldown').Plugin} The plugin.
 */
function namedExports(modules) {
  const prefix = 'named-exports:';
  return {
    name: 'named-exports',
    resolveId: (id, importer) =>
      importer === undefined && modules.some(({ specifier }) => specifier === id) ? prefix + id : undefined,
    load: async (id) => {
      if (!id.startsWith(prefix)) return undefined;
      const specifier = id.slice(prefix.length);
      const names = Object.keys(await importModule(specifier));
      const wanted = names.filter((name) => name !== '__esModule' && name !== 'module.exports');
      return `export { ${wanted.join(', ')} } from ${JSON.stringify(specifier)};`;
    },
  };
}

/**
 * Imports a module of which only the names matter.
 * @param {string} specifier - The module.
 * @returns {Promise<object>} Its namespace.
 */
async function importModule(specifier) {
  const namespace = /** @type {unknown} */ (await import(specifier));
  if (typeof namespace !== 'object' || namespace === null) throw new Error(`${specifier} is not a module.`);
  return namespace;
}

/**
 * The folder of the package that a file belongs to.
 * @param {string} file - A path.
 * @returns {string | undefined} The folder; `undefined` for the bundler's own helpers.
 */
function packageFolder(file) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0];
}

/**
 * One field of a package's manifest.
 * @param {string} folder - The package's folder.
 * @param {string} name - The field.
 * @returns {string} Its value as text.
 */
function manifestField(folder, name) {
  const manifest = /** @type {unknown} */ (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')));
  return manifest instanceof Object ? String(Reflect.get(manifest, name)) : '';
}

/**
 * The licence texts of packages, one after another.
 * @param {Iterable<string>} folders - The packages' folders.
 * @returns {string} The text of dist/vendor/LICENSES.txt.
 */
function licences(folders) {
  const sections = [...new Set(folders)].map((folder) => {
    const title = ['name', 'version', 'license'].map((field) => manifestField(folder, field)).join(' ');
    const files = readdirSync(folder).filter((name) => /^(?:licen[cs]e|copying|notice|thirdpartynotice)/i.test(name));
    const texts = files.sort().map((name) => readFileSync(path.join(folder, name), 'utf8').trim());
    return [title, ...texts].join('\n\n');
  });
  return `${sections.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/**
 * Points the compiled files at dist/vendor.
 * @param {readonly VendoredModule[]} modules - What was put there.
 */
function rewriteSpecifiers(modules) {
  const targets = new Map(modules.map(({ specifier, file }) => [specifier, file]));
  for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js') || name.startsWith('vendor')) continue;
    const file = path.join(DIST, name);
    const text = readFileSync(file, 'utf8');
    const rewritten = text.replace(
      SPECIFIER,
      (whole, /** @type {string} */ before, /** @type {string} */ specifier) => {
        const target = targets.get(specifier);
        if (target === undefined) return whole;
        const relative = path.relative(path.dirname(file), path.join(VENDOR, target)).replaceAll(path.sep, '/');
        return `${before}'${relative.startsWith('.') ? relative : `./${relative}`}'`;
      },
    );
    if (rewritten !== text) writeFileSync(file, rewritten);
  }
}

/**
 * Copies the files of the table.
 * @returns {string[]} The folders of the packages that the files come from.
 */
function copyFiles() {
  return COPIED_FILES.map(({ specifier, file, besides = [] }) => {
    const source = fileURLToPath(import.meta.resolve(specifier));
    const target = path.join(VENDOR, file);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(source, target);
    for (const name of besides)
      copyFileSync(path.join(path.dirname(source), name), path.join(path.dirname(target), name));
    return packageFolder(source) ?? path.dirname(source);
  });
}

mkdirSync(VENDOR, { recursive: true });
const folders = [
  ...(await bundle(REQUIRED_MODULES, 'cjs')),
  ...(await bundle(IMPORTED_MODULES, 'esm')),
  ...copyFiles(),
];
writeFileSync(path.join(VENDOR, 'LICENSES.txt'), licences(folders));
rewriteSpecifiers([...REQUIRED_MODULES, ...IMPORTED_MODULES, ...COPIED_FILES]);
