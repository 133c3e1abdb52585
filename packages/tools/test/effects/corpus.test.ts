import { describe, expect, it } from 'vitest';
import { judgeShell } from '../../src/bash/judge-shell.ts';
import { judgeKubectl } from '../../src/kubectl/judge-kubectl.ts';
import { readCorpus } from './corpus.ts';

describe.each(['reads', 'changes', 'bypasses'])('kubectl commands of %s.txt', (name) => {
  it.each(readCorpus(name))('$effect $traits: $command', ({ effect, traits, command }) => {
    const judgement = command.startsWith('$ ') ? judgeShell(command.slice(2)) : judgeKubectl(command);
    expect({ effect: judgement.effect, traits: judgement.traits.join(','), reasons: judgement.reasons }).toMatchObject({ effect, traits });
  });
});

describe('shell lines of shell.txt', () => {
  it.each(readCorpus('shell'))('$effect $traits: $command', ({ effect, traits, command }) => {
    const judgement = judgeShell(command);
    expect({ effect: judgement.effect, traits: judgement.traits.join(','), reasons: judgement.reasons }).toMatchObject({ effect, traits });
  });
});
