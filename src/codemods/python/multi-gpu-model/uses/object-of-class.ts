/** Decides whether an expression of another file can be an object of a class. Pure. */
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { DefinitionName } from '../../project/references.js';

import { assignmentOf, enclosingClass, enclosingFunction, statementOf } from '../../analysis/statements.js';
import { definitionsOf } from '../../project/follow-name.js';
import { subclassesInProject } from '../../project/references.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';
import { attributeWrites, definitionName } from '../model/class-members.js';

/** What is known about an expression: an object of the class, certainly of another class, or either. */
type Kind = 'object' | 'other' | 'unknown';

/** A class, and the classes whose methods its objects and those of its subclasses have. */
export class ObjectsOfClass {
  readonly #project: PythonProject;
  readonly #names: ReadonlySet<string>;

  /**
   * Reads the related classes.
   *
   * @param project - The project.
   * @param owner - The class; undefined when any object may hold the value.
   */
  constructor(project: PythonProject, owner: DefinitionName | undefined) {
    this.#project = project;
    this.#names = owner === undefined ? new Set() : relatedClasses(project, owner);
  }

  /** Whether an expression may be an object of the class; false only if it certainly is not. */
  mayBe(module: PythonModule, expression: PyNode): boolean {
    return this.#names.size === 0 || this.#kindOf(module, expression) !== 'other';
  }

  #kindOf(module: PythonModule, expression: PyNode): Kind {
    if (expression.type === 'call') return this.#kindOfCall(module, expression);
    if (expression.type === 'attribute') return this.#kindOfAttribute(module, expression);
    if (expression.type !== 'identifier') return 'unknown';
    const writes = module.scopes.bindingOf(expression)?.writes ?? [];
    const kinds = writes.map(({ kind, name }): Kind => {
      if (kind === 'parameter') return this.#kindOfParameter(module, name);
      if (kind === 'definition') return this.#isRelated({ module, node: name.parent ?? name }) ? 'object' : 'other';
      if (kind === 'assignment') return this.#kindOfAssigned(module, name);
      return kind === 'import' ? this.#kindOfImport(module, expression) : 'unknown';
    });
    return joined(kinds);
  }

  #kindOfAssigned(module: PythonModule, name: PyNode): Kind {
    const assignment = assignmentOf(statementOf(name));
    return assignment?.left === name && assignment.right.type === 'call'
      ? this.#kindOfCall(module, assignment.right)
      : 'unknown';
  }

  #kindOfCall(module: PythonModule, call: PyNode): Kind {
    const callee = childByField(call, 'function');
    const definitions = callee === undefined ? [] : definitionsOf(this.#project, module, callee);
    const classes = definitions.filter(({ node }) => node.type === 'class_definition');
    if (definitions.length === 0 || classes.length < definitions.length) return 'unknown';
    return joined(classes.map((definition) => (this.#isRelated(definition) ? 'object' : 'other')));
  }

  /** `self` of a class, or any value. */
  #kindOfParameter(module: PythonModule, name: PyNode): Kind {
    const method = enclosingFunction(name);
    const owner = method === undefined ? undefined : enclosingClass(method);
    const [first] = method === undefined ? [] : namedChildren(childByField(method, 'parameters') ?? method);
    if (owner === undefined || first !== name || enclosingFunction(owner) !== undefined) return 'unknown';
    return this.#isRelated({ module, node: owner }) ? 'object' : 'other';
  }

  /** `self.generator`, when the class only assigns new objects to it. */
  #kindOfAttribute(module: PythonModule, attribute: PyNode): Kind {
    const owner = enclosingClass(attribute);
    const text = module.source.textOf(attribute);
    if (owner === undefined || !/^self\.\w+$/.test(text)) return 'unknown';
    const kinds = attributeWrites(module, text, owner).map((statement): Kind => {
      const right = assignmentOf(statement)?.right;
      return right?.type === 'call' ? this.#kindOfCall(module, right) : 'unknown';
    });
    return joined(kinds);
  }

  /** A module or a class of the project is no object; a name of it may hold one. */
  #kindOfImport(module: PythonModule, name: PyNode): Kind {
    const definitions = definitionsOf(this.#project, module, name);
    if (definitions.length > 0) return definitions.some((each) => this.#isRelated(each)) ? 'object' : 'other';
    const isModule = module.origins.of(name).every((origin) => {
      const path = this.#project.resolve(module.source.path, origin);
      const isMember =
        this.#project.resolve(module.source.path, origin.slice(0, Math.max(0, origin.lastIndexOf('.')))) !== undefined;
      return path !== undefined || !isMember;
    });
    return isModule ? 'other' : 'unknown';
  }

  #isRelated({ module, node }: Definition): boolean {
    return this.#names.has(keyOf(module.source.path, definitionName(module, node)));
  }
}

/** One kind for all alternatives. */
function joined(kinds: readonly Kind[]): Kind {
  const [first] = kinds;
  if (first === undefined) return 'unknown';
  if (kinds.includes('object')) return 'object';
  return kinds.every((kind) => kind === first) ? first : 'unknown';
}

/** The class, its subclasses, and the bases of all of these. */
function relatedClasses(project: PythonProject, owner: DefinitionName): Set<string> {
  const home = project.module(owner.path);
  const own = home?.scopes.module.bindings.get(owner.name)?.writes.find(({ kind }) => kind === 'definition');
  const queue: Definition[] = subclassesInProject(project, owner);
  if (home !== undefined && own !== undefined) queue.push({ module: home, node: own.site });
  const names = new Set([keyOf(owner.path, owner.name)]);
  for (const { module, node } of queue) {
    names.add(keyOf(module.source.path, definitionName(module, node)));
    for (const base of namedChildren(childByField(node, 'superclasses') ?? node)) {
      if (base.parent?.field !== 'superclasses') continue;
      const bases = definitionsOf(project, module, base).filter(({ node: each }) => each.type === 'class_definition');
      queue.push(
        ...bases.filter((each) => !names.has(keyOf(each.module.source.path, definitionName(each.module, each.node)))),
      );
    }
  }
  return names;
}

function keyOf(path: string, name: string): string {
  return `${path}\0${name}`;
}
