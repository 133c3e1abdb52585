import type { ApiError } from './api-error.ts';

/** How much a body may be. */
export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

/** A body's JSON, or why there is none. */
export type JsonBody = { readonly value: unknown } | { readonly error: ApiError };

const maxDepth = 64;

/** Reads a body with its limits of size, time and depth. `empty` is the value of a body without a byte, where that is allowed. */
export async function readJson(request: Request, limits: BodyLimits, options: { readonly empty?: unknown } = {}): Promise<JsonBody> {
  const bytes = await readBytes(request, limits);
  if (!(bytes instanceof Uint8Array)) return { error: bytes };
  if (bytes.length === 0 && options.empty !== undefined) return { value: options.empty };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused('The body is not UTF-8.');
  }
  if (depthOf(text) > maxDepth) return refused(`The body is nested more than ${maxDepth} levels deep.`);
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return refused(`The body is not JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}.`);
  }
}

async function readBytes({ body, headers }: Request, { maxBodyBytes, bodyTimeoutMs }: BodyLimits): Promise<Uint8Array | ApiError> {
  const tooLarge: ApiError = {
    status: 413,
    code: 'body-too-large',
    message: `The body is larger than ${maxBodyBytes} bytes.`,
    details: { bytes: maxBodyBytes },
    headers: { connection: 'close' },
  };
  if (Number(headers.get('content-length') ?? 0) > maxBodyBytes) return tooLarge;
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), bodyTimeoutMs);
  });
  try {
    for (;;) {
      const result = await Promise.race([reader.read(), late]);
      if (result === 'late')
        return {
          status: 408,
          code: 'body-too-slow',
          message: `The body did not arrive within ${bodyTimeoutMs / 1000} s.`,
          details: { seconds: bodyTimeoutMs / 1000 },
          headers: { connection: 'close' },
        };
      if (result.done) return joined(parts, size);
      size += result.value.length;
      if (size > maxBodyBytes) return tooLarge;
      parts.push(result.value);
    }
  } finally {
    clearTimeout(timer);
    reader.releaseLock();
  }
}

function refused(message: string): JsonBody {
  return { error: { status: 400, code: 'bad-request', message } };
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// Judged before the parser recurses: brackets outside strings, in one pass.
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      inString = true;
    } else if (character === '[' || character === '{') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === ']' || character === '}') {
      depth -= 1;
    }
  }
  return deepest;
}
