import type { JsonObject, JsonValue } from '@kw/agent';
import { isRecord, textOf } from '../json.ts';
import type { UserPrompt } from './backend.ts';
import { rpcCodes, rpcError } from './rpc.ts';

interface OwnPrompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly description: string; readonly required: boolean }[];
  readonly text: (given: ReadonlyMap<string, string>) => string;
}

const where = (given: ReadonlyMap<string, string>): string => {
  const namespace = given.get('namespace');
  return namespace === undefined ? '' : ` in the namespace ${namespace}`;
};

const builtIn: readonly OwnPrompt[] = [
  {
    name: 'diagnose',
    title: 'Find out what is wrong',
    description: 'Finds the cause of a problem in the cluster, with evidence.',
    arguments: [
      { name: 'problem', description: 'What is seen, such as "checkout answers 503".', required: true },
      { name: 'namespace', description: 'Where to look first.', required: false },
    ],
    text: (given) =>
      `Find the cause of this problem in my Kubernetes cluster${where(given)}: ${given.get('problem') ?? ''}\n\n` +
      'Look at states, events, logs of the current and the previous container, and what changed last. Say the cause, the evidence for it, ' +
      'and the smallest fix as a command. Change nothing before I agree.',
  },
  {
    name: 'cluster-health',
    title: 'Is the cluster well?',
    description: 'A short report of what is not well in the cluster.',
    arguments: [{ name: 'namespace', description: 'Only this namespace.', required: false }],
    text: (given) =>
      `How is my Kubernetes cluster${where(given)}? Look at nodes, workloads that are not ready, restarts, pending pods and volumes, and warning events. ` +
      'List what is not well, the worst first, each with one line of evidence. Only read.',
  },
];

/** The prompts of our own, as they are listed. */
export function listedPrompts(user: readonly UserPrompt[]): readonly JsonObject[] {
  return [
    ...builtIn.map(({ name, title, description, arguments: own }) => ({
      name,
      title,
      description,
      arguments: own.map((each) => ({ ...each })),
    })),
    ...user.map(({ name, description, text }) => ({
      name,
      title: name,
      ...(description === undefined ? {} : { description }),
      arguments: placeholders(text).map((argument) => ({ name: argument, required: true })),
    })),
  ];
}

/** One of our own prompts with its arguments put in; undefined where there is none of that name. Throws an error that names a missing argument. */
export function ownPrompt(name: string, given: JsonValue | undefined, user: readonly UserPrompt[]): JsonObject | undefined {
  const values = new Map(
    isRecord(given) ? Object.entries(given).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]) : [],
  );
  const own = builtIn.find((prompt) => prompt.name === name);
  const theirs = user.find((prompt) => prompt.name === name);
  if (own === undefined && theirs === undefined) return undefined;
  const needed =
    own === undefined
      ? placeholders(theirs?.text ?? '')
      : own.arguments.filter(({ required }) => required).map((argument) => argument.name);
  const missing = needed.find((argument) => !values.has(argument));
  if (missing !== undefined) throw rpcError(rpcCodes.invalidParams, `the prompt ${name} needs the argument ${missing}`);
  const text = own === undefined ? fill(theirs?.text ?? '', values) : own.text(values);
  const description = own?.description ?? theirs?.description;
  return { ...(description === undefined ? {} : { description }), messages: [{ role: 'user', content: { type: 'text', text } }] };
}

/** The names of the prompts that are always there. */
export const builtInPrompts: ReadonlySet<string> = new Set(builtIn.map(({ name }) => name));

function placeholders(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{\{([\w-]+)\}\}/g)].map(([, name]) => name ?? ''))];
}

function fill(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{\{([\w-]+)\}\}/g, (whole, name: string) => values.get(name) ?? whole);
}

/** The text of an argument that a client gave. */
export function argumentOf(params: JsonObject): { readonly name: string; readonly value: string } {
  const { argument } = params;
  return isRecord(argument) ? { name: textOf(argument, 'name') ?? '', value: textOf(argument, 'value') ?? '' } : { name: '', value: '' };
}
