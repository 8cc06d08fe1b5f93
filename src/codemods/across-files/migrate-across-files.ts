/**
 * Makes the changes that need several files, after each file was migrated on its own. Each such change is applied in
 * all files or in none. Reads other files only through `SourceFiles`; writes none.
 */
import type { LanguageSupport, SourceFiles } from '../migration.js';
import type { FileResult, Finding } from '../result.js';
import type { MigratedFile, ProjectEnvironment, ProjectFile } from './project-file.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { absolutePathOf } from '../absolute-path.js';
import { applyEdits } from '../edits/apply-edits.js';
import { splitByteOrderMark } from '../edits/encoded-text.js';
import { withNewlinesOf } from '../edits/newlines.js';
import { originalOffset, positionsIn } from '../edits/positions.js';
import { failedResult } from '../failed-result.js';
import { contextOf, migrateWith } from '../migrate-with.js';
import { RefusalReason } from '../refusal-reason.js';
import { languageOf } from '../registry.js';

import { AcceptedChanges } from './accepted-changes.js';
import { overlayFiles } from './overlay-files.js';
import { planWideChanges, type WideChange } from './wide-change.js';

/** Reasons that may no longer apply once other files are read. */
const SOLVED_BY_OTHER_FILES: ReadonlySet<RefusalReason> = new Set([
  RefusalReason.ModelNotInView,
  RefusalReason.CompileNotInView,
  RefusalReason.CallersNotInView,
  RefusalReason.NotCalledDirectly,
]);

/**
 * Whether reading other files may allow a change that the file alone does not.
 *
 * @param result - The result of the file on its own.
 * @returns True when a finding was refused for something that another file can show.
 */
export function mayNeedOtherFiles(result: FileResult): boolean {
  return result.findings.some(({ reason }) => reason !== undefined && SOLVED_BY_OTHER_FILES.has(reason));
}

/**
 * Plans again, across files, if a finding was refused for a reason that other files can remove, and applies the
 * resulting changes. A change that overlaps an earlier one is refused as `overlapping-edit`.
 *
 * @param files - The files that were migrated on their own.
 * @param environment - The run, and access to its files.
 * @returns The files whose result changes, ordered by path.
 */
export async function migrateAcrossFiles(
  files: readonly MigratedFile[],
  environment: ProjectEnvironment,
): Promise<ProjectFile[]> {
  const project = new Project(files, environment);
  await project.plan();
  return project.apply();
}

class Project {
  readonly #files: ReadonlyMap<string, MigratedFile>;
  readonly #environment: ProjectEnvironment;
  readonly #languages = new Map<string, LanguageSupport<unknown>>();
  readonly #changes = new AcceptedChanges();

  constructor(files: readonly MigratedFile[], environment: ProjectEnvironment) {
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#environment = environment;
  }

