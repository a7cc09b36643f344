import type { Readable } from 'node:stream';
import { types } from 'node:util';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../errors';

/** Inflates a stream as it is read, and leaves it open at the end. Throws AppError if it is no gzip, or is cut off. */
export async function* gunzip(source: Readable): AsyncGenerator<Uint8Array> {
  const inflated = createGunzip();
  const fail = (error: Error): unknown => inflated.destroy(error);
  source.once('error', fail).pipe(inflated);
  try {
    yield* inflated;
  } catch (error) {
    if (!types.isNativeError(error) || !('code' in error) || !String(error.code).startsWith('Z_')) throw error;
    throw new AppError('BAD_USER_INPUT', 'This is not gzip, or it is cut off.');
  } finally {
    source.off('error', fail).unpipe(inflated);
  }
}
