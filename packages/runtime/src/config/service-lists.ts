import { KwError } from '@kw/providers';
import * as v from 'valibot';
import type { ConfigFile } from './load.ts';
import type { AccessRule, ServiceLists, ServiceScope, ServiceToken } from './service-config.ts';

/** A list of the file, and where it stands. */
export interface WrittenList {
  readonly value: unknown;
  readonly origin: string;
}

const scopes: readonly ServiceScope[] = ['read', 'chat', 'approve', 'admin'];
const ordinaryScopes: readonly ServiceScope[] = ['read', 'chat', 'approve'];
const minTokenCharacters = 16;

const scopesSchema = v.pipe(
  v.array(v.picklist(scopes, 'scopes are read, chat, approve and admin')),
  v.minLength(1, 'at least one scope is needed'),
);
const nameSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._@:-]{0,127}$/, 'a name is made of letters, digits and . _ - @ :'));
const tokenSchema = v.strictObject({
  name: nameSchema,
  token: v.optional(v.string()),
  'token-file': v.optional(v.string()),
  scopes: v.optional(scopesSchema),
  groups: v.optional(v.array(v.string())),
});
const ruleSchema = v.strictObject({ user: v.optional(v.string()), group: v.optional(v.string()), scopes: scopesSchema });

/** Reads `auth-tokens` and `access`. Throws KwError `bad-configuration` naming the entry, the field and what is possible; never a token. */
export async function parseServiceLists(
  { tokens, access }: { readonly tokens: WrittenList | undefined; readonly access: WrittenList | undefined },
  readFile: (path: string) => Promise<ConfigFile | undefined>,
): Promise<ServiceLists> {
  return {
    tokens: tokens === undefined ? [] : await parseTokens(tokens, readFile),
    ...(access !== undefined && { access: parseAccess(access) }),
  };
}

async function parseTokens(
  { value, origin }: WrittenList,
  readFile: (path: string) => Promise<ConfigFile | undefined>,
): Promise<readonly ServiceToken[]> {
  const written = parsed(v.array(tokenSchema), value, `${origin}: auth-tokens`);
  const known = new Map<string, string>();
  const found: ServiceToken[] = [];
  for (const { name, token, scopes: allowed, groups = [], 'token-file': file } of written) {
    const where = `${origin}: auth-tokens: ${name}`;
    if ((token === undefined) === (file === undefined)) throw bad(`${where}: give it either token or token-file`);
    const secret = token ?? (await fromFile(file ?? '', where, readFile));
    if (!/^[\w.~+/=-]+$/.test(secret)) throw bad(`${where}: a token is made of letters, digits and - . _ ~ + / =`);
    if (secret.length < minTokenCharacters)
      throw bad(`${where}: a token has at least ${minTokenCharacters} characters; \`openssl rand -base64 32\` makes one`);
    if (found.some((other) => other.name === name)) throw bad(`${where}: there are two tokens of this name`);
    const other = known.get(secret);
    if (other !== undefined) throw bad(`${where}: it has the same token as ${other}`);
    known.set(secret, name);
    if (name.startsWith('system:') || groups.some((group) => group.startsWith('system:')))
      throw bad(`${where}: names and groups must not begin with "system:"`);
    found.push(Object.freeze({ name, token: secret, scopes: allowed ?? ordinaryScopes, groups }));
  }
  return Object.freeze(found);
}

async function fromFile(path: string, where: string, readFile: (path: string) => Promise<ConfigFile | undefined>): Promise<string> {
  const file = await readFile(path).catch(() => undefined);
  if (file === undefined) throw bad(`${where}: token-file ${path} can not be read`);
  return file.text.trim();
}

function parseAccess({ value, origin }: WrittenList): readonly AccessRule[] {
  const where = `${origin}: access`;
  return Object.freeze(
    parsed(v.array(ruleSchema), value, where).map(({ user, group, scopes: allowed }) => {
      if ((user === undefined) === (group === undefined)) throw bad(`${where}: each rule names either a user or a group`);
      return Object.freeze({ ...(user !== undefined && { user }), ...(group !== undefined && { group }), scopes: allowed });
    }),
  );
}

function parsed<S extends v.GenericSchema>(schema: S, value: unknown, where: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue?.path?.map(({ key }) => String(key)).join('.') ?? '';
  // the value is not told: it may be a token
  const what =
    issue?.type === 'regex' || issue?.type === 'picklist' || issue?.type === 'min_length'
      ? issue.message
      : `${wordFor(issue?.expected)} is expected`;
  throw bad(`${where}${path === '' ? '' : `.${path}`}: ${what}`);
}

function bad(message: string): KwError {
  return new KwError('bad-configuration', message);
}

const words = new Map([
  ['Array', 'a list'],
  ['Object', 'a map'],
  ['string', 'a text'],
  ['never', 'no such key'],
]);

function wordFor(expected: string | null | undefined): string {
  return words.get(expected ?? '') ?? expected ?? 'another value';
}
