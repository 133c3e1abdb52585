import { estimateTokens } from '../prompt/estimate.ts';
import { noiseFilter } from './noise.ts';
import { severe, templateHash } from './template.ts';
import { cutMiddle, visible } from './visible.ts';

/** What a model is shown of an output. */
export interface OutputView {
  /** One line, without its line feed; `units` is its length where the text is only its ends. */
  line(text: string, units: number): void;
  /** The view within `maxTokens`, and what of the output it is. */
  render(maxTokens: number): RenderedView;
}

/** A view in words. */
export interface RenderedView {
  readonly text: string;
  readonly lines: number;
  /** Undefined where every line is shown. */
  readonly cut: { readonly head: number; readonly notable: number; readonly tailFrom: number } | undefined;
  /** What was left out as noise. */
  readonly noise: readonly string[];
}

/** Lines with one template that stand together. */
interface Run {
  readonly hash: number;
  readonly from: number;
  to: number;
  /** The first ones, and the last. */
  readonly first: string[];
  last: string;
}

interface Kind {
  readonly first: number;
  last: number;
  count: number;
  readonly sample: string;
  readonly severe: boolean;
  readonly around: string[];
}

const maxLineUnits = 2_000;
const maxShownUnits = 400;
const maxKinds = 1_500;
const maxSampleUnits = 300;
const aroundLines = 3;
const firstOfRun = 4;
/** From here on a kind of lines is usual. */
const oftenCount = 10;
/** A line of YAML or JSON: rare lines say little there. */
const structured = /^\s*(?:- +)?(?:"[^"]*"|[\w.\-/]+):(?:\s|$)|^\s*[{}[\]]+,?$/;

/** Collects head, tail, and one line of each kind, while the output goes by; holds less than 2 MiB. */
export function outputView(budgetTokens: number): OutputView {
  const noise = noiseFilter();
  const headTokens = budgetTokens * 0.8;
  const head: Run[] = [];
  const whole: string[] = [];
  const kinds = new Map<number, Kind>();
  let tail: Run[] = [];
  let wholeTokens = 0;
  let headCost = 0;
  let tailUnits = 0;
  let lines = 0;
  let noisy = 0;
  let structuredLines = 0;
  let before = '';
  let follow: Kind | undefined;

  const addRun = (hash: number, text: string, number: number): void => {
    const last = tail.at(-1) ?? head.at(-1);
    if (last !== undefined && last.hash === hash && last.to === number - 1) {
      last.to = number;
      if (last.first.length < firstOfRun) last.first.push(text);
      else last.last = text;
      return;
    }
    const run: Run = { hash, from: number, to: number, first: [text], last: '' };
    if (tail.length === 0 && headCost < headTokens) {
      head.push(run);
      headCost += estimateTokens(text.slice(0, maxShownUnits));
      return;
    }
    tail.push(run);
    tailUnits += text.length;
    if (tail.length > 4096 || tailUnits > 400_000) {
      tail = tail.slice(-Math.max(1, Math.floor(tail.length / 2)));
      tailUnits = tail.reduce((sum, { first }) => sum + (first[0]?.length ?? 0), 0);
    }
  };
  const addKind = (hash: number, text: string, number: number): void => {
    const known = kinds.get(hash);
    if (known !== undefined) {
      known.count += 1;
      known.last = number;
      if (follow !== undefined && follow !== known && follow.around.length < aroundLines) follow.around.push(text.slice(0, maxSampleUnits));
      if (follow === known || (follow !== undefined && follow.around.length >= aroundLines)) follow = undefined;
      return;
    }
    const isSevere = severe.test(text.slice(0, maxLineUnits));
    if (kinds.size >= maxKinds) forget(kinds);
    if (kinds.size >= maxKinds && !isSevere) return;
    // A stack trace belongs to the line that it stands below.
    if (follow !== undefined && /^\s+\S/.test(text) && follow.around.length < aroundLines) {
      follow.around.push(text.slice(0, maxSampleUnits));
      return;
    }
    const kind: Kind = {
      first: number,
      last: number,
      count: 1,
      sample: text.slice(0, maxSampleUnits),
      severe: isSevere,
      around: isSevere && before !== '' ? [before.slice(0, maxSampleUnits)] : [],
    };
    kinds.set(hash, kind);
    follow = isSevere ? kind : undefined;
  };

  return {
    line: (text, units) => {
      lines += 1;
      if (noise.isNoise(text)) {
        noisy += 1;
        return;
      }
      const shown = cutMiddle(text, maxLineUnits, units);
      if (structured.test(shown.slice(0, maxShownUnits))) structuredLines += 1;
      if (wholeTokens <= budgetTokens) {
        whole.push(units > text.length ? cutMiddle(text, text.length, units) : text);
        wholeTokens += estimateTokens(text) + 1;
        if (wholeTokens > budgetTokens) whole.length = 0;
      }
      const hash = templateHash(shown);
      addRun(hash, shown, lines);
      addKind(hash, shown, lines);
      before = shown;
    },
    render: (maxTokens) => {
      const all = visible(whole.join('\n'));
      const left = noisy === 0 ? [] : noise.names();
      if (wholeTokens <= budgetTokens && estimateTokens(all) <= maxTokens) return { text: all, lines, cut: undefined, noise: left };
      return {
        ...renderCut({ head, tail, kinds: structuredLines > lines * 0.6 ? severeOnly(kinds) : kinds, lines, maxTokens }),
        lines,
        noise: left,
      };
    },
  };
}

