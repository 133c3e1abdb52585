import type { Behaviour } from './behaviour.ts';
import type { Container } from './container.ts';
import { dropPlans } from './container.ts';
import { fillIn } from './environment.ts';
import { holds } from './match.ts';
import type { Probe } from './probes.ts';
import { probeFailure, probeOf, probeTitle } from './probes.ts';
import type { PodRun } from './run.ts';
import { plan } from './run.ts';

/** Lines of a log that are kept. */
const keptLines = 1000;
/** An end that comes later than this does not keep the world from being settled. */
const longestWaitMs = 60_000;

/** Lets a container run: writes its log, asks its probes, ends it when its time comes. */
export function live(run: PodRun, container: Container): void {
  const now = run.context.api.clock.now();
  const { behaviour } = container;
  if (!behaviour) return;
  container.state = { type: 'running', startedAt: now };
  container.started = probeOf(container.spec, 'startup') === undefined;
  container.ready = container.started && (container.role === 'init' ? false : probeOf(container.spec, 'readiness') === undefined);
  container.previousLines = container.last ? container.lines : undefined;
  writeLog(run, container, behaviour, now);
  run.save();
  run.advanced();
  const { exit } = behaviour;
  if (exit)
    plan(run, container, { ms: exit.afterMs, background: container.restarts > 2 || exit.afterMs > longestWaitMs }, () =>
      run.ended(container, exit.code, exit.reason),
    );
  probe(run, container, behaviour);
}

function writeLog(run: PodRun, container: Container, behaviour: Behaviour, now: number): void {
  const step = Math.min(1000, behaviour.exit ? behaviour.exit.afterMs / (behaviour.log.length + 1) : 120);
  container.lines = behaviour.log.map((text, index) => ({
    time: now + 3 + Math.floor(index * step),
    text: fillIn(text, run.pod(), container.env),
  }));
  for (const { everyMs, lines, when } of behaviour.repeat) {
    let index = 0;
    const again = (): void =>
      plan(run, container, { ms: everyMs, background: true }, () => {
        const line = lines[index++ % lines.length];
        if (line !== undefined && holds(run.context, when, { pod: run.pod(), container: container.spec, env: container.env })) {
          container.lines.push({ time: run.context.api.clock.now(), text: fillIn(line, run.pod(), container.env) });
          if (container.lines.length > keptLines) container.lines = container.lines.slice(-keptLines);
          run.wrote(container);
        }
        again();
      });
    again();
  }
}

function probe(run: PodRun, container: Container, behaviour: Behaviour): void {
  const startup = probeOf(container.spec, 'startup');
  const rest = (): void => {
    const readiness = probeOf(container.spec, 'readiness');
    const liveness = probeOf(container.spec, 'liveness');
    if (readiness) ask(run, container, { behaviour, probe: readiness, good: () => becomeReady(run, container), bad: () => {} });
    if (liveness) ask(run, container, { behaviour, probe: liveness, good: () => {}, bad: () => kill(run, container, 'liveness') });
  };
  if (!startup) return rest();
  const good = (): void => {
    container.started = true;
    if (!probeOf(container.spec, 'readiness')) container.ready = true;
    run.save();
    run.advanced();
    rest();
  };
  ask(run, container, { behaviour, probe: startup, good, bad: () => kill(run, container, 'startup') });
}

function becomeReady(run: PodRun, container: Container): void {
  container.ready = true;
  run.save();
  run.advanced();
}

interface Question {
  readonly behaviour: Behaviour;
  readonly probe: Probe;
  readonly good: () => void;
  /** The probe failed as often as it may. */
  readonly bad: () => void;
}

/** Asks a probe until it succeeds or has failed too often; a failing readiness probe is asked for ever. */
function ask(run: PodRun, container: Container, { behaviour, probe: question, good, bad }: Question): void {
  let failures = 0;
  const once = (ms: number, background: boolean): void =>
    plan(run, container, { ms, background }, () => {
      const failure = probeFailure(question, container.spec, behaviour, run.ip());
      if (failure === undefined) return good();
      failures++;
      run.event(container, 'Warning', 'Unhealthy', `${probeTitle(question.kind)} probe failed: ${failure}`);
      if (failures === question.failureThreshold) bad();
      if (failures < question.failureThreshold || question.kind === 'readiness')
        once(question.periodMs, failures >= question.failureThreshold || container.restarts > 1);
    });
  // A liveness probe that will succeed changes nothing: nobody need wait for it.
  const idle = question.kind === 'liveness' && probeFailure(question, container.spec, behaviour, run.ip()) === undefined;
  once(Math.max(behaviour.startupMs, question.initialDelayMs), idle || container.restarts > 2);
}

function kill(run: PodRun, container: Container, kind: 'liveness' | 'startup'): void {
  run.event(container, 'Normal', 'Killing', `Container ${container.name} failed ${kind} probe, will be restarted`);
  dropPlans(container);
  plan(run, container, { ms: 100, background: container.restarts > 1 }, () => run.ended(container, 137, 'Error'));
}
