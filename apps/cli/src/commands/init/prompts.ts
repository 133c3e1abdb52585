import * as clack from '@clack/prompts';
import { left } from './left.ts';
import type { Left } from './left.ts';

/** One of several answers. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** Asks the person in front of the program. Every answer may be a {@link Left}: Ctrl-C. */
export interface Prompts {
  readonly select: (message: string, choices: readonly Choice[], initial?: string) => Promise<string | Left>;
  /** Of a long list: what is typed narrows it. */
  readonly search: (message: string, choices: readonly Choice[], initial?: string) => Promise<string | Left>;
  readonly text: (message: string, placeholder: string, validate: (value: string) => string | undefined) => Promise<string | Left>;
  /** What is typed is not shown; an empty answer is an answer. */
  readonly secret: (message: string, validate: (value: string) => string | undefined) => Promise<string | Left>;
  readonly confirm: (message: string, initial: boolean) => Promise<boolean | Left>;
  readonly say: (message: string, kind: 'title' | 'info' | 'ok' | 'warn' | 'end') => void;
}

const shown = 10;

/** Prompts on the terminal. */
export function terminalPrompts(yes: string, no: string): Prompts {
  const orLeft = (answer: string | symbol | undefined): string | Left => (typeof answer === 'symbol' ? left : (answer ?? ''));
  const optionsOf = (choices: readonly Choice[]): { value: string; label: string; hint?: string }[] =>
    choices.map((choice) => ({ ...choice }));
  return {
    select: async (message, choices, initial) =>
      orLeft(
        await clack.select({
          message,
          options: optionsOf(choices),
          maxItems: shown,
          showInstructions: false,
          ...(initial === undefined ? {} : { initialValue: initial }),
        }),
      ),
    search: async (message, choices, initial) =>
      orLeft(
        await clack.autocomplete({
          message,
          options: optionsOf(choices),
          maxItems: shown,
          ...(initial === undefined ? {} : { initialValue: initial }),
        }),
      ),
    text: async (message, placeholder, validate) =>
      orLeft(await clack.text({ message, placeholder, validate: (value) => validate(value ?? '') })),
    secret: async (message, validate) => orLeft(await clack.password({ message, validate: (value) => validate(value ?? '') })),
    confirm: async (message, initial) => {
      const answer = await clack.confirm({ message, initialValue: initial, active: yes, inactive: no });
      return typeof answer === 'symbol' ? left : answer;
    },
    say: (message, kind) => {
      switch (kind) {
        case 'title':
          return clack.intro(message);
        case 'info':
          return clack.log.info(message);
        case 'ok':
          return clack.log.success(message);
        case 'warn':
          return clack.log.warn(message);
        case 'end':
          return clack.outro(message);
      }
    },
  };
}
