import type { Finding } from './cause.ts';
import type { Place } from './place.ts';
import { judgePods } from './judge-pod.ts';
import { judgeService } from './judge-service.ts';
import type { Read } from './read.ts';
import { questionsFor } from './questions.ts';
import { parseTable, type Row } from './table.ts';
import { groupBy, toPod, type PodRow } from './workload.ts';

/** What is wrong in a place. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** The names of what was looked at. */
  readonly names: readonly string[];
  /** What could not be read, and why. */
  readonly unread: readonly string[];
  /** True where a list was cut. */
  readonly partial: boolean;
}

/** Looks at pods, workloads, services and claims; undefined while something has still to be read. */
export function diagnose(place: Place, read: Read): Diagnosis | undefined {
  const commands = Object.entries(questionsFor(place)).map(([what, command]) => ({ what, printed: read(command) }));
  if (commands.some(({ printed }) => printed === undefined)) return undefined;
  const table = (what: string): readonly Row[] => {
    const printed = commands.find((command) => command.what === what)?.printed;
    return printed === undefined || printed.isError ? [] : parseTable(printed.text);
  };
  const pods = table('pods').map(toPod);
  const events = table('events');
  const byOwner = groupBy(pods, ({ namespace, owner }) => `${namespace}\n${owner}`);
  const findings = [
    ...table('nodes')
      .filter((node) => node.get('READY') !== 'True')
      .map(nodeFinding),
    ...table('claims')
      .filter((claim) => claim.get('PHASE') === 'Pending')
      .map((claim) => claimFinding(claim, table('classes'), events)),
    ...[...byOwner.values()].map((group) => judgePods(group, events, read)).filter((finding) => finding !== undefined),
    ...table('workloads')
      .filter((workload) => isWithoutPods(workload, pods))
      .map((workload) => refusedFinding(workload, events))
      .filter((finding) => finding !== undefined),
    ...table('services')
      .map((service) => judgeService(service, table('slices'), pods))
      .filter((finding) => finding !== undefined),
  ];
  return {
    findings,
    names: ['pods', 'workloads', 'services', 'claims', 'nodes'].flatMap(table).map((row) => row.get('NAME') ?? ''),
    unread: commands
      .filter(({ printed }) => printed?.isError === true)
      .map(({ what, printed }) => `${what} (${printed?.text.trim().split('\n').at(-1) ?? ''})`),
    partial: commands.some(({ printed }) => /^output:\d+/m.test(printed?.text ?? '')),
  };
}

function nodeFinding(node: Row): Finding {
  return {
    object: `node/${node.get('NAME') ?? ''}`,
    mentions: [],
    cause: { type: 'node', facts: { reason: node.get('REASON') ?? 'Unknown' } },
    evidence: [],
  };
}

function claimFinding(claim: Row, classes: readonly Row[], events: readonly Row[]): Finding {
  const [namespace = '', name = '', wanted = ''] = [claim.get('NAMESPACE'), claim.get('NAME'), claim.get('CLASS')];
  const exists = classes.some((row) => row.get('NAME') === wanted);
  const evidence = events
    .filter((event) => event.get('OBJECT') === name && event.get('KIND') === 'PersistentVolumeClaim')
    .map((event) => event.get('MESSAGE') ?? '');
  return {
    object: `persistentvolumeclaim/${name} (${namespace})`,
    mentions: [],
    cause: exists || wanted === '' ? { type: 'pending', facts: {} } : { type: 'claim', facts: { class: wanted } },
    evidence: [...new Set(evidence)].slice(-1),
  };
}

function isWithoutPods(workload: Row, pods: readonly PodRow[]): boolean {
  const owner = ownerOf(workload);
  return (
    Number(workload.get('WANTED') ?? 0) > Number(workload.get('READY') ?? 0) &&
    !pods.some((pod) => pod.namespace === workload.get('NAMESPACE') && pod.owner === owner)
  );
}

function ownerOf(workload: Row): string {
  return `${(workload.get('KIND') ?? '').toLowerCase()}/${workload.get('NAME') ?? ''}`;
}

/** A workload whose pods the server refuses to make: its controller says why. */
function refusedFinding(workload: Row, events: readonly Row[]): Finding | undefined {
  const name = workload.get('NAME') ?? '';
  const refusals = events
    .filter((event) => event.get('REASON') === 'FailedCreate' && event.get('NAMESPACE') === workload.get('NAMESPACE'))
    .filter((event) => event.get('OBJECT') === name || (event.get('OBJECT') ?? '').replace(/-[a-z0-9]{6,10}$/, '') === name)
    .map((event) => event.get('MESSAGE') ?? '');
  const object = `${ownerOf(workload)} (${workload.get('NAMESPACE') ?? ''})`;
  const last = refusals.at(-1);
  return last === undefined ? undefined : { object, mentions: [], cause: { type: 'quota', facts: {} }, evidence: [last] };
}
