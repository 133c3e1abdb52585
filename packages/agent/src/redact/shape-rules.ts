import type { MarkLabel } from './marks.ts';
import { flowDataRule, literalRule, userOptionRule } from './command-rules.ts';
import { isMark, mark, markSource } from './marks.ts';
import { isBasic } from './sensitive-key.ts';
import type { ShapeAnswer, ShapeRule } from './shape.ts';
import { swallowClass } from './shape.ts';

const word = /[A-Za-z0-9_]*/y;
const wordDash = /[A-Za-z0-9_-]*/y;
const dotted = /[A-Za-z0-9_.=~+/-]*/y;
const base64 = /[A-Za-z0-9+/=_-]*/y;
const upper = /[A-Z0-9]*/y;
const path = /[A-Za-z0-9/_-]*/y;
const rest = /[A-Za-z0-9_%+/=~-]*/y;
const percent = /[A-Za-z0-9%+/=_-]*/y;

interface Prefix {
  readonly pattern: string;
  readonly run: RegExp;
  /** Characters behind the prefix that make it certain. */
  readonly units: number;
  readonly label: MarkLabel;
  /** A digit or capital must be among them, for prefixes that begin words. */
  readonly mixed?: boolean;
  /** False where it is looked for inside longer runs, too. */
  readonly boundary?: boolean;
}

/** Vendors' documented token prefixes. */
const prefixes: readonly Prefix[] = [
  { pattern: 'A(?:KIA|SIA)', run: upper, units: 16, label: 'key' },
  { pattern: 'AIza', run: wordDash, units: 30, label: 'key' },
  { pattern: 'ya29\\.', run: wordDash, units: 20, label: 'token' },
  { pattern: 'GOCSPX-', run: wordDash, units: 20, label: 'secret' },
  { pattern: 'gh[pousr]_', run: word, units: 20, label: 'token' },
  { pattern: 'github_pat_', run: word, units: 20, label: 'token' },
  { pattern: 'gl(?:pat|dt|ptt|soat|rt|cbt|ft|agent|oas|imt|ffct)-', run: wordDash, units: 16, label: 'token' },
  { pattern: 'xox[abceoprs]-', run: wordDash, units: 10, label: 'token' },
  { pattern: 'xapp-', run: wordDash, units: 10, label: 'token', mixed: true },
  { pattern: 'hooks\\.slack\\.com/(?:services|workflows)/', run: path, units: 20, label: 'token', boundary: false },
  { pattern: 'sk-', run: wordDash, units: 16, label: 'key', mixed: true },
  { pattern: '[sr]k_(?:live|test)_', run: word, units: 16, label: 'key' },
  { pattern: 'gsk_', run: word, units: 20, label: 'key' },
  { pattern: 'hf_', run: word, units: 20, label: 'token', mixed: true },
  { pattern: 'xai-', run: wordDash, units: 20, label: 'key', mixed: true },
  { pattern: 'nvapi-', run: wordDash, units: 20, label: 'key' },
  { pattern: 'pplx-', run: wordDash, units: 20, label: 'key' },
  { pattern: 'r8_', run: word, units: 20, label: 'token' },
  { pattern: 'npm_', run: word, units: 30, label: 'token' },
  { pattern: 'pypi-', run: wordDash, units: 30, label: 'token' },
  { pattern: 'dckr_pat_', run: wordDash, units: 16, label: 'token' },
  { pattern: 'hv[sbr]\\.', run: wordDash, units: 20, label: 'token' },
  { pattern: 'SG\\.', run: dotted, units: 30, label: 'key', mixed: true },
  { pattern: 'whsec_', run: dotted, units: 16, label: 'secret' },
  { pattern: '8Q~', run: dotted, units: 30, label: 'secret', boundary: false },
  { pattern: '[?&;]sig=', run: percent, units: 20, label: 'token', boundary: false },
  // The word "PRIVATE KEY" in base64, at its three offsets.
  { pattern: 'UFJJVkFURSBLRV|BSSVZBVEUgS0|QUklWQVRFIEtFW', run: base64, units: 1, label: 'private-key', boundary: false },
];

function prefixRule({ run, units, label, mixed = false, boundary = true }: Prefix): ShapeRule {
  return ({ text, at, trigger, final }): ShapeAnswer => {
    if (boundary && /[A-Za-z0-9_-]/.test(text[at - 1] ?? '')) return 'no';
    const start = at + trigger.length;
    run.lastIndex = start;
    const length = run.exec(text)?.[0].length ?? 0;
    if (length < units) return start + length === text.length && !final ? 'more' : 'no';
    if (mixed && !/[0-9A-Z]/.test(text.slice(start, start + units))) return 'no';
    return { from: at, to: start + units, replacement: mark(label), swallow: swallowClass(rest) };
  };
}

const maxHeaderUnits = 2048;
const jwtHeader = /[A-Za-z0-9_-]{0,2048}/y;

