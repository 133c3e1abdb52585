import { KubeError } from '@kw/kube';

/** Lets through the bodies of one list, over its pages, up to so many bytes in all. Throws KubeError `too-large` for what is more. */
export function byteBudget(maxBytes: number, path: string): (body: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  let left = maxBytes;
  return async function* (body) {
    for await (const chunk of body) {
      left -= chunk.length;
      if (left < 0)
        throw new KubeError(
          'too-large',
          `The list at ${path} has more than ${maxBytes} bytes: what comes after them was not read. Name a namespace.`,
        );
      yield chunk;
    }
  };
}
