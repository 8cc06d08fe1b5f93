/**
 * Changes that reach into several files, on top of what the engine did to each file alone: all
 * edits of such a change are applied or none. Reads other files through `SourceFiles`; writes none.
 */
import type { LanguageSupport, Migration, SourceFiles } from './migration.js';
import type { Change, FileResult, Finding, TextEdit } from './result.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { applyEdits } from './edits/apply-edits.js';
import { splitByteOrderMark } from './edits/encoded-text.js';
import { withNewlinesOf } from './edits/newlines.js';
import { findOverlap } from './edits/overlap.js';
import { originalOffset, positionsIn } from './edits/positions.js';
import { failed, type MigrateOptions, migrateWith } from './engine.js';
import { RefusalReason } from './refusal-reason.js';
import { languageOf } from './registry.js';
import { isSelected, mayConcern } from './selection.js';

/** One file that was migrated on its own. */
export interface MigratedFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** The text before the run, byte-order mark included. */
  readonly text: string;
  readonly result: FileResult;
}

/** A file that a change across files touches. It takes the place of what the file's own run gave. */
export interface ProjectFile extends MigratedFile {
  /** Files of the same group change together or not at all. */
  readonly group: string;
}

/** Options of a run over a project. */
export interface ProjectOptions extends MigrateOptions {
  readonly root: string;
  readonly files: SourceFiles;
  /** The text of a file that is not among those given, byte-order mark included; `undefined` where it cannot be read. */
  readonly readOriginal: (path: string) => string | undefined;
  /** The language of a file, loaded; the registry's when left out. */
  readonly loadLanguage?: (path: string) => Promise<LanguageSupport<unknown> | undefined>;
}

/** Reasons that a look into other files can remove. */
const CURED_BY_OTHER_FILES: ReadonlySet<RefusalReason> = new Set([
  RefusalReason.ModelNotInView,
  RefusalReason.CompileNotInView,
  RefusalReason.CallersNotInView,
  RefusalReason.NotCalledDirectly,
]);

/** Whether a look into other files may lead further than the file's own run did. */
export function mayNeedOtherFiles(result: FileResult): boolean {
  return result.findings.some(({ reason }) => reason !== undefined && CURED_BY_OTHER_FILES.has(reason));
}

/**
 * Plans again, across files, where a place was refused for what is not in its file, and applies
 * what then can be changed. A change that overlaps an earlier one is refused as `overlapping-edit`.
 *
 * @returns the files that come out otherwise than on their own, ordered by path
 */
export async function migrateAcrossFiles(
  files: readonly MigratedFile[],
  options: ProjectOptions,
): Promise<ProjectFile[]> {
  const project = new Project(files, options);
  await project.plan();
  return project.apply();
}

/** One change with the edits of every file that it touches, by path. */
interface WideChange {
  readonly origin: string;
  readonly findings: readonly Finding[];
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
}

class Project {
  readonly #files: ReadonlyMap<string, MigratedFile>;
  readonly #options: ProjectOptions;
  readonly #languages = new Map<string, LanguageSupport<unknown>>();
  readonly #accepted: WideChange[] = [];
  readonly #overlapping: WideChange[] = [];
  readonly #edits = new Map<string, TextEdit[]>();

  constructor(files: readonly MigratedFile[], options: ProjectOptions) {
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#options = options;
  }

