import type { PageFile } from '@kw/http';

/** Reads the page's files once, when they are first asked for. */
export function loadPage(): () => Promise<ReadonlyMap<string, PageFile>> {
  let loading: Promise<ReadonlyMap<string, PageFile>> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}

async function load(): Promise<ReadonlyMap<string, PageFile>> {
  const { files } = await import('@kw/page');
  return new Map(
    files.map(({ path, contentType, base64, immutable }) => [
      path,
      { contentType, immutable, body: new Uint8Array(Buffer.from(base64, 'base64')) },
    ]),
  );
}
