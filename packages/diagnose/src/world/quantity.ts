const factors: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

/** The number of a quantity such as `500m`, `1.5Gi`, `1e3`; undefined for what is none. */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const exponent = /^[+-]?[\d.]+[eE][+-]?\d+$/.test(value) ? Number(value) : undefined;
  if (exponent !== undefined && !Number.isNaN(exponent)) return exponent;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(value.trim());
  const factor = factors.get(match?.[2] ?? '');
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}

/** A quantity for people: bytes of memory and storage as Mi and Gi, the rest as a number. */
export function showQuantity(resource: string, amount: number): string {
  if (!/memory|storage/.test(resource)) return String(Math.round(amount * 1000) / 1000);
  const [unit = '', size = 1] =
    [['Gi', 2 ** 30] as const, ['Mi', 2 ** 20] as const, ['Ki', 2 ** 10] as const].find(([, each]) => Math.abs(amount) >= each) ?? [];
  return `${Math.round((amount / size) * 10) / 10}${unit}`;
}
