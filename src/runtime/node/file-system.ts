/** Saves and loads models as files: model.json beside weights.bin, like tfjs-node. Reads and writes files. */
import type { io } from '@tensorflow/tfjs';

import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { checkGroupSize, readManifest } from './weights-manifest.js';

const FILE_SCHEME = 'file://';

const MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/**
 * Reads a path from `file://relative`, `file:///absolute` or a plain path. As in tfjs-node, `#`, `?` and `%` are part
 * of the path. But a URL in which all special characters are escaped, as `pathToFileURL` writes it, is decoded.
 */
function pathOf(url: string): string {
  if (url.startsWith('file:///') && isEscaped(url)) return fileURLToPath(url);
  return resolve(url.startsWith(FILE_SCHEME) ? url.slice(FILE_SCHEME.length) : url);
}

/** Tells whether a URL is what `pathToFileURL` would write for some path. */
function isEscaped(url: string): boolean {
  try {
    return pathToFileURL(fileURLToPath(url)).href === url;
  } catch {
    return false;
  }
}

/** Converts a value to JSON; undefined becomes the empty text. */
function jsonOf(value: object | undefined): string {
  return value === undefined ? '' : JSON.stringify(value);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Writes a file in one step, so that a reader never sees half of it. */
async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

function bytesOf(data: io.WeightData | undefined): Uint8Array {
  const parts = data === undefined ? [] : Array.isArray(data) ? data : [data];
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** @returns The size of a regular file. A pipe would block, and a device never end. */
async function sizeOfFile(path: string): Promise<number> {
  const status = await stat(path);
  if (!status.isFile())
    throw new MirrorscopeError(ErrorCode.FileAccess, `${path} is not a regular file: loading failed.`);
  return status.size;
}

async function readJson(path: string): Promise<object> {
  try {
    await sizeOfFile(path);
    const json = JSON.parse(await readFile(path, 'utf8')) as unknown;
    if (typeof json === 'object' && json !== null) return json;
    throw new Error(`${path} contains no object`);
  } catch (cause) {
    if (cause instanceof MirrorscopeError) throw cause;
    throw new MirrorscopeError(ErrorCode.FileAccess, `${path} does not exist or is not a model: loading failed.`, {
      cause,
    });
  }
}

/** Saves models to a directory, and loads them. */
class ModelFiles implements io.IOHandler {
  readonly #paths: readonly string[];

  /** @param path - A directory, a model.json, or a topology file and a weights file. */
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
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        'A model can only be saved to one directory, but two paths were given.',
      );
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
      await writeAtomically(join(directory, WEIGHTS_FILE), weights);
      await writeAtomically(join(directory, MODEL_FILE), JSON.stringify(json));
    } catch (cause) {
      throw new MirrorscopeError(ErrorCode.FileAccess, `The model could not be saved to ${directory}.`, { cause });
    }
    return {
      modelArtifactsInfo: {
        dateSaved: new Date(),
        modelTopologyType: 'JSON',
        modelTopologyBytes: Buffer.byteLength(jsonOf(modelTopology)),
        weightSpecsBytes: Buffer.byteLength(jsonOf(weightSpecs)),
        weightDataBytes: weights.byteLength,
      },
    };
  }

  async load(): Promise<io.ModelArtifacts> {
    const [first, second] = this.#paths as [string, string | undefined];
    if (second !== undefined) {
      const modelTopology = (await readJson(first)) as io.ModelJSON['modelTopology'];
      return { modelTopology, weightData: (await this.#read(second)).buffer as ArrayBuffer };
    }
    const file = (await isDirectory(first)) ? join(first, MODEL_FILE) : first;
    const { weightsManifest, ...json } = (await readJson(file)) as Partial<io.ModelJSON>;
    const groups = readManifest(weightsManifest, file);
    const sizes = await Promise.all(groups.map(({ files }) => Promise.all(files.map((path) => this.#size(path)))));
    groups.forEach((group, index) => {
      checkGroupSize(group, sizes[index]?.reduce((sum, size) => sum + size, 0) ?? 0, file);
    });
    const parts = await Promise.all(groups.flatMap(({ files }) => files.map((path) => this.#read(path))));
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
    await this.#size(path);
    return new Uint8Array(await readFile(path));
  }

  async #size(path: string): Promise<number> {
    try {
      return await sizeOfFile(path);
    } catch (cause) {
      if (cause instanceof MirrorscopeError) throw cause;
      throw new MirrorscopeError(ErrorCode.FileAccess, `The weights file ${path} does not exist: loading failed.`, {
        cause,
      });
    }
  }
}

/**
 * Makes an `IOHandler` that saves a model to files, and loads it from files.
 *
 * @param path - A directory; to load, also a model.json, or a topology file and a weights file.
 * @returns The handler. It rejects with `FILE_ACCESS` when it cannot read or write a file.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for more than two paths, or none.
 *
 * @example
 * ```ts
 * import * as tf from 'mirrorscope/node';
 *
 * await model.save(tf.io.fileSystem('trained'));
 * const loaded = await tf.loadLayersModel(tf.io.fileSystem('trained/model.json'));
 * ```
 */
export function fileSystem(path: string | readonly string[]): io.IOHandler {
  return new ModelFiles(path);
}

/**
 * Handles `file://` URLs, for tfjs's registry of routers.
 *
 * @param url - One URL, or one per file.
 * @returns A handler, or null for URLs of another scheme.
 */
export function fileSystemRouter(url: string | string[]): io.IOHandler | null {
  const list = Array.isArray(url) ? url : [url];
  return list.every((item) => item.startsWith(FILE_SCHEME)) ? new ModelFiles(list) : null;
}
