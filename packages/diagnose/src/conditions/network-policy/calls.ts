import { listAt, textAt, textsAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** A Service that a pod's own configuration names. */
export interface Call {
  readonly service: WorldObject;
  /** As it was written; undefined where none was. */
  readonly port: number | undefined;
  /** Where it stands, such as `spec.containers[web].env[DB_HOST]`. */
  readonly at: string;
  readonly text: string;
}

/** `name.namespace.svc`, with a port or without. */
const fullName = /([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})\.svc\b(?:\.[a-z0-9.-]{1,99})?(?::(\d+))?/g;
/** `//name`, `//user@name.namespace:80`. */
const inUrl = /\/\/(?:[^@/\s]{0,200}@)?([a-z0-9-]{1,63})(?:\.([a-z0-9-]{1,63}))?(?::(\d+))?(?=[/?#\s,;"']|$)/g;
/** Nothing but a name: only where a port, or the variable, says that it is one. */
const bare = /^([a-z0-9-]{1,63})(?:\.([a-z0-9-]{1,63}))?(?::(\d+))?$/;
const namesHost = /(?:HOST|HOSTNAME|ADDR|ADDRESS|URL|URI|SERVERS?|ENDPOINT|BROKERS?|SERVICE)$/i;
const maxTextLength = 2_000;

/** The Services that a pod is configured to call, by its variables and arguments; what stands in ConfigMaps is not read. */
export function callsFrom(pod: WorldObject, world: World): readonly Call[] {
  const calls = ['spec.initContainers', 'spec.containers']
    .flatMap((list) => listAt(pod.body, list).map((container) => ({ container, path: `${list}[${textAt(container, 'name')}]` })))
    .flatMap(({ container, path }) => [
      ...listAt(container, 'env').flatMap((variable) => {
        const name = textAt(variable, 'name');
        return inText(textAt(variable, 'value'), { pod, world, at: `${path}.env[${name}]`, isHost: namesHost.test(name) });
      }),
      ...['command', 'args'].flatMap((field) =>
        textsAt(container, field).flatMap((text) => inText(text, { pod, world, at: `${path}.${field}`, isHost: false })),
      ),
    ]);
  return [...new Map(calls.map((call) => [`${call.service.uid}:${String(call.port)}`, call])).values()];
}

interface TextScope {
  readonly pod: WorldObject;
  readonly world: World;
  readonly at: string;
  readonly isHost: boolean;
}

function inText(text: string, { pod, world, at, isHost }: TextScope): readonly Call[] {
  if (text === '' || text.length > maxTextLength) return [];
  const matches = [
    ...(text.includes('.svc') ? text.matchAll(fullName) : []),
    ...(text.includes('//') ? text.matchAll(inUrl) : []),
    ...(isHost || text.includes(':') ? text.split(',') : []).flatMap((part) => {
      const match = bare.exec(part.trim());
      return match !== null && (isHost || match[3] !== undefined) ? [match] : [];
    }),
  ];
  return matches.flatMap(([whole, name = '', namespace = pod.namespace, port]) => {
    const service = world.find({ kind: 'Service', ...(namespace === undefined ? {} : { namespace }), name });
    if (service === undefined) return [];
    return [
      { service, port: port === undefined ? undefined : Number(port), at, text: whole.replace(/\/\/[^@/\s]{0,200}@/, '//').slice(0, 100) },
    ];
  });
}