  async plan(): Promise<void> {
    const candidates = inPathOrder([...this.#files.values()].filter(({ result }) => mayNeedOtherFiles(result)));
    for (const { path, text } of candidates) {
      for (const change of await this.#wideChanges(path, text, this.#environment.files))
        this.#changes.add(change, (other) => this.#text(other) !== undefined);
    }
  }

  async apply(): Promise<ProjectFile[]> {
    const changed = new Map<string, ProjectFile>();
    for (const paths of this.#changes.groups()) {
      for (const file of await this.#applyGroup(paths)) changed.set(file.path, file);
    }
    for (const { origin, findings } of this.#changes.overlapping) {
      const file = changed.get(origin) ?? this.#files.get(origin);
      if (file !== undefined) changed.set(origin, { group: origin, ...file, result: refused(file.result, findings) });
    }
    return inPathOrder([...changed.values()]);
  }

  async #wideChanges(path: string, text: string, files: SourceFiles): Promise<WideChange[]> {
    const language = await this.#language(path);
    return language === undefined ? [] : planWideChanges(language, path, text, { ...this.#environment, files });
  }

  async #applyGroup(paths: readonly string[]): Promise<ProjectFile[]> {
    const group = paths[0] ?? '';
    try {
      const outputs = new Map(paths.map((path) => [path, this.#edited(path)]));
      const files: ProjectFile[] = [];
      for (const path of paths) {
        const file = await this.#finish(path, outputs);
        outputs.set(path, file.result.output ?? file.text);
        files.push({ ...file, group });
      }
      await this.#assertStable(outputs);
      return files;
    } catch (error) {
      return paths.map((path) => ({ path, text: this.#text(path) ?? '', result: failedResult(path, error), group }));
    }
  }

  /** Runs the engine on an edited file, which sees the edited texts of the others. */
  async #finish(path: string, texts: ReadonlyMap<string, string>): Promise<MigratedFile> {
    const language = await this.#language(path);
    const text = this.#text(path) ?? '';
    const edited = texts.get(path) ?? text;
    const own = this.#changes.findingsOf(path);
    if (language === undefined)
      return { path, text, result: { path, status: 'changed', findings: own, output: edited, remaining: [] } };
    // A file without work is not parsed by the engine, but its edited text must parse as well.
    language.parse(path, splitByteOrderMark(edited).body, contextOf(path, this.#environment));
    const result = migrateWith(language, path, edited, { ...this.#environment, files: this.#withTexts(texts) });
    if (result.error !== undefined) throw new MirrorscopeError(ErrorCode.Internal, result.error.message);
    const findings = [...own, ...result.findings.map((finding) => this.#inOriginal(path, finding))].sort(
      (left, right) => left.start.offset - right.start.offset,
    );
    const { output = edited, remaining = result.findings } = result;
    return { path, text, result: { path, status: 'changed', findings, output, remaining } };
  }

  /** Maps a finding in the edited text of a file to the original text. */
  #inOriginal(path: string, finding: Finding): Finding {
    const edits = this.#changes.editsOf(path);
    const position = positionsIn(splitByteOrderMark(this.#text(path) ?? '').body);
    return {
      ...finding,
      start: position(originalOffset(finding.start.offset, edits)),
      end: position(originalOffset(finding.end.offset, edits)),
    };
  }

  /** A second run over the new texts must not change several files again. */
  async #assertStable(outputs: ReadonlyMap<string, string>): Promise<void> {
    const files = this.#withTexts(outputs);
    for (const [path, text] of outputs) {
      if ((await this.#wideChanges(path, text, files)).length > 0) {
        throw new MirrorscopeError(
          ErrorCode.Internal,
          `A second run would change the new text of ${path} again; the file was left unchanged.`,
        );
      }
    }
  }

  #edited(path: string): string {
    const { mark, body } = splitByteOrderMark(this.#text(path) ?? '');
    return mark + applyEdits(body, withNewlinesOf(body, this.#changes.editsOf(path)));
  }

  #text(path: string): string | undefined {
    return this.#files.get(path)?.text ?? this.#environment.readOriginal(path);
  }

  async #language(path: string): Promise<LanguageSupport<unknown> | undefined> {
    const known = this.#languages.get(path);
    if (known !== undefined) return known;
    const load = this.#environment.loadLanguage ?? ((name: string) => languageOf(name)?.load());
    const language = await load(path);
    if (language !== undefined) this.#languages.set(path, language);
    return language;
  }

  #withTexts(texts: ReadonlyMap<string, string>): SourceFiles {
    const { root, files } = this.#environment;
    const bodies = [...texts].map(
      ([path, text]) => [absolutePathOf(root, path), splitByteOrderMark(text).body] as const,
    );
    return overlayFiles(files, new Map(bodies));
  }
}

function inPathOrder<File extends MigratedFile>(files: readonly File[]): File[] {
  return files.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

/**
 * Refuses the findings of a change that overlaps another one. Drops `remaining`, so that reports show the refused
 * findings.
 */
function refused({ remaining: _, ...result }: FileResult, findings: readonly Finding[]): FileResult {
  const isRefused = ({ migration, start }: Finding): boolean =>
    findings.some((other) => other.migration === migration && other.start.offset === start.offset);
  return {
    ...result,
    findings: result.findings.map((finding) =>
      isRefused(finding) ? { ...finding, disposition: 'refuse', reason: RefusalReason.OverlappingEdit } : finding,
    ),
  };
}
