/**
 * The form of a catalogue entry, which describes one legacy API. Each topic has a module of entries in this folder.
 * Types only.
 */
import type { PythonApiMigration } from './python-migrations-table.js';
import type { WrittenApi } from './strategy-versions-table.js';

/**
 * What a tool may do about a use.
 * - `fix`: the replacement is provably the same, so the use is rewritten wherever the syntax allows it.
 * - `conditional`: the use is rewritten if the code around it proves `condition`, otherwise refused with a reason.
 * - `report`: no tool can decide it. The use is reported and never changed; the entry may have a `suggestion`.
 * - `not-reported`: the API was examined and is never reported, for the reason in `note`.
 * - `not-looked-for`: the API is legacy, but no migration looks for it yet.
 */
export type FixClass = 'fix' | 'conditional' | 'report' | 'not-reported' | 'not-looked-for';

/** The kind of syntax that the API is. */
export type ApiKind = 'import' | 'member' | 'option' | 'type';

/**
 * A released version (`0.15.2`), a release line (`0.15.x`, `0.x`), or an interval `A..B`: the
 * change came after A and no later than B.
 */
export type Version = string;

/** The fields of every entry, in any language. */
export interface EntryFacts {
  /** Unique and stable; reports print it: `tf.loadModel`, `Tensor#get`, `deeplearn Scalar.new`. */
  readonly id: string;
  readonly kind: ApiKind;
  readonly fixClass: FixClass;
  /** The package whose versions the next three fields name. */
  readonly versionsOf: string;
  readonly since: Version | null;
  readonly deprecatedIn: Version | null;
  readonly removedIn: Version | null;
  /** What a person writes instead; `null` when there is no replacement. */
  readonly replacement: string | null;
  /** What the code around a use has to prove. Set exactly for the class `conditional`. */
  readonly condition?: string;
  /** The name still exists with another meaning: nothing fails, but the result is wrong. */
  readonly silent?: true;
  /** One sentence for the report of a use. */
  readonly message: string;
  /** What a person needs to know to rewrite it by hand. */
  readonly note: string;
  /** The evidence: commits, release comparisons, experiments. */
  readonly source: string;
}

/** Where an exported name is: the same path from each of the modules. */
export interface ExportPath {
  /** Specifiers; `**` at the end matches any rest. */
  readonly modules: readonly string[];
  /** The names from the module's exports to the value; a `*` in the last one matches any characters. */
  readonly path: readonly string[];
}

/** One of many names that an entry stands for. */
export interface ExportName {
  readonly modules: readonly string[];
  readonly name: string;
  /** The message for this name. */
  readonly message: string;
  /** The new name of the same export. */
  readonly to?: string;
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

/** The shape of an argument that distinguishes a legacy call from a current call of the same name. */
export type ArgumentShape = 'number' | 'string' | 'function';

/** Which calls of a name are legacy, when the name alone does not decide it. Every condition has to hold. */
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
  /** Only when the code does not use the result. Awaiting it does not count as use. */
  readonly valueUnused?: true;
  /** Only when the code neither awaits nor returns the result, and does not call its `then`. */
  readonly notAwaited?: true;
}

/** How a use in JavaScript or TypeScript is recognized. */
export type JavaScriptMatch =
  | {
      readonly by: 'export';
      readonly places: readonly ExportPath[];
      /** If omitted, every use of the name is legacy. */
      readonly call?: LegacyCall;
      /** Also every deeper member: `tf.environment.ENV`. */
      readonly deep?: true;
      /** Names that a `*` at the end of the path does not match. */
      readonly except?: readonly string[];
      /** Names that each have a message, and a new name, of their own. */
      readonly names?: readonly ExportName[];
    }
  | {
      readonly by: 'receiver';
      readonly type: ReceiverType;
      readonly members: readonly string[];
      readonly call?: LegacyCall;
      /** Only values of this type have methods of these names, so a call needs no proof of its receiver. */
      readonly distinctive?: true;
    }
  | {
      readonly by: 'module';
      /** Exact specifiers; `*` matches within a path segment, `**` across segments. */
      readonly specifiers: readonly string[];
      /** Only imports for side effects, which bind no name. */
      readonly sideEffect?: true;
      /** Only in a file that also loads one of these modules. */
      readonly besideImportOf?: readonly string[];
    }
  | { readonly by: 'none' };

