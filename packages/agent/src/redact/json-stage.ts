import { decisionQueue, endValue } from './decision-queue.ts';
import type { Frame } from './json-frames.ts';
import { closeFrame, learn, openFrame } from './json-frames.ts';
import type { StringRole } from './json-roles.ts';
import { learnedKeys, valueRole } from './json-roles.ts';
import { jsonLevel, quoteRole, unescapeJson } from './json-lexer.ts';
import type { MarkLabel } from './marks.ts';
import { mark } from './marks.ts';
import { judgedUnits, judgeValue, labelOfKey } from './sensitive-key.ts';
import type { Transducer } from './transducer.ts';

const maxDepth = 256;
const maxKeyUnits = 256;
/** More than an opening brace and its white space can take, escaped twice. */
const openingUnits = 1000;
const literals = /(?:true|false|null)(?![A-Za-z0-9_])|-?[0-9][0-9.eE+-]*/y;

/**
 * Takes Secrets, environment variables and values under telling keys out of JSON that stands anywhere in a text,
 * at one level of escaping. Whatever is no JSON passes.
 */
export function jsonStage(levelNumber: number, maxHeldUnits: number): Transducer {
  const level = jsonLevel(levelNumber);
  const queue = decisionQueue(maxHeldUnits);
  const special = /["\\\n]/g;
  let frames: Frame[] = [];
  let state: 'text' | 'key' | 'colon' | 'value' | 'next' | 'string' = 'text';
  let canClose = false;
  let role: StringRole = { type: 'pass' };
  let collected = '';
  /** Of a string that is to be judged. */
  let held = '';
  let started = false;
  let flag = '';
  let before = '';
  let buffer = '';
  let at = 0;

  const top = (): Frame | undefined => frames.at(-1);
  /** Passes the next units of the buffer on. */
  const passTo = (to: number): void => {
    queue.pass(buffer, at, to);
    at = to;
  };
  const abort = (cut: boolean): void => {
    if (state === 'string' && role.type === 'judge' && held !== '') judge(role);
    if (frames.length > 0) queue.flush();
    for (const frame of frames.toReversed()) closeFrame(frame, cut);
    frames = [];
    state = 'text';
  };
  /** Does what may answer a frame's doubts. */
  const settle = (frame: Frame, answer: () => void): void => {
    if (frame.data !== undefined || frame.value !== undefined) queue.flush();
    answer();
  };
  const open = (array: boolean): void => {
    frames.push(openFrame(top(), array));
    state = array ? 'value' : 'key';
    canClose = true;
    flag = '';
  };
  const close = (): void => {
    const frame = frames.pop();
    if (frame !== undefined) settle(frame, () => closeFrame(frame, false));
    state = frames.length === 0 ? 'text' : 'next';
  };

  /** Takes the content of the string that is being read, up to `to`. */
  const content = (to: number): void => {
    if (to === at) return;
    if (role.type !== 'pass' && role.type !== 'drop' && collected.length <= maxKeyUnits)
      collected += buffer.slice(at, Math.min(to, at + maxKeyUnits + 1));
    switch (role.type) {
      case 'key':
      case 'learn':
      case 'pass':
        return passTo(to);
      case 'drop':
        if (!started) queue.push(role.replacement, []);
        started = true;
        at = to;
        return;
      case 'cover':
        queue.push(buffer.slice(at, to), started ? role.covers.map(({ doubt }) => ({ doubt, replacement: '' })) : role.covers);
        started = true;
        at = to;
        return;
      case 'judge':
        held += buffer.slice(at, to);
        at = to;
        if (held.length > judgedUnits) judge(role);
        return;
    }
  };
  const judge = ({ key, label }: Extract<StringRole, { type: 'judge' }>): void => {
    const judged = judgeValue(key, unescapeJson(levelNumber, held.slice(0, judgedUnits)), 'document');
    role = judged === undefined ? { type: 'pass' } : { type: 'drop', replacement: mark(label ?? judged) };
    queue.push(judged === undefined ? held : mark(label ?? judged), []);
    started = true;
    held = '';
  };

  const endString = (): void => {
    const frame = top();
    if (role.type === 'judge' && held !== '') judge(role);
    if (role.type === 'cover') queue.flush();
    if (role.type === 'cover') for (const { doubt } of role.covers) endValue(doubt);
    const text = collected.length > maxKeyUnits ? '' : unescapeJson(levelNumber, collected);
    flag = '';
    if (frame !== undefined && role.type === 'key') frame.key = text;
    else if (frame?.array === true && role.type === 'learn' && /^--?[A-Za-z][\w-]*$/.test(text)) flag = text.replace(/^-+/, '');
    else if (frame !== undefined && (role.type === 'learn' || role.type === 'cover') && learnedKeys.has(frame.key))
      settle(frame, () => learn(frame, frame.key, text));
    state = role.type === 'key' ? 'colon' : 'next';
  };
  const startString = (as: StringRole): void => {
    role = as;
    collected = '';
    started = false;
    state = 'string';
  };

  /** Reads on in a string; false where more text is needed. */
  const readString = (final: boolean): boolean => {
    special.lastIndex = at;
    const found = special.exec(buffer);
    if (found === null) {
      content(buffer.length);
      return false;
    }
    content(found.index);
    if (found[0] === '\n') {
      abort(true);
      return true;
    }
    let slashes = 0;
    while (buffer[at + slashes] === '\\') slashes += 1;
    const after = at + slashes;
    if (after >= buffer.length && !final) {
      // Long runs go on in multiples of 512, which leaves what the rest means unchanged.
      const surplus = Math.max(0, Math.floor((slashes - 512) / 512) * 512);
      content(at + surplus);
      return false;
    }
    if (buffer[after] !== '"') {
      // An even run escapes itself, an odd one the character behind it, which is an ordinary one here.
      content(after);
      return true;
    }
    const what = quoteRole(levelNumber, slashes);
    if (what === 'outer') {
      abort(true);
      return true;
    }
    const end = what === 'inside' ? after + 1 : after + 1 - level.quote.length;
    content(end);
    if (what === 'close') {
      endString();
      passTo(at + level.quote.length);
    }
    return true;
  };

  /** Passes text up to the next object; false where more text is needed. */
  const readText = (final: boolean): boolean => {
    const brace = buffer.indexOf('{', at);
    const end = brace === -1 ? buffer.length : brace;
    if (end > at) {
      const text = buffer.slice(at, end);
      before = (text.length >= 48 ? text : before + text).slice(-48);
      passTo(end);
    }
    if (brace === -1) return false;
    level.opening.lastIndex = at;
    const opening = level.opening.exec(buffer)?.[0];
    if (opening === undefined && !final && buffer.length - at < openingUnits && /^\{[\s\\nrt]*$/.test(buffer.slice(at))) return false;
    passTo(at + 1);
    if (opening === undefined || opening.endsWith('}')) {
      before = `${before}{`.slice(-48);
      return true;
    }
    const data = /"(data|stringData)\\*"\s*:\s*$/.exec(before);
    before = '';
    if (data?.[1] !== undefined) {
      open(false);
      const parent = top();
      if (parent !== undefined) parent.key = data[1];
    }
    open(false);
    return true;
  };

  const readScalar = (final: boolean): boolean => {
    literals.lastIndex = at;
    const scalar = literals.exec(buffer)?.[0];
    if (!final && buffer.length - at < 64 && /^[A-Za-z0-9.+-]*$/.test(buffer.slice(at))) return false;
    if (scalar === undefined) {
      abort(true);
      return true;
    }
    const frame = top();
    const numeric = /^[-0-9]/.test(scalar);
    const covered = frame !== undefined && numeric && frame.covers.length > 0;
    const quoted = (label: MarkLabel): string => `${level.quote}${mark(label)}${level.quote}`;
    const dropped =
      frame !== undefined && numeric
        ? frame.drop
          ? 'secret-data'
          : !frame.array && !covered && labelOfKey(frame.key) === 'password'
            ? 'password'
            : undefined
        : undefined;
    if (dropped !== undefined) queue.push(quoted(dropped), []);
    else if (covered)
      queue.push(
        scalar,
        frame.covers.map(({ doubt }) => ({ doubt, replacement: quoted('secret-data') })),
      );
    if (covered) for (const { doubt } of frame.covers) endValue(doubt);
    if (dropped === undefined && !covered) passTo(at + scalar.length);
    else at += scalar.length;
    state = 'next';
    return true;
  };

  /** Reads one token of a structure; false where more text is needed. */
  const readToken = (final: boolean): boolean => {
    level.space.lastIndex = at;
    passTo(at + (level.space.exec(buffer)?.[0].length ?? 0));
    if (at >= buffer.length) return false;
    const rest = buffer.length - at;
    if (buffer[at] === '\\' && rest <= level.quote.length && !final) return false;
    const quoted = buffer.startsWith(level.quote, at);
    const char = buffer[at] ?? '';
    const array = top()?.array === true;
    if (
      (char === '}' && !array && (state === 'next' || (state === 'key' && canClose))) ||
      (char === ']' && array && (state === 'next' || (state === 'value' && canClose)))
    ) {
      passTo(at + 1);
      close();
      return true;
    }
    if (state === 'key' && quoted) startString({ type: 'key' });
    else if (state === 'value' && quoted) startString(valueRole(top(), flag));
    else if (state === 'value' && (char === '{' || char === '[') && frames.length < maxDepth) open(char === '[');
    else if (state === 'colon' && char === ':') state = 'value';
    else if (state === 'next' && char === ',') state = array ? 'value' : 'key';
    else if (state === 'value' && /[-0-9tfn]/.test(char)) return readScalar(final);
    else {
      abort(true);
      return true;
    }
    if (state !== 'key' || char === ',') canClose = char === '{' || char === '[';
    passTo(at + (quoted ? level.quote.length : 1));
    return true;
  };

  const run = (chunk: string, final: boolean): string => {
    if (state === 'text' && buffer === '' && !chunk.includes('{')) {
      if (chunk !== '') before = (chunk.length >= 48 ? chunk : before + chunk).slice(-48);
      queue.push(chunk, []);
    } else {
      buffer += chunk;
      at = 0;
      let more = true;
      while (more && at < buffer.length)
        more = state === 'text' ? readText(final) : state === 'string' ? readString(final) : readToken(final);
      if (final) passTo(buffer.length);
      buffer = final ? '' : buffer.slice(at);
    }
    queue.flush();
    if (final) abort(true);
    return queue.take();
  };

  return { write: (chunk) => run(chunk, false), end: () => run('', true) };
}
