import type { JsonValue } from '@kw/providers';

/** One field that would change; a missing side means that the field is not there. */
export interface FieldChange {
  /** Such as `spec.template.spec.containers[name=web].image`. */
  readonly path: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** One object that would change. */
export interface ObjectChange {
  readonly action: 'create' | 'update' | 'delete' | 'unchanged';
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name: string;
  readonly fields: readonly FieldChange[];
}

/** What a call would change, by the server's own dry run. */
export interface ChangePreview {
  readonly objects: readonly ObjectChange[];
  /** Objects beyond those listed. */
  readonly more?: number;
  /** What the server warned of. */
  readonly warnings: readonly string[];
  /** Why there is no preview, or only part of one. */
  readonly unavailable?: string;
  /** Hash of the live objects' content (without status, managedFields, resourceVersion); if it differs after the answer, it is asked again. */
  readonly stateHash?: string;
}