/** What a fixer writes. The fixer of each kind is in codemods/js/tfjs-legacy/fixers/. */
export type Fix =
  /** The same value under another path of the same module; `notConstructed` when `new` on it means something else. */
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
  /**
   * A rename for calls with at most this many arguments, or whose next argument is an object literal of these options.
   */
  | {
      readonly kind: 'rename-call';
      readonly to: readonly string[];
      readonly maximumArguments: number;
      readonly options?: readonly string[];
    }
  /** A rename for statements that set a backend which is ready immediately. */
  | { readonly kind: 'rename-backend-start'; readonly to: readonly string[]; readonly names: readonly string[] }
  /**
   * Arguments from `keep` on have no effect; with `literal`, only this value is known to have none. `to` also renames.
   */
  | {
      readonly kind: 'drop-arguments';
      readonly keep: number;
      readonly literal?: string;
      readonly to?: readonly string[];
    }
  /** A property of the options object that has no effect. */
  | { readonly kind: 'delete-option'; readonly names: readonly string[] }
  /** A statement whose call has no effect. */
  | { readonly kind: 'delete-statement' }
  /** `new X(a)` → `x(a)`. */
  | { readonly kind: 'construct-to-call'; readonly to: readonly string[] }
  /** A renamed method of a proved receiver. */
  | { readonly kind: 'rename-method'; readonly to: string }
  /** A renamed method that takes its arguments in another order. */
  | { readonly kind: 'permute-method-arguments'; readonly to: string; readonly order: readonly number[] }
  /** Another specifier for the same exports; with `exports`, only these are known to be the same. */
  | { readonly kind: 'replace-module'; readonly to: string; readonly exports?: readonly string[] }
  /** A file imports tfjs-node for its side effects and tfjs by name: it needs only tfjs-node. */
  | { readonly kind: 'merge-node-import' };

/** A legacy API of JavaScript. */
export interface JavaScriptEntry extends EntryFacts {
  readonly match: JavaScriptMatch;
  /** Set for `fix` and `conditional`. */
  readonly fix?: Fix;
  /** For `report`: a rewrite that a person has to accept. */
  readonly suggestion?: Fix;
}

/** The kinds of Python value whose methods and attributes the catalogue knows. */
export type PythonReceiverType = 'strategy' | 'model' | 'optimizer';

/** How a use in Python is recognized. */
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
  /** Calls of these names that set one of these attributes of an optimizer through the variable that holds it. */
  | { readonly by: 'setter'; readonly callees: readonly string[]; readonly attributes: readonly string[] }
  | { readonly by: 'module'; readonly modules: readonly string[] }
  | { readonly by: 'none' };

/** The arguments with which a call means the same before and after a rename. */
export interface AllowedArguments {
  /** How many positional arguments there may be. */
  readonly positional: number;
  /** The only keywords that may be there. */
  readonly keywords: readonly string[];
}

/** What the fixer writes for a fully qualified name. */
export interface RenameName {
  /** The same value under another dotted name; with `onlyWith`, only where it is called with these arguments. */
  readonly kind: 'rename-name';
  readonly to: string;
  readonly onlyWith?: AllowedArguments;
  readonly writes?: WrittenApi;
}

/** What the fixer writes for a member of a value. */
export type MemberFix =
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
    };

/** Another name for a keyword argument. */
export interface RenameKeyword {
  readonly kind: 'rename-keyword';
  readonly to: string;
}

/** An assignment to an attribute, instead of a call that sets the variable behind it. */
export interface AssignAttribute {
  readonly kind: 'assign-attribute';
  readonly to: string;
}

/** A migration with a planner of its own writes the change. */
export interface OwnPlanner {
  readonly kind: 'own-planner';
}

/** What a Python fixer writes. The fixer of each kind is in codemods/python/legacy-apis/fixers/. */
export type PythonFix = RenameName | MemberFix | RenameKeyword | AssignAttribute | OwnPlanner;

type MatchedBy<By extends PythonMatch['by']> = Extract<PythonMatch, { readonly by: By }>;

/** A way to recognize a use, with the fixes that can follow it. */
export type PythonMatchAndFix =
  | { readonly match: MatchedBy<'qualified-name'>; readonly fix?: RenameName | OwnPlanner }
  | { readonly match: MatchedBy<'receiver'>; readonly fix?: MemberFix }
  | { readonly match: MatchedBy<'keyword'>; readonly fix?: RenameKeyword | OwnPlanner }
  | { readonly match: MatchedBy<'setter'>; readonly fix?: AssignAttribute }
  | { readonly match: MatchedBy<'module' | 'none'>; readonly fix?: never };

/** A legacy API of Python. */
export type PythonEntry = EntryFacts &
  PythonMatchAndFix & {
    /** The migration that finds the uses. Set exactly for the classes `fix`, `conditional` and `report`. */
    readonly migration?: PythonApiMigration | 'multi-gpu-model';
  };

/** Entries that belong together, with a title for the documentation. */
export interface Topic<Entry> {
  readonly title: string;
  readonly entries: readonly Entry[];
}
