// Loaded with the first output: a static import costs every start of the program milliseconds.
const loadZlib = (): Promise<typeof import('node:zlib')> => import('node:zlib');

/** A text of this length is compressed faster than another thread is asked. */
const smallUnits = 16_384;

/** Compresses a text with zstd; a long one beside the event loop. */
export async function compress(text: string): Promise<Uint8Array> {
  const { constants, zstdCompress, zstdCompressSync } = await loadZlib();
  const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };
  if (text.length < smallUnits) return zstdCompressSync(text, { params });
  return new Promise((resolve, reject) => {
    zstdCompress(text, { params }, (error, data) => (error === null ? resolve(data) : reject(error)));
  });
}

/** The text that was compressed. */
export async function decompress(data: Uint8Array): Promise<string> {
  const { zstdDecompress } = await loadZlib();
  return new Promise((resolve, reject) => {
    zstdDecompress(data, (error, text) => (error === null ? resolve(text.toString('utf8')) : reject(error)));
  });
}
