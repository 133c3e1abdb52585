import { type Diagnosis, diagnose } from './diagnose.ts';
import type { Intent } from './intent.ts';
import { flag } from './place.ts';
import type { Read, Printed } from './read.ts';
import type { Words } from './words.ts';

/** Answers a question from what commands print. It is called again until no command is missing. */
export function answerOf(intent: Intent, read: Read, words: Words): string {
  switch (intent.type) {
    case 'wrong': {
      const diagnosis = diagnose(intent.place, read);
      return diagnosis === undefined ? '' : tell(diagnosis, intent, words);
    }
    case 'list':
      return show(read(`kubectl get ${intent.resource}${flag(intent.place)}`), words);
    case 'describe':
      return show(read(`kubectl describe ${intent.resource}/${intent.name}${flag(intent.place)}`), words);
    case 'logs':
      return show(read(`kubectl logs ${intent.resource}/${intent.name}${flag(intent.place)} --tail=50`), words);
    case 'events':
      return show(read(`kubectl get events${flag(intent.place)} --sort-by=.metadata.creationTimestamp`), words);
    case 'scale':
      return done(read(`kubectl scale ${intent.resource}/${intent.name} --replicas=${intent.replicas}${flag(intent.place)}`), words);
    case 'restart':
      return done(read(`kubectl rollout restart ${intent.resource}/${intent.name}${flag(intent.place)}`), words);
    case 'delete':
      return done(read(`kubectl delete ${intent.resource}/${intent.name}${flag(intent.place)}`), words);
    case 'unknown':
      return words.notUnderstood;
  }
}

function show(printed: Printed | undefined, words: Words): string {
  if (printed === undefined) return '';
  return printed.isError ? words.refused(printed.text.trim()) : `\`\`\`\n${printed.text.trimEnd()}\n\`\`\``;
}

function done(printed: Printed | undefined, words: Words): string {
  if (printed === undefined) return '';
  return printed.isError ? words.refused(printed.text.trim()) : words.done(printed.text.trim());
}

function tell({ findings, names, unread, partial }: Diagnosis, intent: Extract<Intent, { type: 'wrong' }>, words: Words): string {
  // A name that nothing has is no all-clear: what is wrong is told in its place.
  const isAbsent = intent.name !== undefined && unread.length === 0 && !partial && !names.some((seen) => seen.includes(intent.name ?? ''));
  const name = isAbsent ? undefined : intent.name;
  const about =
    name === undefined
      ? findings
      : findings.filter((finding) => finding.object.includes(name) || finding.mentions.some((mention) => mention.includes(name)));
  const lines = about.map((finding, index) =>
    [
      `${index + 1}. **${finding.object}**: ${words.causes[finding.cause.type](finding.cause)}`,
      ...finding.evidence.map((evidence) => `   - \`${evidence.replaceAll('`', "'")}\``),
      ...(finding.fix === undefined ? [] : [`   - ${words.fix} \`${finding.fix}\``]),
    ].join('\n'),
  );
  const head = about.length === 0 ? words.nothingWrong(name) : words.found(about.length, name);
  const absent = isAbsent ? [words.absent(intent.name ?? '')] : [];
  const notes = [...unread.map(words.unread), ...(partial ? [words.partial] : [])];
  return [...absent, head, ...lines, ...notes].join('\n\n');
}
