/**
 * The sections of `mirrorscope doctor`, in the order in which they are printed. A new section is one function in this
 * list. Changes nothing. Heavy modules are loaded by the section that needs them.
 */
import type { DoctorLine, DoctorSection, SectionProvider } from './section.js';

import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { listMigrations } from '../../codemods/registry.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { packageVersion } from '../package-version.js';

import { findInstalledPackage } from './installed-package.js';
import { tensorFlowSection } from './tensorflow-section.js';

export const SECTIONS: readonly SectionProvider[] = [
  machineSection,
  tensorFlowJsSection,
  parserSection,
  configurationSection,
  tensorFlowSection,
  engineSection,
];

const OWN_DIRECTORY = fileURLToPath(new URL('.', import.meta.url));
const VENDOR = fileURLToPath(new URL('../../vendor/', import.meta.url));

/** The parsers that mirrorscope brings, and the files that hold them in a published package. */
const BUNDLED_PARSERS = {
  typescript: 'typescript.cjs',
  '@typescript-eslint/parser': 'typescript-eslint-parser.cjs',
  'web-tree-sitter': 'web-tree-sitter.js',
};

function machineSection(): DoctorSection {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isSupported = major > 20 || (major === 20 && minor >= 19);
  return {
    title: 'Machine',
    lines: [
      { label: 'mirrorscope', state: 'ok', text: packageVersion() },
      isSupported
        ? { label: 'Node', state: 'ok', text: process.version }
        : { label: 'Node', state: 'problem', text: `${process.version}; mirrorscope needs 20.19 or later` },
      {
        label: 'system',
        state: 'ok',
        text: `${os.platform()} ${os.release()} ${os.arch()}, ${os.availableParallelism()} CPUs`,
      },
    ],
  };
}

function tensorFlowJsSection(directory: string): DoctorSection {
  const required = packageLine('@tensorflow/tfjs', directory, {
    label: '@tensorflow/tfjs',
    state: 'missing',
    text: 'not found in this folder or above it; the runtime needs it (`npm install @tensorflow/tfjs`), the codemods do not',
  });
  const optional = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'].map((name) =>
    packageLine(name, directory, { label: name, state: 'note', text: 'not installed (optional)' }),
  );
  return { title: 'TensorFlow.js', lines: [required, ...optional] };
}

function parserSection(directory: string): DoctorSection {
  const own = Object.entries(BUNDLED_PARSERS).map(([name, file]) => ownParserLine(name, file));
  const peers = ['eslint', 'jscodeshift'].map((name) =>
    packageLine(name, directory, { label: name, state: 'note', text: 'not installed (optional)' }),
  );
  const languages = [...new Set(listMigrations().map(({ language }) => language))].join(', ');
  return {
    title: 'Parsers and linters',
    lines: [...own, ...peers, { label: 'languages', state: 'ok', text: languages }],
  };
}

/** A published package has its parsers in dist/vendor. Code that runs from sources takes them from node_modules. */
function ownParserLine(name: string, file: string): DoctorLine {
  const bundled = path.join(VENDOR, file);
  if (existsSync(bundled)) return { label: name, state: 'ok', text: `comes with mirrorscope (${bundled})` };
  return packageLine(name, OWN_DIRECTORY, {
    label: name,
    state: 'problem',
    text: 'not found; install mirrorscope again',
  });
}

function configurationSection(directory: string): DoctorSection {
  const line = (state: DoctorLine['state'], text: string): DoctorSection => ({
    title: 'Configuration',
    lines: [{ label: 'mirrorscope.config.json', state, text }],
  });
  try {
    const { file } = loadConfiguration(directory);
    return file === undefined ? line('note', 'none; the defaults apply') : line('ok', file);
  } catch (error) {
    return line('problem', messageOf(error));
  }
}

async function engineSection(): Promise<DoctorSection> {
  const title = 'Engines';
  try {
    const { describeEngines } = await import('../../runtime/engines/describe-engines.js');
    const engines = describeEngines();
    return {
      title,
      lines: engines.map(({ name, available, reason, selected, selectedBy, summary }) => ({
        label: selected ? `${name} *` : name,
        state: available ? 'ok' : 'missing',
        text: [reason, selected ? `Used: ${selectedBy}.` : '', summary].filter((words) => words !== '').join(' '),
      })),
    };
  } catch (error) {
    return { title, lines: [{ label: 'engine', state: 'problem', text: `${messageOf(error)}${hintOf(error)}` }] };
  }
}

function packageLine(name: string, directory: string, whenMissing: DoctorLine): DoctorLine {
  const found = findInstalledPackage(name, directory);
  return found === undefined
    ? whenMissing
    : { label: name, state: 'ok', text: `${found.version} (${found.directory})` };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function hintOf(error: unknown): string {
  return error instanceof MirrorscopeError && error.hint !== '' ? ` ${error.hint}` : '';
}
