import type { Engine } from '../api/engine.ts';
import type { ResourceInfo } from '../api/registry.ts';
import type { Kubelet, User } from '../api/types.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asMaps, asText, at } from '../json.ts';
import type { ApiRequest } from './messages.ts';
import type { RequestInfo } from './request-info.ts';

/** What the handlers of a server share. */
export interface Server {
  readonly engine: Engine;
  readonly kubelet: Kubelet;
  readonly tokens: Tokens;
}

/** One request on its way through the server. */
export interface Call {
  readonly server: Server;
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly user: User;
  readonly warn: (text: string) => void;
}

/** additionalPrinterColumns of a custom resource's version. */
export function printerColumns(server: Server, info: ResourceInfo): JsonMap[] {
  if (!info.custom) return [];
  const definition = server.engine.find('customresourcedefinitions.apiextensions.k8s.io', info.storage);
  const version = asMaps(at(definition, 'spec', 'versions')).find(({ name }) => name === info.version);
  return asMaps(asMap(version).additionalPrinterColumns);
}

/** The manager of fields that a request names, or what its client is called. */
export function fieldManagerOf(request: ApiRequest): string {
  const named = request.query.get('fieldManager');
  if (named) return named;
  const agent = request.headers.get('user-agent') ?? '';
  return asText(agent.split('/')[0]?.slice(0, 128)) || 'unknown';
}
