const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimal = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const pattern = /^([+-]?)(\d+\.?\d*|\.\d+)([eE][+-]?\d+|Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)$/;

/** The server's text for what is no quantity. */
export const quantityPattern: string = String.raw`quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`;

/** A quantity in billionths, exact; undefined for what is none. */
export function parseQuantity(text: string): bigint | undefined {
  const parsed = parse(text);
  return parsed && parsed.nanos;
}

interface Parsed {
  readonly nanos: bigint;
  readonly format: 'binary' | 'decimal' | 'exponent';
}

function parse(text: string): Parsed | undefined {
  const match = text.match(pattern);
  if (!match) return undefined;
  const [, sign = '', digits = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const unscaled = BigInt(`${whole}${fraction}` || '0');
  const power = BigInt(fraction.length);
  let numerator = unscaled * 10n ** 9n;
  let denominator = 10n ** power;
  let format: Parsed['format'] = 'decimal';
  if (binary.indexOf(suffix) > 0) {
    numerator *= 1024n ** BigInt(binary.indexOf(suffix));
    format = 'binary';
  } else if (/^[eE][+-]?\d/.test(suffix)) {
    const exponent = Number(suffix.slice(1));
    if (exponent >= 0) numerator *= 10n ** BigInt(exponent);
    else denominator *= 10n ** BigInt(-exponent);
    format = 'exponent';
  } else {
    const exponent = (decimal.indexOf(suffix) - 3) * 3;
    if (exponent >= 0) numerator *= 10n ** BigInt(exponent);
    else denominator *= 10n ** BigInt(-exponent);
  }
  // Rounded up to a billionth, away from zero.
  const nanos = (numerator + denominator - 1n) / denominator;
  return { nanos: sign === '-' ? -nanos : nanos, format };
}

/** A quantity as the server writes it; undefined for what is none. */
export function canonicalQuantity(text: string): string | undefined {
  const parsed = parse(text);
  return parsed && formatQuantity(parsed.nanos, parsed.format);
}

/** Billionths as a quantity: the largest suffix that leaves a whole number. */
export function formatQuantity(nanos: bigint, format: 'binary' | 'decimal' | 'exponent' = 'decimal'): string {
  if (nanos === 0n) return '0';
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  if (format === 'binary' && size >= 1024n * 10n ** 9n && size % 10n ** 9n === 0n) {
    let value = size / 10n ** 9n;
    let index = 0;
    while (index < binary.length - 1 && value % 1024n === 0n) {
      value /= 1024n;
      index++;
    }
    return `${sign}${value}${binary[index]}`;
  }
  let value = size;
  let index = 0;
  while (index < decimal.length - 1 && value % 1000n === 0n) {
    value /= 1000n;
    index++;
  }
  if (format === 'exponent') return `${sign}${value}${index === 3 ? '' : `e${(index - 3) * 3}`}`;
  return `${sign}${value}${decimal[index]}`;
}

/** Whether a quantity is written with a binary suffix. */
export function isBinaryQuantity(text: string): boolean {
  return /[KMGTPE]i$/.test(text);
}
