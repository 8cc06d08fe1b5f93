/**
 * Where a file names the packages other than by loading them: test doubles, paths, names put together, ambient declarations,
 * plain strings and comments. Decides for each whether it goes along, stands in the way, or is only for a person to see.
 */
import type { ModuleSource } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Found, Obstacle, Ranged, Remark, SwapPlace } from './place.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RefusalReason } from '../../refusal-reason.js';
import { literalString, memberName, type Node, walk, walkInto } from '../syntax/syntax-tree.js';

import { literalEdit } from './literal-edit.js';
import { isInside, isSwapped, REPLACEMENT, SWAPPED_MODULES } from './modules.js';
import { testDoubleAt } from './test-doubles.js';

const IN_COMMENT = /(?:import\(\s*|\btypes=)["'](@tensorflow\/tfjs-node(?:-gpu)?)["']/;

/** @param loads - the places that load one of the packages or a file inside; they are judged elsewhere */
export function findNames(source: JavaScriptSource, loads: readonly ModuleSource[]): Found {
  const places: SwapPlace[] = [];
  const obstacles: Obstacle[] = [];
  const remarks: Remark[] = [];
  const loaded = new Set<Node>(loads.map(({ literal }) => literal));
  walkInto(source.ast, source.visitorKeys, (node) => {
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
    if (isResolved(node)) obstacles.push(pathOf(node, name));
    else if (node.parent?.type === AST_NODE_TYPES.TSModuleDeclaration) obstacles.push(declarationOf(node, name));
    else if (double !== undefined && isInside(name)) obstacles.push(fileInside(node, name));
    else if (double === 'jest-real') obstacles.push(realInJest(node, name));
    else if (double !== undefined)
      places.push({
        at: node,
        api: name,
        message: swapMessage(name),
        edits: [literalEdit(source.text, node, REPLACEMENT)],
      });
    else
      remarks.push({
        at: node,
        api: packageOf(name),
        message: `This text names ${packageOf(name)}. Where it configures or loads the package, change it along with the imports.`,
      });
  });
  remarks.push(...commentRemarks(source));
  return { places, obstacles, remarks };
}

export function swapMessage(name: string): string {
  return `${REPLACEMENT} has the exports of ${name}, on any installed TensorFlow and without a native addon.`;
}

/** A load of a file of the package. */
export function fileInside(at: Ranged, name: string): Obstacle {
  return {
    at,
    api: packageOf(name),
    message: `${name} is a file inside ${packageOf(name)}, and nothing outside of it takes its place.`,
    reason: RefusalReason.NoReplacement,
  };
}

/** A load of the real module where Jest's `require` would have to load ours. */
export function realInJest(at: Ranged, name: string): Obstacle {
  return {
    at,
    api: packageOf(name),
    message: `Jest loads ${name} here, and its require cannot load an ES module, which ${REPLACEMENT} is.`,
    reason: RefusalReason.MeaningChanged,
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

function pathOf(at: Node, name: string): Obstacle {
  return {
    at,
    api: packageOf(name),
    message: `This asks where ${packageOf(name)} is installed; that ${REPLACEMENT} is installed says nothing of the TensorFlow library that it needs.`,
    reason: RefusalReason.MeaningChanged,
  };
}

function declarationOf(at: Node, name: string): Obstacle {
  return {
    at,
    api: packageOf(name),
    message: `This declares types for ${name}; declare them for @tensorflow/tfjs or ${REPLACEMENT}.`,
    reason: RefusalReason.NoReplacement,
  };
}

/** A name that is put together where it is loaded. */
function computedLoad(text: string, node: Node): Obstacle | undefined {
  const { parent } = node;
  const isLoad =
    (parent?.type === AST_NODE_TYPES.ImportExpression && parent.source === node) ||
    (parent?.type === AST_NODE_TYPES.CallExpression &&
      parent.callee.type === AST_NODE_TYPES.Identifier &&
      parent.callee.name === 'require');
  if (!isLoad || literalString(node) !== undefined || !text.slice(...node.range).includes(SWAPPED_MODULES[0]!))
    return undefined;
  return {
    at: node,
    api: SWAPPED_MODULES[0]!,
    message: `Which package is loaded is only known when this runs; ${REPLACEMENT} takes the place of both.`,
    reason: RefusalReason.ConditionNotProved,
  };
}

/** Types that comments take from the package: it has to stay installed for them. */
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
