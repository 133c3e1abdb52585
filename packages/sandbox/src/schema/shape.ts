/** How a scalar is written in JSON. */
export type Scalar =
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'bytes'
  | 'quantity'
  | 'int-or-string'
  | 'time'
  | 'micro-time'
  | 'duration';

/**
 * What a value looks like: the one view of Go structs and of custom schemas that decoding, merging and field ownership share.
 * Shapes may refer to themselves, so their parts are made when they are asked for.
 */
export type Shape = AnyShape | ScalarShape | StructShape | MapShape | ListShape;

/** Anything, kept as it is. */
export interface AnyShape {
  readonly type: 'any';
}

/** A single value. */
export interface ScalarShape {
  readonly type: 'scalar';
  readonly scalar: Scalar;
  /** As an error names it: `int32`, `v1.RestartPolicy`. */
  readonly go: string;
}

/** Known fields in their order. */
export interface StructShape {
  readonly type: 'struct';
  /** The name without a package: `DeploymentSpec`. */
  readonly name: string;
  readonly fields: () => ReadonlyMap<string, Field>;
  /** Owned and merged as a whole. */
  readonly atomic: boolean;
  /** Keeps fields that are not known; custom resources only. */
  readonly open?: boolean;
  /** A value of another type is kept: the schema's own validation refuses it. */
  readonly lenient?: true;
}

/** Free keys. */
export interface MapShape {
  readonly type: 'map';
  readonly item: () => Shape;
  readonly atomic: boolean;
  readonly lenient?: true;
}

/** A list; `list` says how it is owned, `keys` which fields identify an item. */
export interface ListShape {
  readonly type: 'list';
  readonly item: () => Shape;
  readonly list: 'atomic' | 'set' | 'map';
  readonly keys: readonly string[];
  readonly lenient?: true;
}

/** A field of a struct. */
export interface Field {
  readonly name: string;
  readonly shape: Shape;
  readonly pointer: boolean;
  /** `empty`: left out as a zero scalar or an empty list or map; `zero`: also as an empty struct; undefined: always written. */
  readonly omit: 'empty' | 'zero' | undefined;
  /** The strategies of a strategic merge. */
  readonly strategies: readonly string[];
  readonly mergeKey: string | undefined;
  /** The default that the schema gives; custom resources only. */
  readonly default?: unknown;
}

/** Anything. */
export const anyShape: AnyShape = { type: 'any' };
