/**
 * What the catalogue says about one legacy API. Types only; the entries are in the modules beside
 * this one, a topic each. The catalogue depends on nothing: finders and fixers read it.
 */
import type { PythonApiMigration } from './python-migrations-table.js';
import type { WrittenApi } from './strategy-versions-table.js';

/**
 * What a tool may do about a use.
 * - `fix`: the replacement is provably the same; always rewritten where the rewrite can be written.
 * - `conditional`: rewritten when `condition` is proved at the site, else refused with a reason.
 * - `report`: no tool can know; said, never changed. A `suggestion` may go with it.
 * - `considered`: looked at and, for the reason in `note`, never reported.
 */
export type FixClass = 'fix' | 'conditional' | 'report' | 'considered';

/** What kind of thing the API is, as a reader of code would say. */
export type ApiKind = 'import' | 'member' | 'option' | 'type';

/**
 * A released version (`0.15.2`), a release line (`0.15.x`, `0.x`), or an interval `A..B`: not
 * there yet (or still there) in A and changed in B at the latest.
 */
export type Version = string;

/** The fields that every entry has, whatever its language. */
export interface EntryFacts {
  /** Unique, stable, and what reports print: `tf.loadModel`, `Tensor#get`, `deeplearn Scalar.new`. */
  readonly id: string;
  readonly kind: ApiKind;
  readonly fixClass: FixClass;
  /** The package whose versions the next three fields count in. */
  readonly versionsOf: string;
  readonly since: Version | null;
  readonly deprecatedIn: Version | null;
  readonly removedIn: Version | null;
  /** What to write instead, for people; `null` where there is nothing. */
  readonly replacement: string | null;
  /** Set when and only when the class is `conditional`: what has to be proved at the site. */
  readonly condition?: string;
  /** The name survives with another meaning, so nothing fails until the result is wrong. */
  readonly silent?: true;
  /** One sentence for the place where it is used. */
  readonly message: string;
  /** What a person needs who rewrites it by hand. */
  readonly note: string;
  /** Where this is known from: commits, release comparisons, experiments. */
  readonly source: string;
}

/** Where an exported name lives: the same path from each of the modules. */
export interface Place {
  /** Specifiers; `**` at the end stands for any rest. */
  readonly modules: readonly string[];
  /** From the module's exports inwards; a `*` in the last segment stands for any characters. */
  readonly path: readonly string[];
}

/** The types of value whose methods the catalogue knows. */
export type ReceiverType =
  | 'Tensor'
  | 'TensorBuffer'
  | 'Dataset'
  | 'LayersModel'
  | 'KernelBackend'
  | 'GPUData'
  | 'deeplearn.NDArrayMath'
  | 'deeplearn.NDArray'
  | 'KerasJS.Model';

/** The shape of argument that tells a legacy call from a current one of the same name. */
export type ArgumentShape = 'number' | 'string' | 'function';

/** When the name alone does not tell: which calls of it are legacy. All given parts must hold. */
export interface LegacyCall {
  /** Only `new X(…)`. */
  readonly construct?: true;
  readonly minimumArguments?: number;
  readonly maximumArguments?: number;
  /** The argument at this index has this shape. */
  readonly argument?: { readonly index: number; readonly shape: ArgumentShape };
  /** The options object at this index has one of these properties. */
  readonly option?: { readonly index: number; readonly names: readonly string[] };
  /** Only calls in a file that also loads (or does not load) one of these modules. */
  readonly besideImportOf?: readonly string[];
  readonly withoutImportOf?: readonly string[];
  /** Only when the value of argument 0 is this string. */
  readonly firstArgumentIs?: readonly string[];
  /** Only when the value of the call is not used; awaiting it is no use. */
  readonly valueUnused?: true;
  /** Only when the value is neither awaited, nor returned, nor taken by `then`. */
  readonly notAwaited?: true;
}

/** How a use in JavaScript or TypeScript is recognised. */
export type JavaScriptMatch =
  | {
      readonly by: 'export';
      readonly places: readonly Place[];
      /** Absent: every use of the name is legacy. */
      readonly call?: LegacyCall;
      /** Also every deeper member: `tf.environment.ENV`. */
      readonly deep?: true;
      /** Names that a `*` at the end of the path does not stand for. */
      readonly except?: readonly string[];
    }
  | {
      readonly by: 'receiver';
      readonly type: ReceiverType;
      readonly members: readonly string[];
      readonly call?: LegacyCall;
    }
  | {
      readonly by: 'module';
      /** Exact specifiers; `*` matches within a path segment, `**` across segments. */
      readonly specifiers: readonly string[];
      /** Only imports for effect: nothing is imported by name. */
      readonly sideEffect?: true;
      /** Only in a file that also loads one of these modules. */
      readonly besideImportOf?: readonly string[];
    }
  | { readonly by: 'nothing' };

