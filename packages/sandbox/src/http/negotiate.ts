import { ApiError } from '../api/errors.ts';

/** How a response is to be written. */
export interface Representation {
  readonly as: 'object' | 'table' | 'metadata';
  readonly version: 'v1' | 'v1beta1';
  readonly format: 'json' | 'yaml';
}

/** The representation that an Accept header asks for; 406 where the sandbox has none of them. */
export function negotiate(accept: string | undefined): Representation {
  for (const part of (accept ?? '*/*').split(',')) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim());
    const format =
      type === '*/*' || type === 'application/*' || type === 'application/json' || type === ''
        ? 'json'
        : type === 'application/yaml'
          ? 'yaml'
          : undefined;
    if (!format) continue;
    const parameter = new Map(parameters.map((text) => [text.split('=')[0] ?? '', text.split('=')[1] ?? '']));
    const as = parameter.get('as');
    if (as === undefined) return { as: 'object', version: 'v1', format };
    const version = parameter.get('v');
    if (parameter.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) continue;
    if (as === 'Table') return { as: 'table', version, format };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { as: 'metadata', version, format };
  }
  throw new ApiError(
    406,
    'NotAcceptable',
    '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
    {},
  );
}
