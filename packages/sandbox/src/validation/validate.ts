import type { FieldError } from '../api/field-errors.ts'
import type { KubeObject } from '../api/object.ts'
import type { ResourceInfo } from '../api/registry.ts'
import { validateMeta, validateMetaUpdate } from './meta.ts'

/** Everything that is wrong with an object, or with the change of it. */
export function validateObject(info: ResourceInfo, object: KubeObject, old: KubeObject | undefined, _subresource: string | undefined): FieldError[] {
  return old ? [...validateMetaUpdate(object, old), ...validateMeta(info, object)] : validateMeta(info, object)
}
