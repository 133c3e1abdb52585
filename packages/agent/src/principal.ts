/** Who acts: the issuer of the identity and the subject inside it, never a token. */
export interface Principal {
  /** `local` for the user of this process, `token` for a configured bearer token, else the issuer's URL. */
  readonly issuer: string;
  readonly subject: string;
  /** For people; where the cluster is asked in the user's name, the name there. */
  readonly name?: string;
  /** Groups that the issuer puts the subject in. */
  readonly groups?: readonly string[];
}

/** Whether two principals are the same person. */
export function samePrincipal(a: Principal, b: Principal): boolean {
  return a.issuer === b.issuer && a.subject === b.subject;
}

/** Whether two principals may be one person who came in by two doors, such as a token of his own and an identity provider: a name is in common. */
export function mayBeSamePerson(a: Principal, b: Principal): boolean {
  const names = namesOf(a);
  return samePrincipal(a, b) || namesOf(b).some((name) => names.includes(name));
}

function namesOf({ subject, name = subject }: Principal): readonly string[] {
  return [subject, name].map((one) => one.normalize('NFKC').trim().toLowerCase());
}

/** A person as others name it: `issuer#subject`. */
export function personOf({ issuer, subject }: Pick<Principal, 'issuer' | 'subject'>): string {
  return `${issuer}#${subject}`;
}

/** All that a principal may be named as, its name beside its subject: whoever shares something seldom knows a subject. */
export function personsOf(principal: Principal): readonly string[] {
  const { issuer, subject, name } = principal;
  return name === undefined || name === subject ? [personOf(principal)] : [personOf(principal), personOf({ issuer, subject: name })];
}
