import type { Cover } from './decision-queue.ts';
import { decisionQueue, endValue } from './decision-queue.ts';
import type { Frame } from './json-frames.ts';
import { closeFrame, learn, openFrame, valueCover } from './json-frames.ts';
import { isMark, mark } from './marks.ts';
import { judgeValue, labelOfKey, soundsSecret } from './sensitive-key.ts';
import type { Transducer } from './transducer.ts';
import { goesOn, mayBecomeKey, readYamlLine, unquote } from './yaml-line.ts';
import type { YamlLine } from './yaml-line.ts';
import type { LineEnd, LineRules } from './yaml-lines.ts';
import { plainLines } from './yaml-lines.ts';

/** A line's beginning that is read as a whole; what is behind goes the value's way. */
const headUnits = 4096;
const learnedKeys = new Set(['kind', 'apiVersion', 'type', 'name']);
const sectionKeys = new Set(['data', 'stringData']);
interface Level {
  readonly frame: Frame;
  readonly indent: number;
  /** Where the keys of the Secret's data below stand; what stands elsewhere is none of them. */
  section: number | undefined;
}

/** Lines deeper than `indent` are the rest of a value. */
interface Continuation {
  readonly indent: number;
  readonly drop: boolean;
  readonly covers: readonly Cover[];
}

/** What happens to the rest of a line. */
interface Rest {
  readonly drop: boolean;
  readonly covers: readonly Cover[];
  /** True where the whole line goes, with its line feed. */
  readonly whole: boolean;
  readonly newline: readonly Cover[];
}

const passing: Rest = { drop: false, covers: [], whole: false, newline: [] };
const dropLine: Rest = { drop: true, covers: [], whole: true, newline: [] };

const silent = (covers: readonly Cover[]): readonly Cover[] => covers.map(({ doubt }) => ({ doubt, replacement: '' }));

