import { badRequest, notFound } from '../api/errors.ts';
import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid, invalidObject } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf, statusOf } from '../api/object.ts';
import type { LogLine } from '../api/types.ts';
import { asMaps, asText, at } from '../json.ts';
import { createChannel } from './channel.ts';
import type { Call } from './context.ts';
import type { ApiResponse } from './messages.ts';

interface LogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly since: number | undefined;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
}

/** Answers GET of a pod's log. */
export function handleLogs(call: Call): ApiResponse {
  const { engine, kubelet } = call.server;
  const { namespace, name } = call.info;
  const pod = engine.find('pods', name, namespace);
  if (!pod) throw notFound({ group: '', resource: 'pods' }, name);
  const options = logOptions(call, name);
  const container = containerOf(pod, options.container);
  if (asText(specOf(pod).nodeName) === '') return logText(call, [], options);
  const lines = kubelet.logs(pod, container, { previous: options.previous });
  if (lines === undefined) throw badRequest(unavailable(pod, container, options.previous));
  const selected = select(lines, options);
  if (!options.follow) return logText(call, selected, options);
  return { status: 200, headers: [['content-type', 'text/plain']], body: follow(call, { pod, container, lines: selected }, options) };
}

function logOptions(call: Call, name: string): LogOptions {
  const { query } = call.request;
  const errors: FieldError[] = [];
  const number = (field: string, minimum: number): number | undefined => {
    const text = query.get(field);
    if (text === null) return undefined;
    const value = Number(text);
    if (value < minimum)
      errors.push(invalid(field, value, minimum === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0'));
    return value;
  };
  const tailLines = number('tailLines', 0);
  const limitBytes = number('limitBytes', 1);
  const sinceSeconds = number('sinceSeconds', 1);
  const sinceTime = query.get('sinceTime');
  if (sinceSeconds !== undefined && sinceTime !== null)
    errors.push(forbiddenField('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  if (errors.length > 0) throw invalidObject({ group: '', kind: 'PodLogOptions' }, name, errors);
  const flag = (field: string): boolean => ['true', '1'].includes(query.get(field) ?? '');
  return {
    container: query.get('container') ?? '',
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    tailLines,
    limitBytes,
    since:
      sinceSeconds !== undefined
        ? call.server.engine.clock.now() - sinceSeconds * 1000
        : sinceTime === null
          ? undefined
          : Date.parse(sinceTime),
  };
}

function containerOf(pod: KubeObject, asked: string): string {
  const names = (field: string): string[] => asMaps(specOf(pod)[field]).map(({ name }) => asText(name));
  const [containers, init, ephemeral] = [names('containers'), names('initContainers'), names('ephemeralContainers')];
  const podName = pod.metadata.name ?? '';
  if (asked === '') {
    if (containers.length === 1 && init.length === 0 && ephemeral.length === 0) return containers[0] ?? '';
    const others = [
      ...(init.length > 0 ? [` or one of the init containers: [${init.join(' ')}]`] : []),
      ...(ephemeral.length > 0 ? [` or one of the ephemeral containers: [${ephemeral.join(' ')}]`] : []),
    ];
    throw badRequest(`a container name must be specified for pod ${podName}, choose one of: [${containers.join(' ')}]${others.join('')}`);
  }
  if (![...containers, ...init, ...ephemeral].includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${podName}`);
  return asked;
}

function unavailable(pod: KubeObject, container: string, previous: boolean): string {
  const podName = pod.metadata.name ?? '';
  if (previous) return `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(podName)} not found`;
  const statuses = [...asMaps(statusOf(pod).containerStatuses), ...asMaps(statusOf(pod).initContainerStatuses)];
  const reason =
    asText(
      at(
        statuses.find(({ name }) => name === container),
        'state',
        'waiting',
        'reason',
      ),
    ) || 'ContainerCreating';
  const state = /ImagePull|ErrImage/.test(reason) ? 'trying and failing to pull image' : reason;
  return `container ${JSON.stringify(container)} in pod ${JSON.stringify(podName)} is waiting to start: ${state}`;
}

function select(lines: readonly LogLine[], { since, tailLines }: LogOptions): readonly LogLine[] {
  const recent = since === undefined ? lines : lines.filter(({ time }) => time >= since);
  return tailLines === undefined ? recent : tailLines === 0 ? [] : recent.slice(-tailLines);
}

function lineText({ time, text }: LogLine, { timestamps }: LogOptions): string {
  const iso = new Date(time)
    .toISOString()
    .replace(/\.?0+Z$/, 'Z')
    .replace(/T(\d\d:\d\d)Z/, 'T$1:00Z');
  return timestamps ? `${iso} ${text}\n` : `${text}\n`;
}

function logText(_call: Call, lines: readonly LogLine[], options: LogOptions): ApiResponse {
  const whole = lines.map((line) => lineText(line, options)).join('');
  const body = options.limitBytes === undefined ? whole : Buffer.from(whole).subarray(0, options.limitBytes).toString();
  return { status: 200, headers: [['content-type', 'text/plain']], body };
}

interface Followed {
  readonly pod: KubeObject;
  readonly container: string;
  readonly lines: readonly LogLine[];
}

async function* follow(call: Call, { pod, container, lines }: Followed, options: LogOptions): AsyncGenerator<string> {
  const channel = createChannel<LogLine>();
  const { engine, kubelet } = call.server;
  const stopLines = kubelet.follow(pod, container, (line) => channel.send(line));
  const end = (): void => channel.end();
  // A pod that goes or ends has nothing more to say.
  const stopPods = engine.watch((change) => {
    if (change.resource.storage !== 'pods' || change.object.metadata.uid !== pod.metadata.uid) return;
    const phase = statusOf(change.object).phase;
    if (change.type === 'deleted' || phase === 'Succeeded' || phase === 'Failed') end();
  });
  const phase = statusOf(pod).phase;
  if (phase === 'Succeeded' || phase === 'Failed') end();
  call.request.signal.addEventListener('abort', end, { once: true });
  try {
    for (const line of lines) yield lineText(line, options);
    for await (const line of channel) yield lineText(line, options);
  } finally {
    stopLines();
    stopPods();
    call.request.signal.removeEventListener('abort', end);
  }
}