/** JSON Web Tokens, and registry credentials, which are base64 of JSON, too. */
const jwtRule: ShapeRule = ({ text, at, final }) => {
  if (/[A-Za-z0-9_-]/.test(text[at - 1] ?? '')) return 'no';
  jwtHeader.lastIndex = at;
  const header = jwtHeader.exec(text)?.[0] ?? '';
  const to = at + header.length;
  if (header.startsWith('eyJhdXRocyI6')) return { from: at, to, replacement: mark('registry-auth'), swallow: swallowClass(base64) };
  if (header.length >= 20 && /^eyJ(?:hbGciOi|0eXAiOi|raWQiOi|lbmMiOi|jdHkiOi)/.test(header))
    return { from: at, to, replacement: mark('jwt'), swallow: swallowClass(dotted) };
  if (to === text.length && header.length < maxHeaderUnits) return final ? 'no' : 'more';
  if (header.length < 12 || text[to] !== '.') return 'no';
  jwtHeader.lastIndex = to + 1;
  const payload = jwtHeader.exec(text)?.[0].length ?? 0;
  if (payload >= 10) return { from: at, to, replacement: mark('jwt'), swallow: swallowClass(dotted) };
  return to + 1 + payload === text.length && !final ? 'more' : 'no';
};

/** Bearer tokens and basic credentials outside of a header that names them. */
const schemeRule: ShapeRule = ({ text, at, trigger, final }) => {
  if (/[A-Za-z0-9_-]/.test(text[at - 1] ?? '')) return 'no';
  const gap = /[ \t]{0,5}/y;
  gap.lastIndex = at + trigger.length;
  const space = gap.exec(text)?.[0].length ?? 0;
  const start = at + trigger.length + space;
  if (start === text.length) return final ? 'no' : 'more';
  if (space === 0) return 'no';
  dotted.lastIndex = start;
  const value = (dotted.exec(text)?.[0] ?? '').slice(0, 64);
  if (value.length < 64 && start + value.length === text.length && !final) return 'more';
  if (value.length < 8 || (value.length < 16 && !/\d/.test(value))) return 'no';
  if (/^basic$/i.test(trigger) && !isBasic(value)) return 'no';
  if (!/[0-9A-Z]/.test(value) && value.length < 32) return 'no';
  return {
    from: start,
    to: start + value.length,
    replacement: mark(/^basic$/i.test(trigger) ? 'credential' : 'token'),
    swallow: swallowClass(dotted),
  };
};

const maxUserinfoUnits = 512;
const marks = new RegExp(markSource, 'g');
const plainUserinfo = /[^\s"'`<>@/?#,]{0,512}/y;
const anyUserinfo = /[^\s"'`<>@]{0,512}/y;

/** `scheme://user:password@host`, and long tokens in the user's place. */
const urlRule: ShapeRule = ({ text, at, final }) => {
  const start = at + 3;
  plainUserinfo.lastIndex = start;
  // A mark's own colon is none of the address.
  const masked = (part: string | undefined): string => (part ?? '').replace(marks, (all) => '_'.repeat(all.length));
  const plain = masked(plainUserinfo.exec(text)?.[0]);
  // A slash ends the address, unless what stands before it can be no host and port: then it is a part of a password.
  const ended = /[/?#,]/.test(text[start + plain.length] ?? '');
  if (ended && /^[^:]*(?::\d{0,5})?$/.test(plain)) return 'no';
  anyUserinfo.lastIndex = start;
  const userinfo = ended ? masked(anyUserinfo.exec(text)?.[0]) : plain;
  const end = start + userinfo.length;
  if (userinfo.length >= maxUserinfoUnits) return 'no';
  if (end === text.length) return final ? 'no' : 'more';
  if (text[end] !== '@') return 'no';
  const colon = userinfo.indexOf(':');
  const user = text.slice(start, colon === -1 ? end : start + colon);
  const password = colon === -1 ? '' : text.slice(start + colon + 1, end);
  const token = user.length >= 20 && /\d/.test(user) && !user.includes('[redacted:');
  if (colon === -1 && !token) return 'no';
  const shown = password === '' || isMark(password) || /^(?:\*+|xxx+|\$[{(].*)$/i.test(password) ? password : mark('password');
  // The whole is passed over, so that a second pass sees the same.
  const replacement = `${token ? mark('token') : user}${colon === -1 ? '' : ':'}${shown}`;
  return { from: start, to: end, replacement, swallow: (_text, position) => ({ to: position, done: true }) };
};

const encodedPem = /LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,16}/y;

/** A PEM file in base64, unless it is a certificate or a public key. */
const encodedPemRule: ShapeRule = ({ text, at, final }) => {
  encodedPem.lastIndex = at;
  const start = encodedPem.exec(text)?.[0] ?? '';
  if (start.length < 30 && at + start.length === text.length && !final) return 'more';
  if (/^LS0tLS1CRUdJTi(?:BDRVJU|BQVUJM|BYNTA5|B0cnVz|BUUlVT|BORVcg)/.test(start)) return 'no';
  return { from: at, to: at + start.length, replacement: mark('private-key'), swallow: swallowClass(base64) };
};

interface Trigger {
  readonly pattern: string;
  readonly rule: ShapeRule;
}

/** What begins a secret by its shape, and who decides. No trigger is longer than `triggerUnits`. */
export const shapeTriggers: readonly Trigger[] = [
  { pattern: 'eyJ', rule: jwtRule },
  { pattern: 'LS0tLS1CRUdJTi', rule: encodedPemRule },
  { pattern: '--from-literal', rule: literalRule },
  { pattern: '-u(?= )|--user(?=[= ])', rule: userOptionRule },
  { pattern: 'stringData', rule: flowDataRule },
  { pattern: '://', rule: urlRule },
  { pattern: '[Bb]earer|BEARER|[Bb]asic|BASIC', rule: schemeRule },
  ...prefixes.map((prefix) => ({ pattern: prefix.pattern, rule: prefixRule(prefix) })),
];

/** Length of the longest trigger, in UTF-16 units. */
export const triggerUnits = 28;
