import type { JsonObject, JsonValue } from '@kw/agent';
import { isRecord, jsonObject, recordsOf, textOf } from '../json.ts';

/** A tool's result as text for a model: every content item, and structured content only where no text says the same. */
export function resultText(result: JsonObject): string {
  const items = recordsOf(result['content']);
  const structured = result['structuredContent'];
  const hasText = items.some((item) => textOf(item, 'type') === 'text' && (textOf(item, 'text') ?? '') !== '');
  const parts = items.map(itemText);
  if (structured !== undefined && !hasText) parts.unshift(JSON.stringify(structured));
  return parts.filter((part) => part !== '').join('\n');
}

/** One content item as text; pictures and sounds are named, not shown. */
export function itemText(item: JsonObject): string {
  switch (textOf(item, 'type')) {
    case 'text':
      return textOf(item, 'text') ?? '';
    case 'image':
    case 'audio':
      return `[${textOf(item, 'type')} ${textOf(item, 'mimeType') ?? 'of unknown type'}, ${sizeOf(item['data'])}]`;
    case 'resource_link':
      return `[resource ${textOf(item, 'uri') ?? ''}${named(item)}]`;
    case 'resource': {
      const resource = item['resource'];
      return isRecord(resource) ? resourceText(jsonObject(resource)) : '';
    }
    default:
      return JSON.stringify(item);
  }
}

/** One resource's content as text. */
export function resourceText(resource: JsonObject): string {
  return (
    textOf(resource, 'text') ??
    `[${textOf(resource, 'uri') ?? 'a resource'}, ${textOf(resource, 'mimeType') ?? 'binary'}, ${sizeOf(resource['blob'])}]`
  );
}

function named(item: JsonObject): string {
  const name = textOf(item, 'title') ?? textOf(item, 'name');
  return name === undefined ? '' : ` (${name})`;
}

/** The size of what base64 holds. */
function sizeOf(data: JsonValue | undefined): string {
  return typeof data === 'string' ? `${Math.floor((data.length * 3) / 4).toLocaleString('en-US')} B` : 'empty';
}
