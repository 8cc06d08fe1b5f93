/** Finds the models that a file builds, compiles and trains. Pure. */

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { LAYERS_MODULES } from '../../../catalogue/module-groups.js';
import { COMPILE_PROPERTIES, MODEL_CLASSES, MODEL_FACTORIES, TRAINS } from '../lifecycle/vocabulary-table.js';
import { memberPath, type Origins } from '../origins/origin.js';
import { keyName, type Node, unwrap } from '../syntax/syntax-tree.js';
import { type FunctionsInFile, isParameter } from '../values/functions-in-file.js';

import { calleeName } from './scope-context.js';
import { followValue, type MethodCall } from './value-flow.js';

/** A model of this file. */
export interface ModelInFile {
  /** The call that builds it; `undefined` if another file builds it. */
  readonly build: TSESTree.CallExpression | TSESTree.NewExpression | undefined;
  /** The catalogue's name of the API that builds it, e.g. `tf.sequential`. */
  readonly api: string;
  readonly compileCalls: readonly MethodCall[];
  readonly trainingCalls: readonly MethodCall[];
}

export function findModels(origins: Origins, functions: FunctionsInFile): ModelInFile[] {
  const built = findBuilds(origins).map(({ build, api }): ModelInFile => {
    const { methodCalls } = followValue(build, origins.names, functions);
    return { build, api, ...callsOn(methodCalls) };
  });
  const seen = new Set(built.flatMap((model) => model.compileCalls.map((each) => each.call)));
  return [...built, ...findModelsBuiltElsewhere(origins, functions, seen)];
}

/** A call that builds a model, and the name of its API. */
interface Build {
  readonly build: TSESTree.CallExpression | TSESTree.NewExpression;
  readonly api: string;
}

function findBuilds(origins: Origins): Build[] {
  return origins.references.flatMap((reference): Build[] => {
    const path = memberPath(reference.origin.path).join('.');
    const { parent } = reference.node;
    if (!LAYERS_MODULES.includes(reference.origin.module) || parent === undefined) return [];
    if (
      parent.type === AST_NODE_TYPES.CallExpression &&
      parent.callee === reference.node &&
      MODEL_FACTORIES.has(path)
    ) {
      return [{ build: parent, api: `tf.${path}` }];
    }
    if (!MODEL_CLASSES.has(path)) return [];
    if (parent.type === AST_NODE_TYPES.NewExpression && parent.callee === reference.node)
      return [{ build: parent, api: `tf.${path}` }];
    if (parent.type !== AST_NODE_TYPES.ClassDeclaration && parent.type !== AST_NODE_TYPES.ClassExpression) return [];
    return instancesOf(parent, origins).map((build) => ({ build, api: `tf.${path}` }));
  });
}

function instancesOf(
  node: TSESTree.ClassDeclaration | TSESTree.ClassExpression,
  origins: Origins,
): TSESTree.NewExpression[] {
  const declaration =
    node.type === AST_NODE_TYPES.ClassExpression && node.parent.type === AST_NODE_TYPES.VariableDeclarator
      ? node.parent
      : node;
  return origins.names.declaredBy(declaration).flatMap((variable) =>
    origins.names.referencesTo(variable).flatMap((reference) => {
      const { parent } = reference.identifier as Node;
      return parent?.type === AST_NODE_TYPES.NewExpression && parent.callee === reference.identifier ? [parent] : [];
    }),
  );
}

/** Models that this file receives from another one, and compiles and trains. */
function findModelsBuiltElsewhere(
  origins: Origins,
  functions: FunctionsInFile,
  seen: ReadonlySet<Node>,
): ModelInFile[] {
  return functions.membersNamed('compile').flatMap((member) => {
    const call = member.parent;
    const receiver = unwrap(member.object);
    if (
      call.type !== AST_NODE_TYPES.CallExpression ||
      call.callee !== member ||
      seen.has(call) ||
      !isModelCompile(call)
    )
      return [];
    if (receiver.type !== AST_NODE_TYPES.Identifier) return [];
    const variable = origins.names.variableOf(receiver);
    if (variable === undefined || variable.defs.length !== 1) return [];
    const [definition] = variable.defs;
    const references = origins.names.referencesTo(variable);
    const values = references.flatMap((reference) =>
      reference.isWrite() && reference.writeExpr ? [reference.writeExpr] : [],
    );
    const fromElsewhere =
      definition !== undefined && isParameter(definition)
        ? values.length === 0
        : values.length > 0 && values.every((value) => isOpaqueCall(value, functions));
    if (!fromElsewhere) return [];
    const methodCalls = references.flatMap((reference) => {
      const parent = (reference.identifier as Node).parent;
      return parent === undefined ? [] : followValue(reference.identifier, origins.names, functions).methodCalls;
    });
    const calls = callsOn(methodCalls);
    return calls.trainingCalls.length === 0
      ? []
      : [
          {
            build: undefined,
            api: 'LayersModel#compile',
            ...calls,
            compileCalls: [{ name: 'compile', call, receiver }],
          },
        ];
  });
}

function callsOn(methodCalls: readonly MethodCall[]): Pick<ModelInFile, 'compileCalls' | 'trainingCalls'> {
  return {
    compileCalls: methodCalls.filter((each) => each.name === 'compile'),
    trainingCalls: methodCalls.filter((each) => TRAINS.has(each.name)),
  };
}

/** Whether a value is the result of a function of another file, and not of `scope`. */
function isOpaqueCall(value: Node, functions: FunctionsInFile): boolean {
  const inner = unwrap(value);
  const call = inner.type === AST_NODE_TYPES.AwaitExpression ? unwrap(inner.argument) : inner;
  return (
    call.type === AST_NODE_TYPES.CallExpression &&
    calleeName(call) !== 'scope' &&
    functions.calledBy(call.callee) === undefined
  );
}

function isModelCompile(call: TSESTree.CallExpression): boolean {
  const [options] = call.arguments;
  if (options?.type !== AST_NODE_TYPES.ObjectExpression) return false;
  return options.properties.some(
    (each) => each.type === AST_NODE_TYPES.Property && COMPILE_PROPERTIES.has(keyName(each) ?? ''),
  );
}