  async plan(): Promise<void> {
    const candidates = [...this.#files.values()]
      .filter(({ result }) => mayNeedOtherFiles(result))
      .sort((left, right) => (left.path < right.path ? -1 : 1));
    for (const { path, text } of candidates) {
      for (const change of await this.#wideChanges(path, text, this.#options.files)) this.#accept(change);
    }
  }

  async apply(): Promise<ProjectFile[]> {
    const changed = new Map<string, ProjectFile>();
    for (const paths of this.#groups()) {
      for (const file of await this.#applyGroup(paths)) changed.set(file.path, file);
    }
    for (const { origin, findings } of this.#overlapping) {
      const file = changed.get(origin) ?? this.#files.get(origin);
      if (file === undefined) continue;
      const refused = file.result.findings.map((finding) =>
        findings.some((other) => isSamePlace(finding, other)) ? overlapping(finding) : finding,
      );
      changed.set(origin, { group: origin, ...file, result: { ...file.result, findings: refused } });
    }
    return [...changed.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
  }

  /** The changes of one text that need other files, seen through `files`. */
  async #wideChanges(path: string, text: string, files: SourceFiles): Promise<WideChange[]> {
    const language = await this.#language(path);
    if (language === undefined) return [];
    const { body } = splitByteOrderMark(text);
    const { root, modules = [], kerasTarget, only, otherNames } = this.#options;
    const context = {
      modules,
      root,
      files,
      kerasTarget,
      otherNames,
      absolutePath: this.#absolute(path),
      acrossFiles: true,
    };
    const isWanted = (migration: Migration<unknown>) =>
      migration.acrossFiles === true && isSelected(migration, only) && mayConcern(migration, body, otherNames);
    const wanted = language.migrations.filter(isWanted);
    if (wanted.length === 0) return [];
    const source = language.parse(path, body);
    return wanted
      .flatMap((migration) => migration.plan(source, context).changes)
      .filter(({ otherFiles }) => otherFiles !== undefined && otherFiles.size > 0)
      .map((change) => this.#wideChange(path, change));
  }

  #wideChange(origin: string, { findings, edits, otherFiles = new Map() }: Change): WideChange {
    const byPath = new Map<string, readonly TextEdit[]>([[origin, edits]]);
    for (const [absolute, others] of otherFiles) byPath.set(this.#relative(absolute), others);
    return { origin, findings, edits: byPath };
  }

  #accept(change: WideChange): void {
    // What lies outside the run was not asked for, and installed packages are not ours to edit.
    if (
      [...change.edits.keys()].some(
        (path) => /^\.\.\/|^\/|(?:^|\/)node_modules\//.test(path) || this.#text(path) === undefined,
      )
    )
      return;
    const overlaps = [...change.edits].some(
      ([path, edits]) => findOverlap([...(this.#edits.get(path) ?? []), ...edits]) !== undefined,
    );
    if (overlaps) {
      this.#overlapping.push(change);
      return;
    }
    this.#accepted.push(change);
    for (const [path, edits] of change.edits) this.#edits.set(path, [...(this.#edits.get(path) ?? []), ...edits]);
  }

  /** The files that changes tie together, each group sorted by path. */
  #groups(): string[][] {
    let groups: Set<string>[] = [];
    for (const { edits } of this.#accepted) {
      const paths = new Set(edits.keys());
      const joined = groups.filter((group) => [...group].some((path) => paths.has(path)));
      groups = [
        ...groups.filter((group) => !joined.includes(group)),
        new Set([...joined.flatMap((group) => [...group]), ...paths]),
      ];
    }
    return groups.map((group) => [...group].sort());
  }

  async #applyGroup(paths: readonly string[]): Promise<ProjectFile[]> {
    const group = paths[0] ?? '';
    try {
      const texts = new Map(paths.map((path) => [path, this.#edited(path)]));
      const results: ProjectFile[] = [];
      const outputs = new Map(texts);
      for (const [path, text] of texts) {
        const file = await this.#finish(path, text, overlay(this.#options.files, this.#absolutes(outputs)));
        outputs.set(path, file.result.output ?? text);
        results.push({ ...file, group });
      }
      await this.#assertStable(outputs);
      return results;
    } catch (error) {
      return paths.map((path) => ({ path, text: this.#text(path) ?? '', result: failed(path, error), group }));
    }
  }

  /** Runs the engine on what the changes left of one file; its findings go back to places of the original. */
  async #finish(path: string, edited: string, files: SourceFiles): Promise<MigratedFile> {
    const language = await this.#language(path);
    const text = this.#text(path) ?? '';
    const own = this.#accepted.filter(({ origin }) => origin === path).flatMap(({ findings }) => findings);
    if (language === undefined)
      return { path, text, result: { path, status: 'changed', findings: own, output: edited } };
    language.parse(path, splitByteOrderMark(edited).body);
    const result = migrateWith(language, path, edited, { ...this.#options, files });
    if (result.error !== undefined) throw new MirrorscopeError(ErrorCode.Internal, result.error.message);
    const edits = this.#edits.get(path) ?? [];
    const position = positionsIn(splitByteOrderMark(text).body);
    const back = (finding: Finding): Finding => ({
      ...finding,
      start: position(originalOffset(finding.start.offset, edits)),
      end: position(originalOffset(finding.end.offset, edits)),
    });
    const findings = [...own, ...result.findings.map(back)].sort(
      (left, right) => left.start.offset - right.start.offset,
    );
    return { path, text, result: { path, status: 'changed', findings, output: result.output ?? edited } };
  }

  /** A second run over the new texts must not want to change several files again. */
  async #assertStable(outputs: ReadonlyMap<string, string>): Promise<void> {
    const files = overlay(this.#options.files, this.#absolutes(outputs));
    for (const [path, text] of outputs) {
      if ((await this.#wideChanges(path, text, files)).length > 0) {
        throw new MirrorscopeError(
          ErrorCode.Internal,
          `What ${path} would become would change again; it was left as it was.`,
        );
      }
    }
  }

  #edited(path: string): string {
    const { mark, body } = splitByteOrderMark(this.#text(path) ?? '');
    return mark + applyEdits(body, withNewlinesOf(body, this.#edits.get(path) ?? []));
  }

  #text(path: string): string | undefined {
    return this.#files.get(path)?.text ?? this.#options.readOriginal(path);
  }

  async #language(path: string): Promise<LanguageSupport<unknown> | undefined> {
    const known = this.#languages.get(path);
    if (known !== undefined) return known;
    const load = this.#options.loadLanguage ?? ((name: string) => languageOf(name)?.load());
    const language = await load(path);
    if (language !== undefined) this.#languages.set(path, language);
    return language;
  }

  #absolute(path: string): string {
    return `${this.#options.root.replace(/[\\/]+$/, '')}/${path}`;
  }

  #relative(absolute: string): string {
    const prefix = this.#absolute('');
    const slashed = absolute.replaceAll('\\', '/');
    return slashed.startsWith(prefix) ? slashed.slice(prefix.length) : slashed;
  }

  #absolutes(texts: ReadonlyMap<string, string>): Map<string, string> {
    return new Map([...texts].map(([path, text]) => [this.#absolute(path), splitByteOrderMark(text).body]));
  }
}

/** Files with some texts replaced by what they would become. */
function overlay(files: SourceFiles, texts: ReadonlyMap<string, string>): SourceFiles {
  const { list } = files;
  return {
    read: (path) => texts.get(path) ?? files.read(path),
    isDirectory: (path) => files.isDirectory(path),
    ...(list === undefined ? {} : { list: (path) => list(path) }),
  };
}

function isSamePlace(left: Finding, right: Finding): boolean {
  return left.migration === right.migration && left.start.offset === right.start.offset;
}

function overlapping(finding: Finding): Finding {
  return { ...finding, disposition: 'refuse', reason: RefusalReason.OverlappingEdit };
}
