/** Options that rules share: a rule's own options, merged with `settings.mirrorscope` of the configuration. Pure. */
import type { Rule } from 'eslint';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { NAMESPACE } from './plugin-meta.js';

/** What `settings.mirrorscope` may contain. */
export interface SharedOptions {
  /** More modules that export the deprecated names. */
  readonly modules?: readonly string[];
  /** Whether to read other files of the project, for names that they re-export. */
  readonly followImports?: boolean;
  /** Deprecated APIs to ignore, by their names in the catalogue. */
  readonly ignore?: readonly string[];
}

/** Schema properties of a rule that resolves imported names. */
export const MODULE_OPTIONS_SCHEMA = {
  modules: {
    type: 'array',
    description:
      'More modules that export the deprecated names, as written in imports. Added to those of `settings.mirrorscope`.',
    items: { type: 'string', minLength: 1 },
    uniqueItems: true,
  },
  followImports: {
    type: 'boolean',
    description:
      'Whether to read other files of the project to find names that they re-export. `true` unless set here or in `settings.mirrorscope`.',
  },
} as const;

/** Schema properties of a rule that reports catalogue entries. */
export const IGNORE_OPTION_SCHEMA = {
  ignore: {
    type: 'array',
    description:
      'Deprecated APIs to ignore, by their names in messages and in `docs/catalogue.md`, e.g. `tf.ENV`. Added to those of `settings.mirrorscope`.',
    items: { type: 'string', minLength: 1 },
    uniqueItems: true,
  },
} as const;

/** The options of a rule merged with `settings.mirrorscope`. The rule's own `followImports` wins; lists are joined. */
export function sharedOptionsOf(context: Rule.RuleContext): Required<SharedOptions> {
  const own = (context.options[0] ?? {}) as SharedOptions;
  const settings = sharedSettings(context.settings[NAMESPACE]);
  return {
    modules: union(settings.modules, own.modules),
    followImports: own.followImports ?? settings.followImports ?? true,
    ignore: union(settings.ignore, own.ignore),
  };
}

function union(first: readonly string[] = [], second: readonly string[] = []): string[] {
  return [...new Set([...first, ...second])].sort();
}

/** ESLint does not check settings, and would silently ignore a misspelt one. */
function sharedSettings(settings: unknown): SharedOptions {
  if (settings === undefined) return {};
  const problem = settingsProblem(settings);
  if (problem !== undefined) {
    throw new MirrorscopeError(ErrorCode.Configuration, `settings.${NAMESPACE}${problem}`, {
      hint: 'It takes `modules` (an array of module names), `followImports` (true or false) and `ignore` (an array of API names).',
    });
  }
  return settings as SharedOptions;
}

function settingsProblem(settings: unknown): string | undefined {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return ' must be an object.';
  for (const [key, value] of Object.entries(settings)) {
    if (key === 'modules' || key === 'ignore') {
      if (!Array.isArray(value) || !value.every((each) => typeof each === 'string' && each !== '')) {
        return `.${key} must be an array of names.`;
      }
    } else if (key === 'followImports') {
      if (typeof value !== 'boolean') return '.followImports must be true or false.';
    } else return ` has an unknown property ${JSON.stringify(key)}.`;
  }
  return undefined;
}
