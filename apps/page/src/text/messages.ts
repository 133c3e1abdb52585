import type { WireGrantOffer } from '@kw/sdk-js';
import { english } from './messages-en.ts';
import { chinese } from './messages-zh.ts';

/** Every sentence of the page, in one language. */
export interface Messages {
  readonly ask: string;
  readonly askHint: string;
  readonly send: string;
  readonly stop: string;
  readonly newSession: string;
  readonly sessions: string;
  readonly search: string;
  readonly noSessions: string;
  readonly rename: string;
  readonly remove: string;
  readonly removeSure: (title: string) => string;
  readonly save: string;
  readonly cancel: string;
  readonly context: string;
  readonly namespace: string;
  readonly allOf: string;
  readonly thinking: string;
  readonly thought: (seconds: number) => string;
  readonly running: string;
  readonly waiting: string;
  readonly waitsForOthers: string;
  readonly needsAnswer: string;
  readonly showMenu: string;
  readonly theme: string;
  readonly themes: Readonly<Record<'auto' | 'light' | 'dark', string>>;
  readonly language: string;
  readonly approvalTitle: (tool: string) => string;
  /** Of what a running call wants to know. */
  readonly questionTitle: (tool: string) => string;
  readonly yes: string;
  readonly no: string;
  readonly whyNot: string;
  readonly again: (why: string) => string;
  readonly target: string;
  /** As whom it acts. */
  readonly identity: string;
  /** Whose credentials are used where it acts as somebody else. */
  readonly credentialsOf: (user: string) => string;
  /** Where a question acts, in one line. */
  readonly actsOn: (target: { readonly context: string; readonly namespace?: string; readonly as: string }) => string;
  readonly fourEyesOwner: string;
  readonly fourEyesOther: (owner: string) => string;
  readonly approversAre: (names: string) => string;
  readonly nameApprover: string;
  readonly mayNotAnswer: string;
  readonly why: string;
  readonly changes: string;
  readonly noPreview: (reason: string) => string;
  readonly actions: Readonly<Record<'create' | 'update' | 'delete' | 'unchanged', string>>;
  readonly more: (count: number) => string;
  readonly approve: string;
  readonly decline: string;
  readonly always: (label: string) => string;
  /** The calls that a grant covers. */
  readonly grantedCalls: (calls: NonNullable<WireGrantOffer['calls']>) => string;
  /** A command ran unasked. */
  readonly byGrant: (label: string | undefined) => string;
  readonly exactly: string;
  /** Why no more may be granted, by its code. */
  readonly ungranted: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly answered: Readonly<Record<'approve' | 'deny' | 'expire' | 'supersede', string>>;
  readonly answeredQuestion: Readonly<Record<'approve' | 'deny' | 'expire' | 'supersede', string>>;
  readonly answeredBy: (decision: string, name: string) => string;
  readonly effects: Readonly<Record<string, string>>;
  readonly outcomes: Readonly<Record<string, string>>;
  readonly output: string;
  readonly wholeOutput: string;
  readonly lines: (from: number, to: number, total: number) => string;
  readonly copy: string;
  readonly copied: string;
  readonly plot: string;
  readonly table: string;
  readonly statuses: Readonly<Record<'limit' | 'cancelled' | 'error', string>>;
  readonly usage: (input: number, output: number) => string;
  readonly token: string;
  readonly tokenHint: string;
  readonly enter: string;
  readonly wrongToken: string;
  readonly welcome: string;
  /** Why the service can not answer yet, by code. */
  readonly agents: Readonly<Record<string, string>>;
  readonly examples: readonly string[];
  readonly failed: (message: string) => string;
  readonly retrying: (seconds: number) => string;
  readonly compacted: string;
  /** Failures for which the page has a better sentence than whoever told them, by code. */
  readonly failures: Readonly<Record<string, string>>;
  readonly lost: string;
  readonly share: string;
  readonly shareHint: string;
  readonly sharedWith: (count: number) => string;
  readonly viewers: string;
  readonly approvers: string;
  readonly nobody: string;
  readonly addPerson: string;
  readonly add: string;
  readonly removePerson: (name: string) => string;
  /** What the session is to somebody who does not own it. */
  readonly roles: Readonly<Record<'approver' | 'viewer', (owner: string) => string>>;
  readonly sharedBy: (owner: string) => string;
  readonly somebody: string;
  readonly readOnly: string;
  /** What is said where the user's token lacks a scope. */
  readonly without: Readonly<Record<'chat' | 'approve', string>>;
  readonly signedIn: (name: string) => string;
  readonly discarded: string;
  readonly conversation: string;
  readonly skip: string;
}

/** The languages of the page. */
export type Language = 'en' | 'zh';

/** The sentences of a language. */
export function messagesIn(language: Language): Messages {
  return language === 'zh' ? chinese : english;
}
