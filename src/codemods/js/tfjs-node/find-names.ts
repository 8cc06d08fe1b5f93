/**
 * Finds the names of the packages outside of imports: in test doubles, paths, computed names, ambient declarations,
 * other strings and comments. Decides for each whether it is rewritten, is an obstacle, or is only reported. Pure.
 */
import type { ModuleSource } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Found, Obstacle, Ranged, Remark, Replacement } from './found.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { TFJS_NODE_REFUSALS } from '../refusal-messages-table.js';
import { literalString, memberName, type Node, walk } from '../syntax/syntax-tree.js';

import { literalEdit } from './literal-edit.js';
import { CPU_PACKAGE, isInside, isSwapped, REPLACEMENT, SWAPPED_MODULES } from './modules.js';
import { testDoubleAt } from './test-doubles.js';

const IN_COMMENT = /(?:import\(\s*|\btypes=)["'](@tensorflow\/tfjs-node(?:-gpu)?)["']/;

/**
 * Finds the names in one file.
 *
 * @param source - The parsed file.
 * @param loads - Imports of a package or of a file inside it. `find.ts` handles these.
 * @returns What is rewritten, what is an obstacle, and what is only reported.
 */
export function findNames(source: JavaScriptSource, loads: readonly ModuleSource[]): Found {
  const replacements: Replacement[] = [];
  const obstacles: Obstacle[] = [];
  const remarks: Remark[] = [];
  const loaded = new Set<Node>(loads.map(({ literal }) => literal));
  walk(source.ast, source.visitorKeys, (node) => {
    if (node.type === AST_NODE_TYPES.TemplateLiteral || node.type === AST_NODE_TYPES.BinaryExpression) {
      const obstacle = computedLoad(source.text, node);
      if (obstacle === undefined) return true;
      obstacles.push(obstacle);
      return false;
    }
    return true;
  });
  walk(source.ast, source.visitorKeys, (node) => {
    const name = literalString(node);
    if (name === undefined || loaded.has(node) || obstacles.some(({ at }) => contains(at, node))) return;
    if (!isSwapped(name) && !isInside(name)) return;
    const double = testDoubleAt(node);
    if (isResolved(node)) obstacles.push(resolvedPath(node, name));
    else if (node.parent?.type === AST_NODE_TYPES.TSModuleDeclaration) obstacles.push(typeDeclaration(node, name));
    else if (double !== undefined && isInside(name)) obstacles.push(fileInside(node, name));
    else if (double === 'jest-real') obstacles.push(loadedInJest(node, name));
    else if (double !== undefined)
      replacements.push({
        at: node,
        api: name,
        message: replacementMessage(name),
        edits: [literalEdit(source.text, node, REPLACEMENT)],
      });
    else
      remarks.push({
        at: node,
        api: packageOf(name),
        message: `This text names ${packageOf(name)}. If it configures or loads the package, change it together with the imports.`,
      });
  });
  remarks.push(...commentRemarks(source));
  return { replacements, obstacles, remarks };
}

/** Says why the package name changes. */
export function replacementMessage(name: string): string {
  return `${REPLACEMENT} has the exports of ${name}, on any installed TensorFlow and without a native addon.`;
}

/** Code that loads a file inside the package. */
export function fileInside(at: Ranged, name: string): Obstacle {
  return {
    at,
    api: packageOf(name),
    refusal: TFJS_NODE_REFUSALS.fileInside(name, packageOf(name)),
  };
}

/** Code that makes the `require` of Jest load the real module. */
export function loadedInJest(at: Ranged, name: string): Obstacle {
  return {
    at,
    api: packageOf(name),
    refusal: TFJS_NODE_REFUSALS.loadedInJest(name),
  };
}

function packageOf(name: string): string {
  return (
    [...SWAPPED_MODULES]
      .sort((a, b) => b.length - a.length)
      .find((each) => name === each || name.startsWith(`${each}/`)) ?? name
  );
}

/** `require.resolve('m')`, `import.meta.resolve('m')`. */
function isResolved({ parent }: Node): boolean {
  return (
    parent?.type === AST_NODE_TYPES.CallExpression &&
    parent.callee.type === AST_NODE_TYPES.MemberExpression &&
    memberName(parent.callee) === 'resolve'
  );
}

function resolvedPath(at: Node, name: string): Obstacle {
  return {
    at,
    api: packageOf(name),
    refusal: TFJS_NODE_REFUSALS.resolvedPath(packageOf(name)),
  };
}

function typeDeclaration(at: Node, name: string): Obstacle {
  return {
    at,
    api: packageOf(name),
    refusal: TFJS_NODE_REFUSALS.typeDeclaration(name),
  };
}

/** Code that computes the name of the package that it loads. */
function computedLoad(text: string, node: Node): Obstacle | undefined {
  const { parent } = node;
  const isLoad =
    (parent?.type === AST_NODE_TYPES.ImportExpression && parent.source === node) ||
    (parent?.type === AST_NODE_TYPES.CallExpression &&
      parent.callee.type === AST_NODE_TYPES.Identifier &&
      parent.callee.name === 'require');
  if (!isLoad || literalString(node) !== undefined || !text.slice(...node.range).includes(CPU_PACKAGE))
    return undefined;
  return {
    at: node,
    api: CPU_PACKAGE,
    refusal: TFJS_NODE_REFUSALS.computedName,
  };
}

/** Comments that import types from the package, which then has to stay installed. */
function commentRemarks({ ast }: JavaScriptSource): Remark[] {
  return (ast.comments ?? []).flatMap((comment) => {
    const name = IN_COMMENT.exec(comment.value)?.[1];
    return name === undefined
      ? []
      : [{ at: comment, api: name, message: `This comment takes types from ${name}; take them from ${REPLACEMENT}.` }];
  });
}

function contains({ range }: Ranged, inner: Node): boolean {
  return range[0] <= inner.range[0] && inner.range[1] <= range[1];
}
