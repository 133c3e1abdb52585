import { type Handler, type RouteScope } from '../scope.ts';

/** Everything comes from this server; no script or style stands inside the page. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Paths of the page: they hold nothing that is secret, and whoever has no token yet must be able to give it there. */
export function isPagePath(path: string): boolean {
  return path === '/' || path.startsWith('/assets/') || path === '/favicon.svg';
}

/** `GET /` and the files of the page, from memory. */
export function page({ page: load }: RouteScope): Handler {
  return async (context) => {
    const file = (await load?.())?.get(context.req.path);
    if (file === undefined) return context.req.path === '/' ? plainPage(new URL(context.req.url).origin) : context.notFound();
    return new Response(file.body, {
      headers: {
        'content-type': file.contentType,
        'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
        'content-security-policy': pagePolicy,
      },
    });
  };
}

/** Where the page is not there: how to ask. A parsed URL's origin holds nothing that HTML could read as a tag. */
function plainPage(origin: string): Response {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>kubelet-wuhrai</title>
<h1>kubelet-wuhrai</h1>
<p>The API of this server is ready.</p>
<pre>curl -X POST ${origin}/api/v1/chat -H 'Content-Type: application/json' -d '{"query": "list the pods"}'</pre>
<p><a href="/api/v1/health">Health</a> &middot; <a href="/api/v1/models">Models</a> &middot; <a href="/api/v1/openapi.json">OpenAPI</a></p>
</html>
`;
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}
