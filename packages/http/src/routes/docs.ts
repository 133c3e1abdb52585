import type { Handler, RouteScope } from '../scope.ts';

/** `GET /api/v1/docs`: the OpenAPI document as a page to read, without a script. */
export function docs({ facts }: RouteScope): Handler {
  return async () => {
    const { openApiDocument } = await import('../openapi.ts'); // hardly ever asked for
    const body = toPage(await openApiDocument(facts.version), facts.version);
    return new Response(body, { headers: { 'content-type': 'text/html; charset=utf-8' } });
  };
}

function toPage(document: object, version: string): string {
  const operations = entriesOf(Reflect.get(document, 'paths')).flatMap(([path, methods]) =>
    entriesOf(methods).map(([method, operation]) => toSection(`${method.toUpperCase()} ${path}`, operation)),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>kubelet-wuhrai API</title>
<main>
<h1>kubelet-wuhrai API ${escape(version)}</h1>
<p>Also as <a href="/api/v1/openapi.json">OpenAPI 3.1</a>.</p>
${operations.join('\n')}
</main>
</html>
`;
}

function toSection(name: string, operation: unknown): string {
  const parameters = listOf(fieldOf(operation, 'parameters')).map((parameter) => {
    const place = textOf(fieldOf(parameter, 'in'));
    return `<dt><code>${textOf(fieldOf(parameter, 'name'))}</code> (${place})</dt><dd>${textOf(fieldOf(parameter, 'description'))}</dd>`;
  });
  const answers = entriesOf(fieldOf(operation, 'responses')).map(([status, answer]) => {
    const description = textOf(fieldOf(answer, 'description'));
    return `<h3>${escape(status)}</h3><p>${description}</p>${toSchemas(answer)}`;
  });
  return `<section>
<h2><code>${escape(name)}</code></h2>
<p>${textOf(fieldOf(operation, 'summary'))}</p>
${parameters.length === 0 ? '' : `<dl>${parameters.join('')}</dl>`}
${toSchemas(fieldOf(operation, 'requestBody'))}
<details><summary>Answers</summary>${answers.join('\n')}</details>
</section>`;
}

function toSchemas(holder: unknown): string {
  return entriesOf(fieldOf(holder, 'content'))
    .map(([type, content]) => {
      const schema = escape(JSON.stringify(fieldOf(content, 'schema'), undefined, 2) ?? '');
      return `<details><summary>${escape(type)}</summary><pre>${schema}</pre></details>`;
    })
    .join('');
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? escape(value) : '';
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
