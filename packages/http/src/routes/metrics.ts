import type { Handler, RouteScope } from '../scope.ts';

/** `GET /metrics`: counters for a scraper. */
export function metrics({ metrics: source }: RouteScope): Handler {
  return async (context) => {
    if (source === undefined) return context.notFound();
    const { contentType, body } = await source.exposition();
    return new Response(body, { headers: { 'content-type': contentType } });
  };
}
