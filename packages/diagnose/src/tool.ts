import type { TargetSource, Tool, ToolChunk, ToolContext } from '@kw/agent';
import { KwError } from '@kw/agent';
import { createKubeTargets, isOpenKubeTarget, nodeHost } from '@kw/kube';
import { parseDiagnoseInput } from './tool-input.ts';
import type { DiagnoseInput } from './tool-input.ts';

/** Which clusters the tool may reach. Everything has a default. */
export interface DiagnoseToolOptions {
  /** Where clusters come from; otherwise the user's kubeconfig, or the pod's service account. */
  readonly targets?: TargetSource;
  /** What one call may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** What it does: a rule that forbids any of these holds, too, whoever does it. */
const verbs = ['diagnose', 'get', 'list', 'logs'];

/** The tool `diagnose`: one call reads the frozen target's API and gives what is wrong with its evidence. What it does is loaded at the first call. */
export function diagnoseTool({ targets: given, timeoutMs }: DiagnoseToolOptions = {}): Tool {
  const targets = given ?? createKubeTargets({ host: nodeHost() });
  return {
    name: 'diagnose',
    title: 'diagnose',
    version: '1',
    // Every model request carries this: what is declared costs more than what is said.
    description: 'Finds what is broken and why, with evidence. Start here. Also: kinds, selector, severity, since.',
    parameters: { type: 'object', properties: { namespace: { type: 'string' } } },
    targets,
    prepare: (argumentsJson, { target }) => {
      const input = parseDiagnoseInput(argumentsJson);
      const where = {
        // It joins what it is asked for with whatever explains it, so a rule that forbids a kind or a namespace holds here, too.
        kinds: ['*'],
        namespace: input.namespace ?? '*',
        ...(target === undefined ? {} : { context: target.context }),
      };
      return {
        effect: 'read',
        traits: [],
        reasons: ['it only reads the API'],
        summary: summaryOf(input),
        subject: { ...where, verb: 'diagnose' },
        parts: verbs.map((verb) => ({ effect: 'read', traits: [], subject: { ...where, verb } })),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        run: (context) => run(input, context, targets),
      };
    },
  };
}

function summaryOf({ namespace, kinds, selector, severity, sinceMs }: DiagnoseInput): string {
  const flags = [
    namespace === undefined ? '' : ` -n ${namespace}`,
    kinds === undefined ? '' : ` --kinds ${kinds.join(',')}`,
    selector === undefined ? '' : ` -l ${selector}`,
    severity === undefined ? '' : ` --severity ${severity}`,
    sinceMs === undefined ? '' : ` --since ${sinceMs / 1000}s`,
  ];
  return `diagnose${flags.join('')}`;
}

async function* run(input: DiagnoseInput, context: ToolContext, targets: TargetSource): AsyncGenerator<ToolChunk, void, undefined> {
  const { target, signal } = context;
  if (!isOpenKubeTarget(target)) {
    await targets.freeze({}, signal); // where there is none, the source says why
    throw new KwError(
      'no-cluster',
      'diagnose has no cluster to look at: give the agent a source of targets (createKubeTargets of @kw/kube)',
    );
  }
  const { runTool } = await import('./run-tool.ts');
  yield* runTool(input, target, signal);
}
