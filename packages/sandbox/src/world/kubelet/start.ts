import { asText } from '../../json.ts';
import { specOf } from '../../api/object.ts';
import type { Container } from './container.ts';
import { digest } from './container.ts';
import { resolveEnvironment } from './environment.ts';
import { live } from './life.ts';
import { behaviourOf, isMissing } from './match.ts';
import type { PodRun } from './run.ts';
import { plan } from './run.ts';

/** How long a pull takes in the simulation, and how long a container takes to be made. */
const pullMs = 150;
const createMs = 50;
/** The first wait after a failed pull and the longest. */
const firstPullBackoffMs = 10_000;
const longestPullBackoffMs = 300_000;
/** How often a container that can't be made is tried again. */
const configRetryMs = 12_000;

/** Starts a container: pulls its image, resolves its environment, runs it. */
export function startContainer(run: PodRun, container: Container): void {
  const image = asText(container.spec.image);
  const policy = asText(container.spec.imagePullPolicy) || 'IfNotPresent';
  if (policy === 'Never' && !run.images.has(image)) {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    run.event(container, 'Warning', 'ErrImageNeverPull', message);
    container.state = { type: 'waiting', reason: 'ErrImageNeverPull', message };
    run.save();
    return;
  }
  if (run.images.has(image) && policy !== 'Always') {
    run.event(container, 'Normal', 'Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`);
    createContainer(run, container);
    return;
  }
  pull(run, container, firstPullBackoffMs);
}

function pull(run: PodRun, container: Container, backoffMs: number): void {
  const image = asText(container.spec.image);
  run.event(container, 'Normal', 'Pulling', `Pulling image "${image}"`);
  plan(run, container, { ms: pullMs, background: backoffMs > firstPullBackoffMs }, () => {
    if (isMissing(run.rules, image)) {
      fail(run, container, backoffMs);
      return;
    }
    run.images.add(image);
    const bytes = 20_000_000 + (Number.parseInt(digest(image).slice(0, 6), 16) % 80_000_000);
    run.event(
      container,
      'Normal',
      'Pulled',
      `Successfully pulled image "${image}" in ${pullMs}ms (${pullMs}ms including waiting). Image size: ${bytes} bytes.`,
    );
    createContainer(run, container);
  });
}

function fail(run: PodRun, container: Container, backoffMs: number): void {
  const image = asText(container.spec.image);
  const problem = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  run.event(container, 'Warning', 'Failed', `Failed to pull image "${image}": rpc error: code = NotFound desc = ${problem}`);
  run.event(container, 'Warning', 'Failed', 'Error: ErrImagePull');
  container.state = { type: 'waiting', reason: 'ErrImagePull', message: `rpc error: code = NotFound desc = ${problem}` };
  run.save();
  plan(run, container, { ms: 500, background: backoffMs > firstPullBackoffMs }, () => {
    run.event(container, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
    run.event(container, 'Warning', 'Failed', 'Error: ImagePullBackOff');
    container.state = {
      type: 'waiting',
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = ${problem}`,
    };
    run.save();
    plan(run, container, { ms: backoffMs, background: true }, () => pull(run, container, Math.min(backoffMs * 2, longestPullBackoffMs)));
  });
}

/** Makes the container once its environment can be resolved; until then it waits, and is tried again. */
export function createContainer(run: PodRun, container: Container): void {
  const { context, rules } = run;
  const pod = run.pod();
  const environment = resolveEnvironment(context.api, pod, container.spec);
  if (environment.type === 'broken') {
    const { message } = environment;
    run.event(container, 'Warning', 'Failed', `Error: ${message}`);
    container.state = { type: 'waiting', reason: 'CreateContainerConfigError', message };
    run.save();
    plan(run, container, { ms: configRetryMs, background: true }, () => createContainer(run, container));
    return;
  }
  container.env = environment.env;
  plan(run, container, { ms: createMs, background: container.restarts > 1 }, () => {
    const behaviour = behaviourOf(context, rules, { pod: run.pod(), container: container.spec, env: environment.env });
    container.behaviour =
      ofJob(run, container) && behaviour.exit === undefined
        ? { ...behaviour, exit: { afterMs: 1000, code: 0, reason: 'Completed' } }
        : behaviour;
    if (container.role === 'init' && container.behaviour.exit === undefined)
      container.behaviour = { ...container.behaviour, exit: { afterMs: 100, code: 0, reason: 'Completed' } };
    container.id = digest(`${context.api.random.uid()}${container.name}`);
    run.event(container, 'Normal', 'Created', 'Container created');
    run.event(container, 'Normal', 'Started', 'Container started');
    live(run, container);
  });
}

/** Containers of a Job's pod end by themselves unless their behaviour says otherwise. */
function ofJob(run: PodRun, container: Container): boolean {
  const pod = run.pod();
  return (
    container.role === 'main' &&
    specOf(pod).restartPolicy !== 'Always' &&
    (pod.metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Job')
  );
}
