/**
 * Finds what has to change in a file so that it runs on `mirrorscope/node`, and what keeps it from doing so. The migration and the
 * lint rule both call this.
 */
import type { ModuleSource } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { Found, Obstacle, SwapPlace } from './place.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RefusalReason } from '../../refusal-reason.js';
import { findOrigins } from '../origins/find-origins.js';

import { findBackendNames } from './find-backend-names.js';
import { findMissing } from './find-missing.js';
import { fileInside, findNames, realInJest, swapMessage } from './find-names.js';
import { literalEdit } from './literal-edit.js';
import { isInside, isSwapped, isTfjs, REPLACEMENT } from './modules.js';
import { fallbackEdit } from './package-fallback.js';

export function findTfjsNode(source: JavaScriptSource): Found {
  const origins = findOrigins(source, { isModule: (specifier) => isTfjs(specifier) || isInside(specifier) });
  const loads = origins.sources.filter(({ module }) => isSwapped(module));
  const inside = origins.sources.filter(({ module }) => isInside(module));
  const names = findNames(source, [...loads, ...inside]);
  const backends = findBackendNames(source, origins);
  if (loads.length + inside.length + names.places.length + names.obstacles.length === 0) {
    // Another file loads the package; whether and when is not to be seen from here.
    return { places: [], obstacles: [], remarks: [...names.remarks, ...backends.places] };
  }
  const values = loads.filter(({ node }) => !isTypeOnly(node));
  const fallback = isChoice(values) ? fallbackEdit(source, values) : undefined;
  const swapped = loads.map((load): SwapPlace => {
    const edits =
      fallback === undefined || !values.includes(load)
        ? [literalEdit(source.text, load.literal, REPLACEMENT)]
        : load === values[0]
          ? [fallback]
          : [];
    return { at: load.literal, api: load.module, message: swapMessage(load.module), edits };
  });
  const places = [...swapped, ...names.places, ...backends.places];
  const obstacles = [
    ...inside.map(({ literal, module }) => fileInside(literal, module)),
    ...names.obstacles,
    ...findMissing(origins, /\.[cm]?tsx?$/i.test(source.path)),
    ...backends.obstacles,
    ...(isChoice(values) && fallback === undefined ? values.map(choiceOfPackage) : []),
    ...loadsInJest(source, values, names.places),
  ];
  return { places, obstacles, remarks: names.remarks };
}

/** A file that loads both packages chooses between CPU and GPU by them. */
function isChoice(values: readonly ModuleSource[]): boolean {
  return new Set(values.map(({ module }) => module)).size > 1;
}

function choiceOfPackage({ literal, module }: ModuleSource): Obstacle {
  return {
    at: literal,
    api: module,
    message: `This file chooses between CPU and GPU by the package; ${REPLACEMENT} uses the GPUs that TensorFlow sees, unless config.setVisibleDevices hides them.`,
    reason: RefusalReason.MeaningChanged,
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

/** A file that speaks to Jest and loads the package without a made-up one in its place. */
function loadsInJest(
  { scopeManager }: JavaScriptSource,
  values: readonly ModuleSource[],
  doubles: readonly SwapPlace[],
): Obstacle[] {
  const speaksToJest = scopeManager.scopes.some((scope) =>
    scope.references.some(({ identifier }) => identifier.name === 'jest'),
  );
  if (!speaksToJest) return [];
  const madeUp = new Set(doubles.map(({ api }) => api));
  return values.filter(({ module }) => !madeUp.has(module)).map(({ literal, module }) => realInJest(literal, module));
}
