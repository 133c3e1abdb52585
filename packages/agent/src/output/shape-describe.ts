import { estimateTokens } from '../prompt/estimate.ts';
import { cutMiddle, visible } from './visible.ts';

const maxObjects = 500;
const maxLineUnits = 400;
/** A section that does not fit whole is worth showing in part from so many tokens on. */
const minPartTokens = 40;

/** What is shown before what: who it is, how it is, what happened, what runs in it, what it depends on. All else comes last. */
const ranks: readonly RegExp[] = [
  /^(Name|Namespace|Kind)$/,
  /^(Status|Reason|Message|Phase|Conditions|Replicas|Ready|Pods Status|Type)$/,
  /^Events$/,
  /^(Init Containers|Containers|Pod Template|Endpoints)$/,
  /^(Node|IP|Controlled By|Start Time|Selector|Rules|Non-terminated Pods|Allocated resources|Capacity|Allocatable|Taints|Data)$/,
];

interface Section {
  readonly name: string;
  readonly lines: readonly string[];
  readonly rank: number;
}

interface Chosen {
  readonly section: Section;
  readonly text: string;
}

/** Whether a text begins as `kubectl describe` writes it. */
export function looksDescribed(text: string): boolean {
  return /^Name:\s{2,}\S/.test(text);
}

/** What `kubectl describe` wrote, within so many tokens: of each object conditions and events before all else. Undefined where it is something else. */
export function shapeDescribe(text: string, maxTokens: number): string | undefined {
  if (!looksDescribed(text)) return undefined;
  const objects = text
    .split(/\n{2,}(?=Name:\s)/)
    .slice(0, maxObjects)
    .map(sectionsOf);
  const chosen = objects.map((): Chosen[] => []);
  let left = maxTokens;
  const forNotes = objects.length * 12;
  for (let rank = 0; rank <= ranks.length; rank += 1)
    for (const [at, sections] of objects.entries())
      for (const section of sections.filter((one) => one.rank === rank)) {
        const fitted = fit(section, left - forNotes);
        if (fitted === undefined) continue;
        left -= estimateTokens(fitted) + 1;
        chosen[at]?.push({ section, text: fitted });
      }
  const shaped = objects.map((sections, at) => render(sections, chosen[at] ?? [])).filter((object) => object !== '');
  const whole = shaped.join('\n\n');
  return shaped.length < objects.length || estimateTokens(whole) > maxTokens ? undefined : whole;
}

function sectionsOf(object: string): readonly Section[] {
  const sections: { name: string; lines: string[]; rank: number }[] = [];
  for (const line of object.split('\n')) {
    const name = /^(\S[^:]*):/.exec(line)?.[1];
    if (name !== undefined) sections.push({ name, lines: [line], rank: rankOf(name) });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

function rankOf(name: string): number {
  const rank = ranks.findIndex((pattern) => pattern.test(name));
  return rank < 0 ? ranks.length : rank;
}

/** The whole section, or its ends: of events the last ones tell most. */
function fit({ name, lines, rank }: Section, maxTokens: number): string | undefined {
  const rows = lines.filter((line) => line.trim() !== '').map((line) => visible(cutMiddle(line, maxLineUnits)));
  const whole = rows.join('\n');
  if (estimateTokens(whole) <= maxTokens) return whole;
  if (rank > 3 || maxTokens < minPartTokens) return undefined;
  const headShare = name === 'Events' ? 0.2 : 0.7;
  for (let count = rows.length - 1; count >= 3; count = Math.floor(count * 0.8)) {
    const head = Math.max(1, Math.floor(count * headShare));
    const gap = `  [... ${rows.length - count} lines ...]`;
    const part = [...rows.slice(0, head), gap, ...rows.slice(rows.length - (count - head))].join('\n');
    if (estimateTokens(part) <= maxTokens) return part;
  }
  return undefined;
}

function render(sections: readonly Section[], chosen: readonly Chosen[]): string {
  if (chosen.length === 0) return '';
  const shown = new Set(chosen.map(({ section }) => section));
  const left = [...new Set(sections.filter((section) => !shown.has(section)).map(({ name }) => name))];
  return [...chosen.map(({ text }) => text), ...(left.length === 0 ? [] : [`[left out: ${cutMiddle(left.join(', '), 80)}]`])].join('\n');
}
