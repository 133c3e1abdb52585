import type { FieldError } from '../api/field-errors.ts';
import { duplicate, forbiddenField, invalid, required } from '../api/field-errors.ts';
import type { JsonMap } from '../json.ts';
import { asText, isMap } from '../json.ts';
import { dns1123LabelErrors } from './names.ts';

/** The first kinds of volumes, in the order in which the server looks at them. */
const volumeKinds = ['emptyDir', 'hostPath', 'gitRepo', 'secret', 'nfs', 'persistentVolumeClaim', 'downwardAPI', 'configMap', 'projected'];

/** Errors of the volumes of a pod, and the volumes' names. */
export function volumeErrors(volumes: readonly JsonMap[], field: string): { errors: FieldError[]; names: Set<string> } {
  const names = new Set<string>();
  const errors = volumes.flatMap((volume, index) => {
    const path = `${field}[${index}]`;
    const name = asText(volume.name);
    const found: FieldError[] = [];
    const kinds = [...volumeKinds, ...Object.keys(volume)].filter(
      (key, at, all) => key in volume && key !== 'name' && all.indexOf(key) === at,
    );
    if (kinds.length === 0) found.push(required(path, 'must specify a volume type'));
    for (const kind of kinds.slice(1)) found.push(forbiddenField(`${path}.${kind}`, 'may not specify more than 1 volume type'));
    if (isMap(volume.hostPath) && asText(volume.hostPath.path) === '') found.push(required(`${path}.hostPath.path`));
    if (isMap(volume.secret) && asText(volume.secret.secretName) === '') found.push(required(`${path}.secret.secretName`));
    if (isMap(volume.configMap) && asText(volume.configMap.name) === '') found.push(required(`${path}.configMap.name`));
    if (isMap(volume.persistentVolumeClaim) && asText(volume.persistentVolumeClaim.claimName) === '')
      found.push(required(`${path}.persistentVolumeClaim.claimName`));
    if (name === '') found.push(required(`${path}.name`));
    else found.push(...dns1123LabelErrors(name).map((error) => invalid(`${path}.name`, name, error)));
    if (names.has(name)) found.push(duplicate(`${path}.name`, name));
    names.add(name);
    return found;
  });
  return { errors, names };
}