/** What a fixer writes. The fixer of each kind is in codemods/js/tfjs-legacy/fixers/. */
export type Fix =
  /** The same value under another path of the same module; `notConstructed` when `new` of it is another thing. */
  | { readonly kind: 'rename'; readonly to: readonly string[]; readonly notConstructed?: true }
  /** A value that became a function without parameters: `tf.ENV` → `tf.env()`. */
  | { readonly kind: 'value-to-call'; readonly to: readonly string[] }
  /** A renamed function that takes its arguments in another order; `order[i]` is the old index. */
  | {
      readonly kind: 'permute-arguments';
      readonly to: readonly string[];
      readonly order: readonly number[];
      readonly minimumArguments?: number;
    }
  /** Arguments from `from` on become properties; `constants` are added first. */
  | {
      readonly kind: 'arguments-to-object';
      readonly to: readonly string[];
      readonly from: number;
      readonly names: readonly string[];
      readonly constants?: readonly (readonly [name: string, code: string])[];
      /** Only when the arguments from `from` on are all boolean literals. */
      readonly literal?: 'boolean';
    }
  /** A rename that holds for calls with at most so many arguments, or when the next one is a literal of these options. */
  | {
      readonly kind: 'rename-call';
      readonly to: readonly string[];
      readonly maximumArguments: number;
      readonly options?: readonly string[];
    }
  /** A rename that holds only for a statement that starts a backend which is ready at once. */
  | { readonly kind: 'rename-backend-start'; readonly to: readonly string[]; readonly names: readonly string[] }
  /** Arguments from `keep` on are dead; `literal` when only this value is known to be dead. `to` renames as well. */
  | {
      readonly kind: 'drop-arguments';
      readonly keep: number;
      readonly literal?: string;
      readonly to?: readonly string[];
    }
  /** A dead property of the options object. */
  | { readonly kind: 'delete-option'; readonly names: readonly string[] }
  /** A call without effect, as a statement. */
  | { readonly kind: 'delete-statement' }
  /** `new X(a)` → `x(a)`. */
  | { readonly kind: 'construct-to-call'; readonly to: readonly string[] }
  /** A renamed method of a proved receiver. */
  | { readonly kind: 'rename-method'; readonly to: string }
  /** A renamed method that takes its arguments in another order. */
  | { readonly kind: 'permute-method-arguments'; readonly to: string; readonly order: readonly number[] }
  /** Another specifier for the same exports; `exports` when only these are known to be there. */
  | { readonly kind: 'replace-module'; readonly to: string; readonly exports?: readonly string[] }
  /** tfjs-node for its effect and tfjs by name, in one file: tfjs-node alone. */
  | { readonly kind: 'merge-node-import' };

/** A legacy API of the JavaScript world. */
export interface JavaScriptEntry extends EntryFacts {
  readonly match: JavaScriptMatch;
  /** Set for `fix` and `conditional`. */
  readonly fix?: Fix;
  /** For `report`: a rewrite to offer to a person, which a tool must not apply on its own. */
  readonly suggestion?: Fix;
}

/** The kinds of Python value whose methods and attributes the catalogue knows. */
export type PythonReceiverType = 'strategy' | 'model' | 'optimizer';

/** How a use in Python is recognised. */
export type PythonMatch =
  /** Fully qualified names, as an import resolves them. */
  | { readonly by: 'qualified-name'; readonly names: readonly string[]; readonly prefix?: true }
  /** Methods or attributes of a value of this kind. */
  | {
      readonly by: 'receiver';
      readonly type: PythonReceiverType;
      readonly members: readonly string[];
      /** Only strategies have members of these names, so the receiver itself needs no proof. */
      readonly distinctive?: true;
    }
  /** Keyword arguments of calls of these names; a last segment `*` stands for any one. */
  | { readonly by: 'keyword'; readonly callees: readonly string[]; readonly keywords: readonly string[] }
  | { readonly by: 'module'; readonly modules: readonly string[] }
  | { readonly by: 'nothing' };

/** The arguments with which a call means the same before and after a rename. */
export interface AllowedArguments {
  /** How many positional arguments there may be. */
  readonly positional: number;
  /** The only keywords that may be there. */
  readonly keywords: readonly string[];
}

/** What a Python fixer writes. The fixer of each kind is in codemods/python/legacy-apis/fixers/. */
export type PythonFix =
  /** The same value under another dotted name; with `onlyWith`, only where it is called with these arguments. */
  | {
      readonly kind: 'rename-name';
      readonly to: string;
      readonly onlyWith?: AllowedArguments;
      readonly writes?: WrittenApi;
    }
  /** Another name for a method or an attribute. */
  | { readonly kind: 'rename-member'; readonly to: string; readonly writes?: WrittenApi }
  /** Another name for a method that takes its arguments in another order, so that they get keywords. */
  | {
      readonly kind: 'rename-call';
      readonly to: string;
      /** The new keywords of the old positional parameters, in order. The first argument stays positional. */
      readonly parameters: readonly string[];
      /** The old keyword of the first parameter. */
      readonly firstKeyword: string;
      /** The new method lacks these keywords, or gives them another meaning. */
      readonly refusedKeywords: readonly string[];
    }
  | { readonly kind: 'rename-keyword'; readonly to: string }
  /** Written by a migration with a planner of its own. */
  | { readonly kind: 'own-planner' };

/** A legacy API of the Python world. */
export interface PythonEntry extends EntryFacts {
  readonly match: PythonMatch;
  /** The migration that finds the uses. Absent: no migration looks for them. */
  readonly migration?: PythonApiMigration | 'multi-gpu-model';
  readonly fix?: PythonFix;
}

/** Entries that belong together, under a title for people. */
export interface Topic<Entry> {
  readonly title: string;
  readonly entries: readonly Entry[];
}
