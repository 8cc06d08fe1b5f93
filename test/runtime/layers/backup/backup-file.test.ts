import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ErrorCode } from '../../../../src/errors/error-code.js';
import { MirrorscopeError } from '../../../../src/errors/mirrorscope-error.js';
import { decodeBackup, encodeBackup, type HostTensor } from '../../../../src/runtime/layers/backup/backup-file.js';
import { backupAndRestore, backupSettingsIn } from '../../../../src/runtime/layers/backup/backup-settings.js';

const tensor = fc.oneof(
  fc.float32Array().map((values): HostTensor => ({ shape: [values.length], dtype: 'float32', values })),
  fc.int32Array().map((values): HostTensor => ({ shape: [values.length], dtype: 'int32', values })),
  fc.uint8Array().map((values): HostTensor => ({ shape: [values.length], dtype: 'bool', values })),
);

test('what was written is read, to the bit', () => {
  fc.assert(
    fc.property(fc.json(), fc.array(tensor), (json, tensors) => {
      const header: unknown = JSON.parse(json);
      const read = decodeBackup(Buffer.concat(encodeBackup({ header, tensors })));
      expect(read.header).toEqual(header);
      expect(read.tensors.length).toBe(tensors.length);
      for (const [index, { shape, dtype, values }] of tensors.entries()) {
        expect(read.tensors[index]).toMatchObject({ shape, dtype });
        const bytes = read.tensors[index]?.values as Uint8Array;
        expect(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).toEqual(
          Buffer.from(values.buffer, values.byteOffset, values.byteLength),
        );
      }
    }),
  );
});

test('a file that lacks bytes, or has other ones, is damaged', () => {
  const values = Float32Array.of(1, 2, 3);
  const bytes = Buffer.concat(
    encodeBackup({ header: { epoch: 1 }, tensors: [{ shape: [3], dtype: 'float32', values }] }),
  );
  const codeOf = (changed: Buffer): ErrorCode | undefined => {
    try {
      decodeBackup(changed);
      return undefined;
    } catch (error) {
      return error instanceof MirrorscopeError ? error.code : undefined;
    }
  };
  expect(codeOf(bytes)).toBeUndefined();
  for (let length = 0; length < bytes.length; length++)
    expect(() => decodeBackup(bytes.subarray(0, length))).toThrow('damaged');
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 4;
    expect(codeOf(changed)).toBe(ErrorCode.BackupUnusable);
  }
});

test('the callback is found, also where TensorFlow.js has wrapped it', async () => {
  const tf = await import('@tensorflow/tfjs');
  const callback = backupAndRestore({ backupDir: 'x', saveFreq: 3 });
  const expected = { backupDir: 'x', saveFreq: 3, deleteCheckpoint: true, saveBeforePreemption: true };
  expect(backupSettingsIn(callback)).toEqual(expected);
  expect(backupSettingsIn([{}, callback])).toEqual(expected);
  expect(backupSettingsIn([new tf.CustomCallback(callback as never)])).toEqual(expected);
  expect(
    backupSettingsIn([null, {}, new tf.CustomCallback({ onTrainBegin: () => Promise.resolve() })]),
  ).toBeUndefined();
  expect(() => backupSettingsIn([callback, callback])).toThrow('one backupAndRestore callback only');
});

test('wrong options are refused', () => {
  expect(() => backupAndRestore({ backupDir: '' })).toThrow('needs the option backupDir');
  expect(() => backupAndRestore({ backupDir: 'x', saveFreq: 0 })).toThrow("saveFreq must be 'epoch' or a number");
  expect(() => backupAndRestore({ backupDir: 'x', saveFreq: 'batch' as never })).toThrow('not batch');
});