/** Takes Secrets, environment variables and block scalars under telling keys out of YAML that stands anywhere in a text. */
export function yamlStage(maxHeldUnits: number, lines: LineRules = plainLines()): Transducer {
  const queue = decisionQueue(maxHeldUnits);
  let levels: Level[] = [];
  let continuations: Continuation[] = [];
  let rest: Rest | undefined;
  let lineStart = true;
  let buffer = '';
  let at = 0;

  /** Passes so many units of the buffer on, or puts them under covers. */
  const take = (units: number, covers: readonly Cover[]): void => {
    if (covers.length === 0) queue.pass(buffer, at, at + units);
    else queue.push(buffer.slice(at, at + units), covers);
    at += units;
  };
  /** Does what may answer a frame's doubts. */
  const settle = (frame: Frame, answer: () => void): void => {
    if (frame.data !== undefined || frame.value !== undefined) queue.flush();
    answer();
  };
  const popFrames = (keep: (level: Level) => boolean, cut = false): void => {
    for (let top = levels.at(-1); top !== undefined && !keep(top); top = levels.at(-1)) {
      const { frame } = top;
      settle(frame, () => closeFrame(frame, cut));
      levels = levels.slice(0, -1);
    }
  };
  /** Leaves a line's beginning out. */
  const leave = (head: string, way: Rest): Rest => {
    at += head.length;
    return way;
  };
  const covered = (frame: Frame | undefined): boolean => frame !== undefined && (frame.drop || frame.covers.length > 0);
  /** The frame that a line below the top one's key belongs to; a value's own lines start afresh. */
  const below = (inValue: boolean, list: boolean): Frame => {
    const parent = levels.at(-1)?.frame;
    if (parent === undefined) return openFrame(undefined, false);
    const from: Frame = { ...parent, ...(inValue ? { covers: [], drop: false } : {}), ...(list ? { key: '' } : {}) };
    const frame = openFrame(from, false);
    parent.data = from.data;
    return frame;
  };

  /** A comment, or what is no member, between a Secret's data. */
  const strayLine = (head: string, indent: number, section: Frame, lineCovers: readonly Cover[]): Rest => {
    const replacement = `${head.startsWith('#', indent) ? '# ' : ''}${mark('secret-data')}`;
    take(indent, lineCovers);
    if (section.drop) {
      queue.push(replacement, lineCovers);
      at += head.length - indent;
      return { drop: true, covers: [], whole: false, newline: lineCovers };
    }
    const covers = [...lineCovers, ...section.covers.map(({ doubt }) => ({ doubt, replacement }))];
    take(head.length - indent, covers);
    return { drop: false, covers: silent(covers), whole: false, newline: lineCovers };
  };

  /** A line that is no member: the rest of something, a comment, or no YAML at all. */
  const plainLine = (head: string, line: YamlLine, lineCovers: readonly Cover[], inValue: boolean): Rest => {
    if (line.type === 'other') popFrames(({ indent }) => indent < line.indent || (indent === line.indent && /^[ \t]*-(?: |$)/.test(head)));
    const parent = levels.at(-1);
    const anyIndent = line.type === 'blank' || line.type === 'comment';
    const inSection = !inValue && parent !== undefined && sectionKeys.has(parent.frame.key) && (anyIndent || line.indent > parent.indent);
    const section = inSection ? below(false, false) : parent?.frame;
    if (section !== undefined && covered(section)) {
      // It stays a line, so that what stands around it keeps its place.
      if (line.type !== 'blank') return strayLine(head, line.indent, section, lineCovers);
      if (section.drop) return leave(head, dropLine);
      const covers = [...lineCovers, ...silent(section.covers)];
      take(head.length, covers);
      return { drop: false, covers, whole: false, newline: covers };
    }
    take(head.length, lineCovers);
    return { drop: false, covers: lineCovers, whole: false, newline: lineCovers };
  };

  const keyLine = (head: string, line: Extract<YamlLine, { type: 'key' }>, lineCovers: readonly Cover[], inValue: boolean): Rest => {
    popFrames(({ indent }) => (line.dash ? indent <= line.indent : indent <= line.column));
    const top = levels.at(-1);
    if (top === undefined || top.indent !== line.column || line.dash) {
      const frame = below(inValue, line.dash);
      if (top !== undefined && covered(frame) && sectionKeys.has(top.frame.key)) {
        top.section ??= line.column;
        if (top.section !== line.column) return plainLine(head, line, lineCovers, inValue);
      }
      levels = [...levels, { frame, indent: line.column, section: undefined }];
    }
    const level = levels.at(-1);
    if (level === undefined) return { drop: false, covers: lineCovers, whole: false, newline: lineCovers };
    const { frame } = level;
    frame.key = line.key;
    level.section = undefined;
    take(line.valueAt, lineCovers);
    const value = head.slice(line.valueAt);
    const way = wayOf(frame, line);
    const through = (): Rest => {
      take(value.length, lineCovers);
      return { drop: false, covers: lineCovers, whole: false, newline: lineCovers };
    };
    if (way === undefined) {
      if (learnedKeys.has(line.key)) settle(frame, () => learn(frame, line.key, plain(line.value)));
      return through();
    }
    const empty = line.value === '' || /^(?:""|''|\{\}|\[\]|null|~)$/.test(unquoteComment(line.value));
    const covers = way.drop ? [] : [...lineCovers, ...way.covers];
    continuations = [...continuations, { indent: line.column, drop: way.drop, covers: silent(covers) }];
    if (empty) return through();
    if (way.drop) {
      queue.push(way.replacement + (value.endsWith('\r') ? '\r' : ''), lineCovers);
      at += value.length;
      return { drop: true, covers: [], whole: false, newline: lineCovers };
    }
    const scalar = value.replace(/\s+$/, '');
    take(scalar.length, covers);
    take(value.length - scalar.length, lineCovers);
    queue.flush();
    for (const { doubt } of way.covers) endValue(doubt);
    if (learnedKeys.has(line.key)) settle(frame, () => learn(frame, line.key, plain(line.value)));
    return { drop: false, covers: silent(covers), whole: false, newline: lineCovers };
  };

  /** What is done with a member's value. */
  const wayOf = (
    frame: Frame,
    line: Extract<YamlLine, { type: 'key' }>,
  ): { drop: boolean; covers: readonly Cover[]; replacement: string } | undefined => {
    if (frame.drop) return { drop: true, covers: [], replacement: mark('secret-data') };
    if (frame.covers.length > 0) return { drop: false, covers: frame.covers, replacement: '' };
    if (sectionKeys.has(line.key) && /^[{|>"']/.test(line.value)) {
      const section = openFrame(frame, false);
      if (covered(section)) return { drop: section.drop, covers: section.covers, replacement: mark('secret-data') };
    }
    if (line.key === 'value' && line.value !== '') {
      const text = plain(line.value);
      if (isMark(line.value) || (!goesOn(line.value) && judgeValue('PASSWORD', text, 'document') === undefined)) return undefined;
      const cover = valueCover(frame);
      if (cover !== undefined) return { drop: cover === 'drop', covers: cover === 'drop' ? [] : [cover], replacement: mark('env') };
    }
    if (goesOn(line.value)) {
      const label = labelOfKey(line.key) ?? (/^[A-Z][A-Z0-9_]+$/.test(line.key) && soundsSecret(line.key) ? 'env' : undefined);
      if (label !== undefined) return { drop: true, covers: [], replacement: mark(label) };
    }
    return undefined;
  };

  /** Takes a line, or its beginning, in. */
  const readLine = (head: string): Rest => {
    const line = readYamlLine(head);
    if (line.type === 'separator') {
      popFrames(() => false);
      continuations = [];
      take(head.length, []);
      return passing;
    }
    const inside = ({ indent }: Continuation): boolean => line.type === 'blank' || line.indent > indent;
    while (continuations.length > 0 && !continuations.every(inside)) continuations = continuations.slice(0, -1);
    const current = continuations.at(-1);
    if (current?.drop === true) return leave(head, dropLine);
    const lineCovers = current?.covers ?? [];
    return line.type === 'key'
      ? keyLine(head, line, lineCovers, current !== undefined)
      : plainLine(head, line, lineCovers, current !== undefined);
  };

  /** Takes what is left of a line, up to its line feed. */
  const takeRest = (way: Rest, to: number): void => {
    if (way.drop) at = to;
    else take(to - at, way.covers);
  };
  const endLine = (way: Rest, end: LineEnd): void => {
    if (way.whole && !end.hard) at += end.width;
    else if (!end.hard) take(end.width, way.newline);
    rest = undefined;
    lineStart = true;
    if (!end.hard) return;
    popFrames(() => false, true);
    continuations = [];
    take(end.width, []);
  };

  /** True where the beginning of a line is enough to know what becomes of the rest. */
  const settled = (head: string): boolean => {
    if (head.length >= headUnits) return true;
    if (mayBecomeKey(head)) return false;
    const top = levels.at(-1)?.frame;
    if (continuations.length > 0 || covered(top) || sectionKeys.has(top?.key ?? '')) return false;
    const line = readYamlLine(head);
    if (line.type !== 'key') return line.type !== 'separator' && line.type !== 'blank';
    if (line.valueAt >= head.length) return false;
    return (
      !learnedKeys.has(line.key) && !sectionKeys.has(line.key) && line.key !== 'value' && !/^[|>"'!&]/.test(line.value) && line.value !== ''
    );
  };

  /** Goes on by one step; false where more text is needed. */
  const step = (final: boolean): boolean => {
    const end = rest !== undefined || lineStart ? lines.end(buffer, at, final) : undefined;
    if (rest !== undefined && end !== undefined) {
      takeRest(rest, end.at);
      if (end.width > 0) endLine(rest, end);
      return end.width > 0;
    }
    const idle = levels.length === 0 && continuations.length === 0;
    if (idle) {
      const idled = lines.idle(buffer, at, { lineStart, final });
      if (idled.to > at) {
        take(idled.to - at, []);
        lineStart = idled.lineStart;
        return at < buffer.length;
      }
    }
    if (end === undefined) return false;
    const head = buffer.slice(at, end.at);
    if (end.width === 0 && !final && !settled(head)) return false;
    const taken = head.slice(0, headUnits);
    const ordinary = idle && !lines.begins(taken);
    if (ordinary) take(taken.length, []);
    rest = ordinary ? passing : readLine(taken);
    return true;
  };

  const run = (chunk: string, final: boolean): string => {
    buffer += chunk;
    at = 0;
    while (at < buffer.length && step(final));
    queue.flush();
    buffer = buffer.slice(at);
    if (final) popFrames(() => false, true);
    return queue.take();
  };

  return { write: (chunk) => run(chunk, false), end: () => run('', true) };
}

/** A scalar without quotes, also where they are written inside a JSON string. */
function plain(value: string): string {
  return unquote(value.replace(/^\\+(?=["'])|\\+(?=["']$)/g, ''));
}

/** A flow or empty value without the comment behind it. */
function unquoteComment(value: string): string {
  return value.replace(/\s+#.*$/, '');
}
