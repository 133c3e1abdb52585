import type { MarkLabel } from './marks.ts';
import { isMark } from './marks.ts';

const passwords = new Set(['password', 'passwd', 'passphrase', 'passcode', 'pwd', 'pass', 'passwort']);
const credentials = new Set([
  'credential',
  'credentials',
  'creds',
  'authorization',
  'cookie',
  'dockerconfigjson',
  'dockercfg',
  'connectionstring',
]);
const tokens = new Set(['token', 'jwt', 'authtoken', 'accesstoken', 'apitoken', 'idtoken', 'refreshtoken', 'bearertoken']);
const secrets = new Set(['secret', 'clientsecret', 'appsecret']);
const keys = new Set([
  'apikey',
  'accesskey',
  'secretkey',
  'privatekey',
  'secretaccesskey',
  'accountkey',
  'sharedaccesskey',
  'signingkey',
  'encryptionkey',
  'authkey',
  'sshkey',
]);
const beforeKey = new Set([
  'api',
  'access',
  'secret',
  'private',
  'encryption',
  'encrypt',
  'signing',
  'account',
  'shared',
  'master',
  'auth',
  'ssh',
  'storage',
  'session',
  'hmac',
  'cipher',
  'app',
]);
const wholeKeys = new Map<string, MarkLabel>([
  ['client-key-data', 'private-key'],
  ['tls.key', 'private-key'],
  ['ssh-privatekey', 'private-key'],
  ['.dockerconfigjson', 'registry-auth'],
  ['.dockercfg', 'registry-auth'],
  ['_auth', 'registry-auth'],
  ['x-api-key', 'key'],
  ['secret_key_base', 'key'],
  ['密码', 'password'],
  ['口令', 'password'],
  ['令牌', 'token'],
  ['密钥', 'key'],
]);
const soundsLikeSecret =
  /PASS(?:WORD|WD|PHRASE|CODE)|(?:^|_)(?:PASS|PWD|JWT|CREDS?)(?:_|$)|TOKEN(?!S|IZ)|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|CREDENTIALS?|(?:^|_)AUTHORIZATION$/;
const soundsLikeAbout =
  /(?:^|_)(?:FILE|FILES|PATH|DIR|NAME|NAMES|URL|URI|ENDPOINT|TTL|LENGTH|EXPIRY|EXPIRES|EXPIRATION|SECONDS|MINUTES|HOURS|TIMEOUT|INTERVAL|ENABLED|DISABLED|REQUIRED|TYPE|REF|HOST|PORT|REGION|ISSUER|AUDIENCE|POLICY|VERSION|COUNT|LIMIT|MAX|MIN|FORMAT|PROVIDER|MOUNT|NAMESPACE|USER|USERNAME|ID)$/;

/** The words of a name: `dbPassword`, `DB_PASSWORD_2` and `db.password` all have `db` and `password`. */
function wordsOf(key: string): readonly string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/\d+$/, ''))
    .filter((word) => word !== '');
}

/** Whatever names a secret has one of these in it: most names are known to be harmless at once. */
const mayTell = /pass|pwd|token|jwt|secret|key|cred|auth|cookie|docker|connection|[^ -~]/i;

/** What a value under this key is, where the key names a secret. */
export function labelOfKey(key: string): MarkLabel | undefined {
  if (!mayTell.test(key)) return undefined;
  const known = wholeKeys.get(key.toLowerCase());
  if (known !== undefined) return known;
  if (/^(?:OLD)?PWD$/.test(key)) return undefined;
  const words = wordsOf(key);
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (passwords.has(last)) return 'password';
  if (tokens.has(last)) return 'token';
  if (secrets.has(last)) return 'secret';
  if (credentials.has(last)) return 'credential';
  if (keys.has(last) || (last === 'key' && beforeKey.has(before)))
    return last === 'privatekey' || before === 'private' ? 'private-key' : 'key';
  for (const word of passwords) if (word.length > 5 && last.endsWith(word)) return 'password';
  return undefined;
}

/** True where an environment variable of this name is likely to hold a secret. */
export function soundsSecret(name: string): boolean {
  if (!mayTell.test(name) || name.includes('[redacted:')) return false;
  if (/^(?:OLD)?PWD$/.test(name)) return false;
  const upper = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');
  return soundsLikeSecret.test(upper) && !soundsLikeAbout.test(upper);
}

/** True for base64 of `user:password`, also where its end is cut off. */
export function isBasic(value: string): boolean {
  const plain = /^[A-Za-z0-9+/]*/.exec(value)?.[0] ?? '';
  return plain.length >= 8 && atob(plain.slice(0, Math.floor(plain.length / 4) * 4)).includes(':');
}

/** The longest part of a value that `judgeValue` needs to see. */
export const judgedUnits = 64;

const placeholders =
  /^(?:|true|false|null|none|nil|undefined|unset|~|\{\}|\[\]|yes|no|\*+|x{3,}|\.{3,}|-+|redacted|data\+omitted|string|map\[.*|<?(?:your[-_ ])?(?:token|password|secret|key)>?|<(?:set to the key |[a-z][a-z _-]*>).*|\$[{(].*|\$[A-Z_][A-Z0-9_]*|\{\{.*|%[A-Za-z_]+%|\d+ bytes?)$/is;
const nameLike = /^(?:[a-z0-9]+(?:[-.][a-z0-9]+)*\/)?[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** How sure the place makes it that the key names the value: alone on its line or in a document, or in the middle of words. */
export type PairPlace = 'document' | 'assignment' | 'prose';

/**
 * The mark for a value under a key, or undefined where it stays: placeholders, sizes, names of Secrets.
 * `value` is the whole value, or its first `judgedUnits` units of more.
 */
export function judgeValue(key: string, value: string, place: PairPlace): MarkLabel | undefined {
  if (key === 'auth') return isBasic(value) ? 'registry-auth' : undefined;
  const label = labelOfKey(key) ?? (/^[A-Z][A-Z0-9_]+$/.test(key) && soundsSecret(key) ? 'env' : undefined);
  if (label === undefined || placeholders.test(value) || isMark(value)) return undefined;
  const bare = wordsOf(key).length === 1;
  if (label === 'secret' && nameLike.test(value) && !/client|app|shared|consumer/i.test(key)) return undefined;
  if (label === 'credential' && (/^[/.]/.test(value) || (bare && value.length < 8 && place !== 'assignment'))) return undefined;
  if (/^pass$/i.test(key)) return /^[^\s,;]{4,}$/.test(value) && !/^[\d.]+$/.test(value) ? label : undefined;
  if (label === 'password')
    return place === 'prose' && /^(?:for|is|was|in|of|to|and|or|not|must|from|does|with)$/i.test(value) ? undefined : label;
  if (/^[\d.]+(?:ms|s|m|h|Mi|Gi|%)?$/.test(value) && value.length < 16) return label === 'env' ? label : undefined;
  if (place === 'prose')
    return value.length >= 8 && (/\d/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value.slice(1)))) ? label : undefined;
  return value.length >= (place === 'document' ? 2 : 4) ? label : undefined;
}
