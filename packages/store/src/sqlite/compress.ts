import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

const compressAsync = promisify(zstdCompress);
const decompressAsync = promisify(zstdDecompress);

/** Compresses a text with zstd, beside the event loop. */
export function compress(text: string): Promise<Uint8Array> {
  return compressAsync(text, { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } });
}

/** The text that was compressed. */
export async function decompress(data: Uint8Array): Promise<string> {
  return (await decompressAsync(data)).toString('utf8');
}
