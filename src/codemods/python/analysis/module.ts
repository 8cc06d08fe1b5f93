/** One Python file with its tree, its scopes and the origins of its names. Pure. */
import type { PythonSource } from '../syntax/source.js';

import { childByField, type PyNode } from '../syntax/node.js';

import { type OriginContext, Origins } from './origin.js';
import { type Binding, Scopes } from './scopes.js';

/** One analyzed Python file. All modules of the same source share its scopes and identifiers. */
export class PythonModule {
  readonly #context: OriginContext;
  #origins: Origins | undefined;

  constructor(
    readonly source: PythonSource,
    context: OriginContext = {},
  ) {
    this.#context = context;
  }

  // Computed on first use, because some migrations only look at the names of methods.
  get scopes(): Scopes {
    return this.source.derived(scopesOf);
  }

  get origins(): Origins {
    return (this.#origins ??= new Origins(this.source, this.scopes, this.#context));
  }

  /** Every identifier with this name, including names of attributes, in source order. */
  identifiersNamed(name: string): readonly PyNode[] {
    return this.source.derived(identifiersOf).get(name) ?? [];
  }

  /** Every mention of a bound name, or of a dotted path that begins with one, in source order. */
  mentions(root: Binding, path: string): readonly PyNode[] {
    return this.source.derived(mentionsOf).get(root)?.get(path) ?? [];
  }
}

function scopesOf(source: PythonSource): Scopes {
  return new Scopes(source);
}

function identifiersOf(source: PythonSource): ReadonlyMap<string, readonly PyNode[]> {
  const identifiers = new Map<string, PyNode[]>();
  for (const node of source.nodes) {
    if (node.type !== 'identifier') continue;
    const text = source.textOf(node);
    const known = identifiers.get(text);
    if (known === undefined) identifiers.set(text, [node]);
    else known.push(node);
  }
  return identifiers;
}

type Mentions = ReadonlyMap<Binding, ReadonlyMap<string, readonly PyNode[]>>;

function mentionsOf(source: PythonSource): Mentions {
  const scopes = source.derived(scopesOf);
  const mentions = new Map<Binding, Map<string, PyNode[]>>();
  for (const node of source.nodes) {
    const binding = node.type === 'identifier' ? scopes.bindingOf(node) : undefined;
    if (binding === undefined) continue;
    let paths = mentions.get(binding);
    if (paths === undefined) mentions.set(binding, (paths = new Map<string, PyNode[]>()));
    addMention(paths, source.textOf(node), node);
    let path = source.textOf(node);
    for (let whole = attributeOf(node); whole !== undefined; whole = attributeOf(whole)) {
      const member = childByField(whole, 'attribute');
      if (member === undefined) break;
      path += `.${source.textOf(member)}`;
      addMention(paths, path, whole);
    }
  }
  return mentions;
}

/** The expression `node.name`, if the node is the object of one. */
function attributeOf({ parent, field }: PyNode): PyNode | undefined {
  return parent?.type === 'attribute' && field === 'object' ? parent : undefined;
}

function addMention(paths: Map<string, PyNode[]>, path: string, node: PyNode): void {
  const known = paths.get(path);
  if (known === undefined) paths.set(path, [node]);
  else known.push(node);
}
