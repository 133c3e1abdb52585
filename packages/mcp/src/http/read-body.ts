/** A body as JSON, or the status and words of a refusal. */
export type ReadBody = { readonly value: unknown } | { readonly status: 400 | 408 | 413; readonly message: string };

/** Limits of one body. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** Reads a body with its limits of size and time. */
export async function readBody({ body, headers }: Request, { maxBytes, timeoutMs }: BodyLimits): Promise<ReadBody> {
  const tooLarge = { status: 413, message: `the body is larger than ${maxBytes} bytes` } as const;
  if (Number(headers.get('content-length') ?? 0) > maxBytes) return tooLarge;
  if (body === null) return { status: 400, message: 'there is no body' };
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late]);
      if (next === 'late') return { status: 408, message: `the body did not come within ${timeoutMs / 1_000} s` };
      if (next.done) break;
      size += next.value.length;
      if (size > maxBytes) return tooLarge;
      text += decoder.decode(next.value, { stream: true });
    }
    return { value: JSON.parse(text + decoder.decode()) };
  } catch {
    return { status: 400, message: 'the body is no JSON' };
  } finally {
    clearTimeout(timer);
    reader.releaseLock();
  }
}
