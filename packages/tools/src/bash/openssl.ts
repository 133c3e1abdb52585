import { conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { showOpaque } from '../kubectl/opaque.ts';
import { judgePaths } from './sensitive-paths.ts';
import { isFixed } from './shell-word.ts';
import type { ShellWord } from './shell-word.ts';

const shows: ReadonlySet<string> = new Set([
  '-noout',
  '-text',
  '-dates',
  '-startdate',
  '-enddate',
  '-subject',
  '-issuer',
  '-serial',
  '-fingerprint',
  '-sha256',
  '-sha1',
  '-email',
  '-hash',
  '-purpose',
  '-modulus',
]);
const withValue: ReadonlySet<string> = new Set(['-in', '-inform', '-ext', '-nameopt', '-certopt', '-checkend', '-checkhost']);

/** Judges openssl: showing a certificate reads, everything else may talk to others or write. */
export function judgeOpenssl(words: readonly ShellWord[]): Judgement {
  const [command, ...rest] = words;
  const findings: Finding[] = [{ effect: 'read', reason: 'openssl shows a certificate' }];
  if (command?.text !== 'x509' && command?.text !== 'req' && command?.text !== 'version')
    return conclude([{ effect: 'unknown', reason: `openssl ${showOpaque(command?.text ?? '')} is not known to be harmless` }]);
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index];
    if (word === undefined || !isFixed(word))
      return conclude([{ effect: 'unknown', reason: 'an argument of openssl is not known before' }]);
    if (withValue.has(word.text)) {
      const value = rest[index + 1];
      if (word.text === '-in' && value !== undefined)
        findings.push(...judgePaths([value].filter((path) => !/\.(?:crt|cer|pem)$/.test(path.text))));
      index += 1;
    } else if (!shows.has(word.text)) {
      return conclude([{ effect: 'unknown', reason: `${word.text} of openssl is not known to be harmless` }]);
    }
  }
  return conclude(findings);
}
