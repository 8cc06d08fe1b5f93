/**
 * `file://` for saving and loading models: model.json beside weights.bin, as tfjs-node writes them.
 * Touches the file system only.
 */
import type { io } from '@tensorflow/tfjs';

import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** The scheme of {@link fileSystemRouter}. */
const FILE_SCHEME = 'file://';

const MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/** A path from `file://relative`, `file:///absolute` or a plain path. */
function pathOf(url: string): string {
  if (url.startsWith('file:///')) return fileURLToPath(url);
  return resolve(url.startsWith(FILE_SCHEME) ? url.slice(FILE_SCHEME.length) : url);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** A reader never sees half a file. */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

function bytesOf(data: io.WeightData | undefined): Uint8Array {
  const parts = data === undefined ? [] : Array.isArray(data) ? data : [data];
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

async function readJson(path: string): Promise<io.ModelJSON> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as io.ModelJSON;
  } catch (cause) {
    throw new MirrorscopeError(ErrorCode.FileAccess, `${path} does not exist or is no model: loading failed.`, {
      cause,
    });
  }
}

/** Saves models to a directory and loads them from a model.json. */
class NodeFileSystem implements io.IOHandler {
  readonly #paths: readonly string[];

  /** @param path a directory (to save), a model.json (to load), or a topology file and a weights file (to load). */
  constructor(path: string | readonly string[]) {
    const list = typeof path === 'string' ? [path] : [...path];
    if (list.length === 0 || list.length > 2) {
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `file paths must have a length of 2 or 1, (actual length is ${list.length}).`,
      );
    }
    this.#paths = list.map(pathOf);
  }

  async save(artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
    const [directory, second] = this.#paths as [string, string | undefined];
    if (second !== undefined)
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'A model is saved to one directory; two paths were given.');
    const { weightData, modelTopology, weightSpecs, ...rest } = artifacts;
    if (modelTopology instanceof ArrayBuffer)
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        'A model topology in binary form cannot be saved to files.',
      );
    const weights = bytesOf(weightData);
    const json = { modelTopology, ...rest, weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs ?? [] }] };
    try {
      await mkdir(directory, { recursive: true });
      await writeWhole(join(directory, WEIGHTS_FILE), weights);
      await writeWhole(join(directory, MODEL_FILE), JSON.stringify(json));
    } catch (cause) {
      throw new MirrorscopeError(ErrorCode.FileAccess, `The model could not be saved to ${directory}.`, { cause });
    }
    return {
      modelArtifactsInfo: {
        dateSaved: new Date(),
        modelTopologyType: 'JSON',
        modelTopologyBytes: Buffer.byteLength(JSON.stringify(modelTopology) ?? ''),
        weightSpecsBytes: Buffer.byteLength(JSON.stringify(weightSpecs) ?? ''),
        weightDataBytes: weights.byteLength,
      },
    };
  }

  async load(): Promise<io.ModelArtifacts> {
    const [first, second] = this.#paths as [string, string | undefined];
    if (second !== undefined) {
      const modelTopology = (await readJson(first)) as unknown as io.ModelJSON['modelTopology'];
      return { modelTopology, weightData: (await this.#read(second)).buffer as ArrayBuffer };
    }
    const file = (await isDirectory(first)) ? join(first, MODEL_FILE) : first;
    const { weightsManifest, ...json } = await readJson(file);
    const groups = weightsManifest ?? [];
    const files = groups.flatMap(({ paths }) => paths);
    const parts = await Promise.all(files.map((name) => this.#read(join(dirname(file), name))));
    const all = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.byteLength;
    }
    return {
      ...(json as io.ModelArtifacts),
      weightSpecs: groups.flatMap(({ weights }) => weights),
      weightData: all.buffer,
    };
  }

  async #read(path: string): Promise<Uint8Array> {
    try {
      return new Uint8Array(await readFile(path));
    } catch (cause) {
      throw new MirrorscopeError(ErrorCode.FileAccess, `The weights file ${path} does not exist: loading failed.`, {
        cause,
      });
    }
  }
}

/** An IOHandler for a directory or a model.json. */
export function fileSystem(path: string | readonly string[]): io.IOHandler {
  return new NodeFileSystem(path);
}

/** Takes `file://` URLs. */
export function fileSystemRouter(url: string | string[]): io.IOHandler {
  const list = Array.isArray(url) ? url : [url];
  return list.every((item) => item.startsWith(FILE_SCHEME))
    ? new NodeFileSystem(list)
    : (null as unknown as io.IOHandler);
}
