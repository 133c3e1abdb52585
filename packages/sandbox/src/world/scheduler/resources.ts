import type { JsonMap } from '../../json.ts';
import { asMap, asMaps } from '../../json.ts';
import { formatQuantity, isBinaryQuantity, parseQuantity } from '../../schema/quantity.ts';
import { texts } from '../pods.ts';

/** Quantities by resource, in billionths. */
export type Amounts = ReadonlyMap<string, bigint>;

function of(container: JsonMap, part: 'requests' | 'limits'): Map<string, { readonly nanos: bigint; readonly binary: boolean }> {
  return new Map(
    Object.entries(texts(asMap(container.resources)[part])).map(([name, text]) => [
      name,
      { nanos: parseQuantity(text) ?? 0n, binary: isBinaryQuantity(text) },
    ]),
  );
}

/** What a pod needs: the sum of its containers and sidecars, at least what each init container needs, plus the overhead. */
export function podAmounts(spec: JsonMap, part: 'requests' | 'limits' = 'requests'): Map<string, bigint> {
  return new Map([...total(spec, part)].map(([name, { nanos }]) => [name, nanos]));
}

/** The same as quantities in text. */
export function podResources(spec: JsonMap, part: 'requests' | 'limits'): Map<string, string> {
  return new Map([...total(spec, part)].map(([name, { nanos, binary }]) => [name, formatQuantity(nanos, binary ? 'binary' : 'decimal')]));
}

function total(spec: JsonMap, part: 'requests' | 'limits'): Map<string, { nanos: bigint; binary: boolean }> {
  const sum = new Map<string, { nanos: bigint; binary: boolean }>();
  const add = (name: string, nanos: bigint, binary: boolean): void => {
    const entry = sum.get(name);
    if (entry) entry.nanos += nanos;
    else sum.set(name, { nanos, binary });
  };
  const init = asMaps(spec.initContainers);
  for (const container of [...asMaps(spec.containers), ...init.filter(({ restartPolicy }) => restartPolicy === 'Always')]) {
    for (const [name, { nanos, binary }] of of(container, part)) add(name, nanos, binary);
  }
  for (const container of init.filter(({ restartPolicy }) => restartPolicy !== 'Always')) {
    for (const [name, { nanos, binary }] of of(container, part)) {
      const entry = sum.get(name);
      if (!entry) sum.set(name, { nanos, binary });
      else if (entry.nanos < nanos) entry.nanos = nanos;
    }
  }
  for (const [name, text] of Object.entries(texts(spec.overhead))) add(name, parseQuantity(text) ?? 0n, isBinaryQuantity(text));
  return sum;
}
