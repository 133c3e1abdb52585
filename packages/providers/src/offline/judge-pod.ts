import type { Cause, Finding } from './cause.ts';
import type { Read } from './read.ts';
import type { Row } from './table.ts';
import type { PodRow } from './workload.ts';

const imageReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'RegistryUnavailable']);
const setUpReasons = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);
const telling = /error|fatal|panic|exception|cannot|can't|refused|denied|missing|not found|no such|failed/i;
const logLines = 2;

/** What is wrong with the pods of one owner, by the first of them that shows it; undefined where nothing is. */
export function judgePods(pods: readonly PodRow[], events: readonly Row[], read: Read): Finding | undefined {
  const sick = pods.filter(
    (pod) => !pod.ready && !(pod.phase === 'Failed' && pod.owner.startsWith('job/') && pods.some(({ ready }) => ready)),
  );
  const pod = sick.find(({ waiting }) => waiting !== '' && waiting !== 'ContainerCreating') ?? sick[0];
  if (pod === undefined) return undefined;
  const place = `${pod.owner} (${pod.namespace})`;
  const mentions = sick.map(({ name }) => name);
  const found = causeOf(pod, events, read);
  return { object: place, mentions, ...found };
}

type Found = Pick<Finding, 'cause' | 'evidence' | 'fix'>;

function causeOf(pod: PodRow, events: readonly Row[], read: Read): Found {
  const said = (...reasons: readonly string[]): readonly string[] => messages(pod, events, reasons);
  const container = pod.owner.slice(pod.owner.indexOf('/') + 1);
  if (imageReasons.has(pod.waiting)) {
    const evidence = said('Failed', 'InspectFailed');
    return found(
      'image',
      { image: pod.image },
      evidence.length > 0 ? evidence : [`${pod.name}: ${pod.waiting}`],
      `kubectl set image ${pod.owner} '*=IMAGE:TAG' -n ${pod.namespace}`,
    );
  }
  if (pod.last.includes('OOMKilled')) {
    const evidence = [`${pod.name}: OOMKilled, exit code ${pod.exit === '' ? '137' : pod.exit}, limit ${pod.memory}`];
    return found('memory', { limit: pod.memory }, evidence, `kubectl set resources ${pod.owner} --limits=memory=MORE -n ${pod.namespace}`);
  }
  if (setUpReasons.has(pod.waiting)) {
    const evidence = said('Failed', 'FailedMount');
    return found('config', {}, evidence.length > 0 ? evidence : [`${pod.name}: ${pod.waiting}`]);
  }
  if (pod.waiting === 'CrashLoopBackOff' || pod.phase === 'Failed' || pod.last.includes('Error')) {
    return found(
      'crash',
      { exit: pod.exit === '' ? '1' : pod.exit },
      lastWords(pod, read),
      `kubectl logs ${pod.name} -n ${pod.namespace} --previous`,
    );
  }
  if (pod.phase === 'Pending' && pod.waiting === '') return found('unschedulable', {}, said('FailedScheduling'));
  const probes = said('Unhealthy');
  if (probes.length > 0) return found('probe', {}, probes, `kubectl get ${pod.owner} -n ${pod.namespace} -o yaml`);
  const mounts = said('FailedMount', 'FailedCreatePodSandBox');
  if (mounts.length > 0) return found('config', {}, mounts);
  return pod.waiting === ''
    ? found('notReady', {}, [`${pod.name}: ${pod.phase}`, container].slice(0, 1))
    : found('waiting', { reason: pod.waiting }, [`${pod.name}: ${pod.waiting}`]);
}

function found(type: Cause['type'], facts: Cause['facts'], evidence: readonly string[], fix?: string): Found {
  return { cause: { type, facts }, evidence, ...(fix === undefined ? {} : { fix }) };
}

/** The last message of a pod's warnings for these reasons, each text once. */
function messages(pod: PodRow, events: readonly Row[], reasons: readonly string[]): readonly string[] {
  const wanted = new Set(reasons);
  const texts = events
    .filter((event) => event.get('KIND') === 'Pod' && event.get('OBJECT') === pod.name && wanted.has(event.get('REASON') ?? ''))
    .map((event) => event.get('MESSAGE') ?? '')
    .filter((text) => text !== '' && !/^Error: (?:ErrImagePull|ImagePullBackOff)$/.test(text));
  return [...new Set(texts)].slice(-2);
}

/** The lines of the log that tell most of why the container ended. */
function lastWords(pod: PodRow, read: Read): readonly string[] {
  const log = read(`kubectl logs ${pod.name} -n ${pod.namespace} --previous --tail=20`);
  if (log === undefined || log.isError) return [`${pod.name}: ${pod.waiting === '' ? pod.phase : pod.waiting}`];
  const lines = log.text.split('\n').filter((line) => line.trim() !== '' && !/^output:\d/.test(line));
  const told = lines.filter((line) => telling.test(line));
  return (told.length > 0 ? told : lines).slice(-logLines);
}
