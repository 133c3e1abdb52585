import type { Finding } from '../effects/judgement.ts';
import { parseDurationMs } from './parse-flags.ts';
import { isOn, lastValue } from './parse-kubectl.ts';
import type { KubectlCommand } from './parse-kubectl.ts';

/** The longest that a waiting command may be told to wait: the tool's own limit. */
export const longestWaitMs: number = 600_000;

function unbounded(reason: string, refusal: string): Finding {
  return { trait: 'unbounded', reason, refusal };
}

function terminal(reason: string, refusal: string): Finding {
  return { trait: 'needs-terminal', reason, refusal };
}

/** `wait` and `rollout status`: without `--timeout` they end by kubectl's own limit or by the tool's. */
function judgeWaiting(command: KubectlCommand): readonly Finding[] {
  const timeout = lastValue(command.uses, 'timeout');
  const ms = timeout === undefined ? 0 : parseDurationMs(timeout);
  if (ms !== undefined && ms >= 0 && ms <= longestWaitMs) return [];
  return [
    unbounded(
      `--timeout=${timeout ?? ''} of ${command.verb} waits too long`,
      'Give --timeout a value up to 600s and ask again when it has passed.',
    ),
  ];
}

/** True where `--request-timeout` ends a request that would go on. */
function isCutOff(command: KubectlCommand): boolean {
  const limit = lastValue(command.uses, 'request-timeout');
  const ms = limit === undefined ? undefined : /^\d+$/.test(limit) ? Number(limit) * 1_000 : parseDurationMs(limit);
  return ms !== undefined && ms > 0 && ms <= longestWaitMs;
}

function judgeAttachable(command: KubectlCommand): readonly Finding[] {
  const { uses, verb } = command;
  const isTty = isOn(uses, 'tty') === true;
  if (!isTty) return [];
  const how =
    verb === 'exec'
      ? 'Leave out -t and -i and give a command that ends by itself: kubectl exec POD -- COMMAND.'
      : 'Leave out -t and -i; look at it with kubectl logs or kubectl exec POD -- COMMAND.';
  return [terminal(`-t of ${verb} needs a terminal`, how)];
}

/** Findings about commands that never end by themselves or need a terminal. */
export function judgeEndless(command: KubectlCommand): readonly Finding[] {
  const { uses, verb } = command;
  if (isCutOff(command) && /^(?:get|events|logs)$/.test(verb)) return [];
  switch (verb) {
    case 'logs':
      return isOn(uses, 'follow') === true ? [unbounded('-f of logs never ends', 'Leave out -f; use --tail=200 or --since=10m.')] : [];
    case 'get':
    case 'events': {
      const watches = ['watch', 'watch-only'].filter((name) => isOn(uses, name) === true);
      return watches.map((name) =>
        unbounded(`--${name} of ${verb} never ends`, `Leave out --${name}; ask again later, or use kubectl wait --for=... --timeout=60s.`),
      );
    }
    case 'rollout status':
    case 'wait':
      return judgeWaiting(command);
    case 'port-forward':
      return [
        unbounded(
          'port-forward never ends',
          'Use kubectl get --raw /api/v1/namespaces/NS/services/NAME:PORT/proxy/PATH, or kubectl exec POD -- with a client that is in the image.',
        ),
      ];
    case 'proxy':
      return [unbounded('proxy never ends', 'Use kubectl get --raw PATH.')];
    case 'attach':
      return [unbounded('attach never ends', 'Use kubectl logs POD --tail=200.'), ...judgeAttachable(command)];
    case 'edit':
    case 'apply edit-last-applied':
      return [terminal(`${verb} opens an editor`, 'Use kubectl patch, kubectl set, or kubectl get -o yaml and kubectl apply -f.')];
    case 'exec':
    case 'run':
    case 'debug':
      return judgeAttachable(command);
    case 'create':
      return isOn(uses, 'edit') === true ? [terminal('--edit opens an editor', 'Leave out --edit.')] : [];
    case 'delete':
      return isOn(uses, 'interactive') === true
        ? [terminal('-i of delete asks on a terminal', 'Leave out -i; the delete itself is asked about.')]
        : [];
    default:
      return [];
  }
}
