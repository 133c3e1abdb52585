import { parse } from 'yaml';
import { ApiError, badRequest } from '../api/errors.ts';
import type { Json, JsonMap } from '../json.ts';
import { isMap } from '../json.ts';
import { decodeEnvelope } from '../schema/protobuf.ts';
import { jsonProblem } from '../json-error.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import type { ApiRequest } from './messages.ts';

/** A body and the paths that it sets twice. */
export interface Body {
  readonly value: JsonMap;
  readonly duplicates: readonly string[];
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The largest body that the server reads. */
export const maxBodyBytes: number = 3 * 1024 * 1024;

/** The media type of the body, without parameters. */
export function mediaType({ headers }: ApiRequest): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
}

/** The object in the body: JSON, YAML or protobuf, as the Content-Type says. `kind` is for the text of the error. */
export function readBody(request: ApiRequest, kind: string): Body {
  if (request.body.length > maxBodyBytes)
    throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${maxBodyBytes}`, {});
  const unrecognized = (reason: string): ApiError => badRequest(`the object provided is unrecognized (must be of type ${kind}): ${reason}`);
  switch (mediaType(request)) {
    case 'application/vnd.kubernetes.protobuf':
      try {
        return { value: decodeEnvelope(request.body), duplicates: [] };
      } catch (error) {
        throw unrecognized(`${error instanceof Error ? error.message : String(error)} (${summary(request.body)})`);
      }
    case 'application/yaml':
    case 'application/yml': {
      const value: Json = parse(decoder.decode(request.body), { uniqueKeys: false });
      if (!isMap(value)) throw unrecognized("couldn't get version/kind; json parse error: no object");
      return { value, duplicates: [] };
    }
    case 'application/json':
    case '':
    case '*/*':
      return readJson(decoder.decode(request.body), unrecognized);
    default:
      throw new ApiError(
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      );
  }
}

function readJson(text: string, unrecognized: (reason: string) => ApiError): Body {
  const shown = summary(encoder.encode(text));
  try {
    const value: Json = JSON.parse(text);
    if (!isMap(value))
      throw unrecognized(
        `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (${shown})`,
      );
    return { value, duplicates: duplicateKeys(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unrecognized(`couldn't get version/kind; json parse error: ${jsonProblem(text) ?? error.message} (${shown})`);
  }
}

/** The beginning of a body: of an object as it is, of anything else in hexadecimal digits. */
function summary(bytes: Uint8Array): string {
  if (bytes.length === 0) return '<empty>';
  const start = bytes.slice(0, 30);
  const shown = bytes[0] === '{'.charCodeAt(0) ? decoder.decode(start) : Buffer.from(start).toString('hex');
  return bytes.length > start.length ? `${shown} ...` : shown;
}

/** A JSON or YAML value of any type: the body of a patch. */
export function readPatchBody(request: ApiRequest): Json {
  const text = decoder.decode(request.body);
  try {
    if (mediaType(request) === 'application/apply-patch+yaml') return parse(text, { uniqueKeys: false });
    return JSON.parse(text);
  } catch (error) {
    const problem = jsonProblem(text) ?? (error instanceof Error ? error.message : String(error));
    throw badRequest(`error decoding patch: ${problem}`);
  }
}
