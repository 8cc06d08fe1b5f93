/**
 * Searches for a PJRT plugin where users have one, and records every place that was searched: MIRRORSCOPE_PJRT_PLUGIN,
 * then the packages of Python environments, which are not imported. Reads files and environment variables.
 */
import type { LocateAttempt } from '../tensorflow/locate.js';

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { untrustedOwner } from '../tensorflow/library-owner.js';
import { packageDirectoriesUpward, sitePackagesOf } from '../tensorflow/python-environments.js';

import { PLUGIN_PLACES } from './plugin-places-table.js';

/** A plugin that was found. */
export interface PluginFile {
  readonly path: string;
  /** Its package, or the file. */
  readonly origin: string;
  /** What it runs on, where the package says so. */
  readonly accelerator: string;
}

/** The plugin, if there is one, and the places that were searched. */
export interface LocatePluginResult {
  readonly plugin: PluginFile | undefined;
  readonly attempts: readonly LocateAttempt[];
}

/** The options of {@link locatePlugin}. */
export interface LocatePluginOptions {
  /** Environment variables; by default those of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The search for virtual environments starts here and goes up; by default the working directory. */
  readonly workingDirectory?: string;
  /** Says why a library that was found must not be loaded. */
  readonly untrusted?: (files: { readonly paths: readonly string[] }) => string | undefined;
}

const VARIABLE = 'MIRRORSCOPE_PJRT_PLUGIN';

/** Lists what matches a path whose last but one part may be `*`. */
function expand(sitePackages: string, parts: readonly string[]): string[] {
  const [first, ...rest] = parts;
  if (first === undefined) return existsSync(sitePackages) ? [sitePackages] : [];
  if (first !== '*') return expand(join(sitePackages, first), rest);
  if (!existsSync(sitePackages)) return [];
  return readdirSync(sitePackages).flatMap((name) => expand(join(sitePackages, name), rest));
}

/** Lists the plugins of the packages in a folder: those for accelerators first. */
function pluginsIn(sitePackages: string): PluginFile[] {
  return PLUGIN_PLACES.flatMap(({ path, accelerator }) =>
    expand(sitePackages, path.split('/')).map((file) => ({ path: file, origin: file, accelerator })),
  );
}

/**
 * Searches the places in order and stops at the first plugin. When MIRRORSCOPE_PJRT_PLUGIN is set but wrong, the search
 * also stops: the user asked for that plugin and no other.
 *
 * @param options - Where to search.
 * @returns The plugin, if there is one, and the places that were searched.
 */
export function locatePlugin(options: LocatePluginOptions = {}): LocatePluginResult {
  const { environment = process.env, workingDirectory = process.cwd(), untrusted = untrustedOwner } = options;
  const attempts: LocateAttempt[] = [];
  const explicit = environment[VARIABLE]?.trim() ?? '';
  if (explicit !== '') {
    const isThere = existsSync(explicit);
    const outcome = isThere ? 'found' : 'missing';
    attempts.push({ source: VARIABLE, place: explicit, outcome, detail: isThere ? '' : 'there is no such file' });
    return { plugin: isThere ? { path: explicit, origin: VARIABLE, accelerator: '' } : undefined, attempts };
  }
  attempts.push({ source: VARIABLE, place: '', outcome: 'not set', detail: 'not set' });
  const active = environment['VIRTUAL_ENV'];
  const environments = [
    ...(active === undefined || active === '' ? [] : [{ source: 'VIRTUAL_ENV', place: active }]),
    ...packageDirectoriesUpward(workingDirectory).map((folder) => ({ source: '.venv', place: join(folder, '.venv') })),
  ];
  for (const { source, place } of environments) {
    for (const plugin of sitePackagesOf(place).flatMap(pluginsIn)) {
      const refusal = untrusted({ paths: [plugin.path] });
      if (refusal === undefined) {
        attempts.push({ source, place: plugin.path, outcome: 'found', detail: plugin.accelerator });
        return { plugin, attempts };
      }
      const detail = `refused, because ${refusal}. Set ${VARIABLE} if you trust it`;
      attempts.push({ source, place: plugin.path, outcome: 'refused', detail });
    }
    attempts.push({ source, place, outcome: 'missing', detail: 'this virtual environment has no PJRT plugin' });
  }
  return { plugin: undefined, attempts };
}
