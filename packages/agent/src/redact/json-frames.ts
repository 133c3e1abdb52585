import type { Cover, Doubt } from './decision-queue.ts';
import { endValue, looksEncoded, newDoubt } from './decision-queue.ts';
import { mark } from './marks.ts';
import { soundsSecret } from './sensitive-key.ts';

/** An object or array that is being read, in JSON or YAML. */
export interface Frame {
  readonly array: boolean;
  /** True where all scalars below are a Secret's. */
  readonly drop: boolean;
  /** Doubts over all scalars below. */
  readonly covers: readonly Cover[];
  /** True inside a SecretList: items carry no kind of their own. */
  readonly inSecretList: boolean;
  key: string;
  kind: string | undefined;
  apiVersion: string | undefined;
  type: string | undefined;
  name: string | undefined;
  /** Over `data` whose kind is not known yet. */
  data: Doubt | undefined;
  /** Over `value` whose name is not known yet. */
  value: Doubt | undefined;
}

/** A frame inside `parent`, under the parent's current key. */
export function openFrame(parent: Frame | undefined, array: boolean): Frame {
  const below = parent === undefined || parent.array ? undefined : dataCover(parent);
  return {
    array,
    drop: parent !== undefined && (parent.drop || below === 'drop'),
    covers: [...(parent?.covers ?? []), ...(below === undefined || below === 'drop' ? [] : [below])],
    inSecretList: parent !== undefined && (parent.inSecretList || parent.kind?.endsWith('SecretList') === true),
    key: '',
    kind: undefined,
    apiVersion: undefined,
    type: undefined,
    name: undefined,
    data: undefined,
    value: undefined,
  };
}

const secretTypes = /^(?:Opaque|kubernetes\.io\/|bootstrap\.kubernetes\.io\/|helm\.sh\/release)/;

/** What the frame's current key makes of the object below it. */
function dataCover(frame: Frame): Cover | 'drop' | undefined {
  if (frame.key === 'stringData') return 'drop';
  if (frame.key !== 'data') return undefined;
  if (frame.kind !== undefined) return frame.kind === 'Secret' ? 'drop' : undefined;
  if (frame.inSecretList) return 'drop';
  if (frame.apiVersion !== undefined && frame.apiVersion !== 'v1') return undefined;
  frame.data ??= newDoubt();
  return { doubt: frame.data, replacement: mark('secret-data') };
}

/** Takes a plain member in: it may answer a doubt. */
export function learn(frame: Frame, key: string, value: string): void {
  if (key === 'kind') {
    frame.kind = value;
    if (frame.data !== undefined) frame.data.verdict ??= value === 'Secret' ? 'secret' : 'plain';
  } else if (key === 'apiVersion') {
    frame.apiVersion = value;
    if (frame.data !== undefined && value !== 'v1') frame.data.verdict ??= 'plain';
  } else if (key === 'type') {
    frame.type = value;
  } else if (key === 'name') {
    frame.name = value;
    if (frame.value !== undefined) frame.value.verdict ??= soundsSecret(value) ? 'secret' : 'plain';
  }
}

/** Answers what is still open when a frame ends; `cut` where its end was never seen. */
export function closeFrame(frame: Frame, cut: boolean): void {
  if (frame.value !== undefined) frame.value.verdict ??= 'plain';
  const doubt = frame.data;
  if (doubt === undefined || doubt.verdict !== undefined) return;
  if (doubt.units > 0 && !cut) endValue(doubt);
  const cutSecret = cut && frame.apiVersion === 'v1' && !doubt.notBase64;
  doubt.verdict = secretTypes.test(frame.type ?? '') || looksEncoded(doubt) || cutSecret ? 'secret' : 'plain';
}

/** The doubt over a `value` that comes before its `name`, or `drop` where the name is known to be a secret's. */
export function valueCover(frame: Frame): Cover | 'drop' | undefined {
  if (frame.name !== undefined) return soundsSecret(frame.name) ? 'drop' : undefined;
  frame.value ??= newDoubt();
  return { doubt: frame.value, replacement: mark('env') };
}
