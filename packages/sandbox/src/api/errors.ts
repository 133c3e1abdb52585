import type { JsonMap } from '../json.ts';

/** One cause in a Status. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What an ApiError says in its Status. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** A refusal by the API server, as a Status; recognised by its brand, not by `instanceof`. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(status: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'ApiError';
    this.code = reason === '' ? 'internal-error' : reason.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
    this.status = status;
    this.reason = reason;
    this.details = details;
    Object.defineProperty(this, Symbol.for('kw.error'), { value: true });
  }
}

/** True for an ApiError, also one of another copy of this package. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && Symbol.for('kw.error') in error && 'status' in error && 'reason' in error;
}

/** The Status object of an error. */
export function statusOfError(error: ApiError): JsonMap {
  const { name, group, kind, uid, causes, retryAfterSeconds } = error.details ?? {};
  const details: JsonMap = {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    ...(kind ? { kind } : {}),
    ...(uid ? { uid } : {}),
    ...(causes?.length ? { causes: causes.map((cause) => ({ ...cause })) } : {}),
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  };
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    ...(error.reason === '' ? {} : { reason: error.reason }),
    ...(error.details ? { details } : {}),
    code: error.status,
  };
}

/** A resource of a group, as errors name it. */
export interface Named {
  readonly group: string;
  readonly resource: string;
}

/** `deployments.apps` or `pods`. */
export function qualified({ group, resource }: Named): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** 404 for an object. */
export function notFound(of: Named, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(of)} "${name}" not found`, { name, group: of.group, kind: of.resource });
}

/** 404 for a path that no resource has. */
export function noSuchResource(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** 409 for a name that is taken. */
export function alreadyExists(of: Named, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${qualified(of)} "${name}" already exists`, { name, group: of.group, kind: of.resource });
}

/** 409 for a write that came too late. */
export function conflict(of: Named, name: string, reason: string): ApiError {
  return new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(of)} "${name}": ${reason}`, {
    name,
    group: of.group,
    kind: of.resource,
  });
}

/** The text of a write against an old resourceVersion. */
export const modified = 'the object has been modified; please apply your changes to the latest version and try again';

/** 403 with a reason of admission. */
export function forbidden(of: Named, name: string, reason: string, causes?: readonly StatusCause[]): ApiError {
  const subject = name === '' ? qualified(of) : `${qualified(of)} "${name}"`;
  return new ApiError(403, 'Forbidden', `${subject} is forbidden: ${reason}`, {
    ...(name === '' ? {} : { name }),
    group: of.group,
    kind: of.resource,
    ...(causes ? { causes } : {}),
  });
}

/** 400 with a text. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

/** 501 for what the sandbox does not do, with the way out in the text. */
export function notImplemented(what: string): ApiError {
  return new ApiError(501, 'NotImplemented', `the sandbox does not support ${what}`, {});
}

/** 405. */
export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}
