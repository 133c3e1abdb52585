import type { BackendRef } from '../../world/backend.ts';
import { fieldsAt, listAt, numberAt, textAt, textsAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** The kinds that configure admission webhooks. */
export const webhookKinds: readonly string[] = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];

/** A webhook of a configuration. */
export interface Webhook {
  readonly configuration: WorldObject;
  readonly name: string;
  /** Nothing of what it is asked about goes through without its answer. */
  readonly mustAnswer: boolean;
  /** Absent: it is called by its URL. */
  readonly backend: BackendRef | undefined;
  readonly caBundle: string;
  /** What it is asked about, such as `CREATE pods`. */
  readonly asked: string;
}

/** The webhooks that are called for anything, of configurations that are not being deleted. */
export function webhooksOf(world: World): readonly Webhook[] {
  return webhookKinds
    .flatMap((kind) => world.all(kind))
    .filter(({ deletedAt }) => deletedAt === undefined)
    .flatMap((configuration) =>
      listAt(configuration.body, 'webhooks')
        .filter((each) => listAt(each, 'rules').length > 0)
        .map((each) => ({
          configuration,
          name: textAt(each, 'name'),
          mustAnswer: textAt(each, 'failurePolicy') !== 'Ignore',
          backend: serviceOf(fieldsAt(each, 'clientConfig')),
          caBundle: textAt(each, 'clientConfig.caBundle'),
          asked: showRules(listAt(each, 'rules')),
        })),
    );
}

/** The Service that a client configuration names; undefined for a URL. */
export function serviceOf(clientConfig: Fields): BackendRef | undefined {
  const name = textAt(clientConfig, 'service.name');
  if (name === '') return undefined;
  return { name, namespace: textAt(clientConfig, 'service.namespace'), port: numberAt(clientConfig, 'service.port') ?? 443 };
}

const maxShown = 4;

function showRules(rules: readonly Fields[]): string {
  const operations = [...new Set(rules.flatMap((rule) => textsAt(rule, 'operations')))];
  const resources = [...new Set(rules.flatMap((rule) => textsAt(rule, 'resources')))];
  const shown = resources.slice(0, maxShown).join(', ');
  const what =
    resources.includes('*') || resources.includes('*/*') ? 'everything' : `${shown}${resources.length > maxShown ? ', ...' : ''}`;
  return `${operations.includes('*') ? 'every change' : operations.join(', ')} of ${what}`;
}
