import { textAt } from './fields.ts';
import type { WorldObject } from './world-object.ts';

/** The hosts that the certificate of a TLS Secret is for; empty where it has none that can be read. */
export function namesOfCertificate(secret: WorldObject): readonly string[] {
  return [...textAt(secret.body, 'certificate.names').matchAll(/DNS:("?)([^,"\s]+)\1/g)].flatMap(([, , name]) =>
    name === undefined ? [] : [name.toLowerCase()],
  );
}

/** Whether a host (or a wildcard) is among names, of which `*.a.b` stands for one more label. */
export function isCovered(host: string, names: readonly string[]): boolean {
  const wanted = host.toLowerCase();
  const dot = wanted.indexOf('.');
  return names.some((name) => name === wanted || (name.startsWith('*.') && dot > 0 && wanted.slice(dot) === name.slice(1)));
}

/** Whether two hosts, each perhaps with a wildcard (of Gateway API: of any depth) or empty for all, have one in common. */
export function hostsMeet(one: string, other: string): boolean {
  if (one === '' || other === '' || one === other) return true;
  const fits = (pattern: string, host: string): boolean => pattern.startsWith('*.') && host.endsWith(pattern.slice(1));
  return fits(one, other) || fits(other, one);
}