/** Of a document only what tells of trouble is worth a line of its own. */
function severeOnly(kinds: ReadonlyMap<number, Kind>): ReadonlyMap<number, Kind> {
  return new Map([...kinds].filter(([, kind]) => kind.severe).map(([hash, kind]) => [hash, { ...kind, around: [] }]));
}

/** Makes room: kinds that were seen once and are not severe, the older half of them. */
function forget(kinds: Map<number, Kind>): void {
  const once = [...kinds].filter(([, kind]) => kind.count === 1 && !kind.severe);
  for (const [hash] of once.slice(0, Math.ceil(once.length / 2))) kinds.delete(hash);
}

interface Collected {
  readonly head: readonly Run[];
  readonly tail: readonly Run[];
  readonly kinds: ReadonlyMap<number, Kind>;
  readonly lines: number;
  readonly maxTokens: number;
}

function renderCut({ head, tail, kinds, lines, maxTokens }: Collected): Pick<RenderedView, 'text' | 'cut'> {
  const perLine = Math.max(80, Math.min(maxShownUnits, Math.floor(maxTokens * 0.8)));
  const runs = [...head, ...tail];
  const backwards = runs.toReversed();
  const first = take(runs, maxTokens * 0.3, perLine);
  const last = take(backwards, maxTokens * 0.3, perLine);
  const unusual = chooseKinds(kinds, {
    headTo: first.at(-1)?.to ?? 0,
    tailFrom: last.at(-1)?.from ?? lines + 1,
    maxTokens: maxTokens * 0.3,
    perLine,
  });
  const used = costOf(first, perLine) + unusual.reduce((sum, { tokens }) => sum + tokens, 0);
  // What the unusual lines leave goes to the end, and what that leaves to the beginning.
  const shownTail = take(backwards, Math.max(maxTokens * 0.3, maxTokens * 0.84 - used), perLine).toReversed();
  const shownHead = take(
    runs.slice(0, runs.length - shownTail.length),
    maxTokens * 0.84 - used + costOf(first, perLine) - costOf(shownTail, perLine),
    perLine,
  );
  const headTo = shownHead.at(-1)?.to ?? 0;
  const tailFrom = shownTail[0]?.from ?? lines + 1;
  const usual = frequent(kinds, { headTo, tailFrom, maxTokens: maxTokens * 0.12, perLine: Math.min(perLine, 160) });
  const notable = unusual.filter(({ kind }) => kind.first > headTo && kind.first < tailFrom);
  const hidden = Math.max(0, tailFrom - headTo - 1);
  const gap = [
    `[... ${count(hidden)} lines${usual.length === 0 ? '' : `, mostly like these:`}${usual.length + notable.length === 0 ? ' ...' : ''}]`,
    ...usual,
    ...(notable.length === 0 ? [] : ['[the unusual ones:]', ...notable.map(({ text }) => text)]),
    ...(usual.length + notable.length === 0 ? [] : ['[...]']),
  ];
  const text = [
    ...shownHead.map((run) => renderRun(run, perLine)),
    ...(hidden === 0 ? [] : gap),
    ...shownTail.map((run) => renderRun(run, perLine)),
  ].join('\n');
  return { text, cut: { head: headTo, notable: notable.length, tailFrom } };
}

