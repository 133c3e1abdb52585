import type { ToolChunk } from '@kw/agent';
import type { OpenKubeTarget } from '@kw/kube';
import { isKubeError } from '@kw/kube';
import { diagnose } from './diagnose.ts';
import { renderCompact } from './render/compact.ts';
import { toKinds } from './report/kind-names.ts';
import type { DiagnoseInput } from './tool-input.ts';

/** Runs a call of the tool. */
export async function* runTool(
  input: DiagnoseInput,
  target: OpenKubeTarget,
  signal: AbortSignal,
): AsyncGenerator<ToolChunk, void, undefined> {
  const { kinds, ...rest } = input;
  try {
    const wanted = kinds === undefined ? undefined : toKinds(kinds);
    for await (const event of diagnose(target.client, { ...rest, kinds: wanted, home: target.target.namespace, signal })) {
      if (event.type === 'progress') {
        yield { type: 'progress', message: `${event.objects} objects, ${event.kindsDone} of ${event.kindsInAll} kinds read` };
      } else yield { type: 'output', stream: 'stdout', text: renderCompact(event.report) };
    }
    yield { type: 'result', isError: false };
  } catch (error) {
    if (signal.aborted || !(isKubeError(error) || error instanceof RangeError)) throw error;
    yield { type: 'output', stream: 'stderr', text: `${error.message}\n` };
    yield { type: 'result', isError: true };
  }
}
