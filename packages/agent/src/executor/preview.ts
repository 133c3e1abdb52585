import type { JsonValue } from '@kw/providers';
import type { ChangePreview, FieldChange } from '../preview.ts';
import type { Redactor } from '../redact/redactor.ts';
import { wordsOf } from '../text.ts';
import type { ToolInvocation } from '../tool.ts';
import type { ExecutionScope } from './scope.ts';
import { raceAbort } from '../async/race-abort.ts';

const previewTimeoutMs = 20_000;

/** What a call would change, redacted; undefined where the tool cannot tell. A preview that fails says why. */
export async function previewOf(invocation: ToolInvocation, callId: string, scope: ExecutionScope): Promise<ChangePreview | undefined> {
  const { preview } = invocation;
  if (preview === undefined) return undefined;
  const limit = AbortSignal.timeout(previewTimeoutMs);
  const signal = AbortSignal.any([scope.signal, limit]);
  try {
    const target = await raceAbort(scope.openTarget(), signal);
    const context = {
      callId,
      signal,
      timeoutMs: previewTimeoutMs,
      outputs: scope.outputs.reader(scope.session),
      ...(target === undefined ? {} : { target }),
    };
    return redacted(await raceAbort(preview.call(invocation, context), signal), scope.redactor);
  } catch (error) {
    if (scope.signal.aborted) throw scope.signal.reason;
    const why = limit.aborted ? `no answer within ${previewTimeoutMs / 1_000} s` : wordsOf(error);
    return { objects: [], warnings: [], unavailable: scope.redactor.text(why) };
  }
}

function redacted(preview: ChangePreview, redactor: Redactor): ChangePreview {
  return {
    ...preview,
    objects: preview.objects.map((object) => ({
      ...object,
      fields: object.fields.map((field) => redactedField(field, object.kind, redactor)),
    })),
    warnings: preview.warnings.map((warning) => redactor.text(warning)),
    ...(preview.unavailable === undefined ? {} : { unavailable: redactor.text(preview.unavailable) }),
  };
}

/** A Secret's data is shown as changed, never as it is. */
function redactedField(field: FieldChange, kind: string, redactor: Redactor): FieldChange {
  const hide = (value: JsonValue): JsonValue =>
    kind === 'Secret' && /^(data|stringData)\b/.test(field.path) ? '[redacted:secret]' : redactor.json(value);
  return {
    path: field.path,
    ...(field.before === undefined ? {} : { before: hide(field.before) }),
    ...(field.after === undefined ? {} : { after: hide(field.after) }),
  };
}
