/**
 * Finds what has to change so that a file runs on `mirrorscope/node`, and what prevents that. The migration and the
 * lint rule both call this. Pure.
 */
import type { ModuleSource } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { Found, Obstacle, Replacement } from './found.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { findOrigins } from '../origins/find-origins.js';
import { TFJS_NODE_REFUSALS } from '../refusal-messages-table.js';

import { findBackendNames } from './find-backend-names.js';
import { findMissing } from './find-missing.js';
import { fileInside, findNames, loadedInJest, replacementMessage } from './find-names.js';
import { literalEdit } from './literal-edit.js';
import { isInside, isSwapped, isTfjs, REPLACEMENT } from './modules.js';
import { fallbackEdit } from './package-fallback.js';

export function findTfjsNode(source: JavaScriptSource): Found {
  const origins = findOrigins(source, { isModule: (specifier) => isTfjs(specifier) || isInside(specifier) });
  const loads = origins.sources.filter(({ module }) => isSwapped(module));
  const inside = origins.sources.filter(({ module }) => isInside(module));
  const names = findNames(source, [...loads, ...inside]);
  const backends = findBackendNames(source, origins);
  if (loads.length + inside.length + names.replacements.length + names.obstacles.length === 0) {
    // If any file loads the package, it is another one, so this file cannot be rewritten on its own.
    return { replacements: [], obstacles: [], remarks: [...names.remarks, ...backends.replacements] };
  }
  const values = loads.filter(({ node }) => !isTypeOnly(node));
  const fallback = isChoice(values) ? fallbackEdit(source, values) : undefined;
  const swapped = loads.map((load): Replacement => {
    const edits =
      fallback === undefined || !values.includes(load)
        ? [literalEdit(source.text, load.literal, REPLACEMENT)]
        : load === values[0]
          ? [fallback]
          : [];
    return { at: load.literal, api: load.module, message: replacementMessage(load.module), edits };
  });
  const replacements = [...swapped, ...names.replacements, ...backends.replacements];
  const obstacles = [
    ...inside.map(({ literal, module }) => fileInside(literal, module)),
    ...names.obstacles,
    ...findMissing(origins, /\.[cm]?tsx?$/i.test(source.path)),
    ...backends.obstacles,
    ...(isChoice(values) && fallback === undefined ? values.map(packageChoice) : []),
    ...loadsInJest(source, values, names.replacements),
  ];
  return { replacements, obstacles, remarks: names.remarks };
}

/** Whether a file loads both packages, and so chooses between CPU and GPU. */
function isChoice(values: readonly ModuleSource[]): boolean {
  return new Set(values.map(({ module }) => module)).size > 1;
}

function packageChoice({ literal, module }: ModuleSource): Obstacle {
  return {
    at: literal,
    api: module,
    refusal: TFJS_NODE_REFUSALS.packageChoice,
  };
}

function isTypeOnly(node: Node): boolean {
  switch (node.type) {
    case AST_NODE_TYPES.ImportDeclaration:
      return node.importKind === 'type';
    case AST_NODE_TYPES.ExportNamedDeclaration:
    case AST_NODE_TYPES.ExportAllDeclaration:
      return node.exportKind === 'type';
    case AST_NODE_TYPES.TSImportType:
      return true;
    default:
      return false;
  }
}

/** The loads in a file for Jest that no mock with a factory replaces. */
function loadsInJest(
  { scopeManager }: JavaScriptSource,
  values: readonly ModuleSource[],
  mocks: readonly Replacement[],
): Obstacle[] {
  const usesJest = scopeManager.scopes.some((scope) =>
    scope.references.some(({ identifier }) => identifier.name === 'jest'),
  );
  if (!usesJest) return [];
  const mocked = new Set(mocks.map(({ api }) => api));
  return values.filter(({ module }) => !mocked.has(module)).map(({ literal, module }) => loadedInJest(literal, module));
}