function costOf(runs: readonly Run[], perLine: number): number {
  return runs.reduce((sum, run) => sum + estimateTokens(renderRun(run, perLine)) + 1, 0);
}

/** As many runs as fit. */
function take(runs: readonly Run[], maxTokens: number, perLine: number): readonly Run[] {
  let cost = 0;
  const end = runs.findIndex((run) => {
    cost += estimateTokens(renderRun(run, perLine)) + 1;
    return cost > maxTokens;
  });
  return end === -1 ? runs : runs.slice(0, end);
}

function renderRun({ from, to, first, last }: Run, perLine: number): string {
  const more = to - from + 1 - first.length - 1;
  const rows = [...first, ...(more >= 0 ? [last] : [])].map((text) => visible(cutMiddle(text, perLine)));
  return (more > 0 ? rows.toSpliced(first.length, 0, `[... ${count(more)} more like it]`) : rows).join('\n');
}

interface KindsPlace {
  readonly headTo: number;
  readonly tailFrom: number;
  readonly maxTokens: number;
  readonly perLine: number;
}

interface ChosenKind {
  readonly kind: Kind;
  readonly text: string;
  readonly tokens: number;
}

/** One line of each kind that neither head nor tail shows: severe ones first, then rare ones; in the order of the output. */
function chooseKinds(kinds: ReadonlyMap<number, Kind>, { headTo, tailFrom, maxTokens, perLine }: KindsPlace): readonly ChosenKind[] {
  const hidden = [...kinds.values()].filter(
    ({ first, count: times, severe: bad }) => first > headTo && first < tailFrom && (bad || times < oftenCount),
  );
  const ranked = hidden.toSorted(
    (one, other) => Number(other.severe) - Number(one.severe) || one.count - other.count || one.first - other.first,
  );
  const chosen: ChosenKind[] = [];
  let cost = 0;
  for (const kind of ranked) {
    const text = renderKind(kind, perLine);
    const tokens = estimateTokens(text) + 1;
    if (cost + tokens > maxTokens) continue;
    cost += tokens;
    chosen.push({ kind, text, tokens });
    if (cost > maxTokens * 0.97) break;
  }
  return chosen.toSorted((one, other) => one.kind.first - other.kind.first);
}

/** How often the most frequent kinds come. */
function frequent(kinds: ReadonlyMap<number, Kind>, { headTo, tailFrom, maxTokens, perLine }: KindsPlace): readonly string[] {
  const often = [...kinds.values()]
    .filter(({ count: times, last, first, severe: bad }) => !bad && times >= oftenCount && last > headTo && first < tailFrom)
    .toSorted((one, other) => other.count - one.count);
  let cost = 0;
  return often.slice(0, 5).flatMap((kind) => {
    const text = `${count(kind.count)} x ${visible(cutMiddle(kind.sample, perLine))}`;
    cost += estimateTokens(text) + 1;
    return cost > maxTokens ? [] : [text];
  });
}

function renderKind({ first, last, count: times, sample, around }: Kind, perLine: number): string {
  const many = times === 1 ? '' : ` (${count(times)} times, until line ${count(last)})`;
  const rows = around.map((line) => `    ${visible(cutMiddle(line, Math.floor(perLine / 2)))}`);
  return [`line ${count(first)}${many}: ${visible(cutMiddle(sample, perLine))}`, ...rows].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
