/** Decodes the bytes of a file without loss: UTF-8 only, and the byte-order mark is kept. Pure. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Decodes UTF-8 and keeps a byte-order mark as the first character.
 *
 * @param bytes - The content of the file.
 * @param path - The path of the file, for the error message.
 * @returns The text.
 * @throws {MirrorscopeError} `ENCODING` if the bytes are not valid UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new MirrorscopeError(ErrorCode.Encoding, `${path} is not valid UTF-8.`, { cause: error });
  }
}

/** Splits a text into its byte-order mark, which may be empty, and the rest. */
export function splitByteOrderMark(text: string): { readonly mark: string; readonly body: string } {
  return text.startsWith(BYTE_ORDER_MARK) ? { mark: BYTE_ORDER_MARK, body: text.slice(1) } : { mark: '', body: text };
}
