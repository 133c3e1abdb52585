import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freezeTarget, isKubeError, loadKubeconfig } from '../../src/index.ts';
import { createFolder } from '../support/folder.ts';
import { testHost } from '../support/host.ts';
import { base64, kubeconfigOf } from '../support/kubeconfig.ts';

const config = (cluster: object, user: object = {}): string => kubeconfigOf({ cluster, user });
const exec = (fields: object): string =>
  config({}, { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', interactiveMode: 'Never', ...fields } });
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
  .split('')
  .map((name, index) => `${name}: &${name} [${`*${'abcdefghi'[index]},`.repeat(9)}]`)
  .join('\n')}\n`;

// Each text, and what its one error says.
const texts: readonly (readonly [name: string, text: string | Uint8Array, message: RegExp])[] = [
  ['aliases that explode', `${bomb}clusters: *i\n`, /aliases expand/],
  ['nesting that exhausts the stack', `clusters: ${'['.repeat(100_000)}`, /nested deeper than 64/],
  ['nesting beyond 64 levels', `clusters: ${'['.repeat(100)}${']'.repeat(100)}`, /nested deeper than 64/],
  ['a token instead of a kubeconfig', 'hunter2', /the file must be a mapping, not a string/],
  ['a million keys', Array.from({ length: 300_000 }, (_, index) => `k${index}: v`).join('\n'), /more than 120000 words and signs/],
  ['a million empty lines', '\n'.repeat(1_000_000), /more than 120000 words and signs/],
  ['anchors upon anchors', '&a '.repeat(50_000), /at most one anchor/],
  ['a file above 4 MiB', `# ${'x'.repeat(5 * 1024 * 1024)}`, /larger than 4194304 bytes/],
  ['a binary file', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe]), /not UTF-8/],
  ['a NUL in the text', 'current-context: a\0b', /NUL/],
  ['broken YAML', 'clusters: [', /can't be read as YAML/],
  ['two documents', 'kind: Config\n---\nkind: Config\n', /can't be read as YAML.*documents/],
  ['a duplicate key', 'current-context: a\ncurrent-context: b\n', /the key "current-context" stands twice/],
  ['a custom tag', 'clusters: !!js/function "x"', /must be a list|can't be read as YAML|tag/],
  ['a list at the top', '- a\n- b\n', /must be a mapping, not a list/],
  ['another kind', 'apiVersion: v1\nkind: Secret\n', /kind is "Secret"/],
  ['another version', 'apiVersion: v2\nkind: Config\n', /apiVersion is "v2"/],
  ['clusters as a mapping', 'clusters: {a: b}', /clusters must be a list, not a mapping/],
  ['an entry without a name', 'clusters: [{cluster: {}}]', /clusters\[0\] has no name/],
  ['a name twice', 'users: [{name: a, user: {}}, {name: a, user: {}}]', /users has the name "a" twice/],
  [
    'a number as a token',
    'users: [{name: a, user: {token: 12345}}]',
    /users\[0\]\.user\.token must be a string, not a number \(put quotes round it\)/,
  ],
  ['a word as a switch', config({ 'insecure-skip-tls-verify': 'yes' }), /insecure-skip-tls-verify must be true or false/],
  ['data that is not base64', config({ 'certificate-authority-data': '***' }), /certificate-authority-data is not base64/],
  ['a file made without --raw', config({ 'certificate-authority-data': 'DATA+OMITTED' }), /kubectl config view --raw/],
  ['data that is not text', config({ 'certificate-authority-data': '/////w==' }), /certificate-authority-data does not hold PEM text/],
  ['an authority without a certificate', config({ 'certificate-authority-data': base64('hello') }), /holds no PEM certificate/],
  [
    'an authority with a broken certificate',
    config({ 'certificate-authority-data': base64('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n') }),
    /broken certificate/,
  ],
  ['an authority and no verification', config({ 'certificate-authority': '/etc/hostname', 'insecure-skip-tls-verify': true }), /keep one/],
  ['no server', config({ server: '' }), /has no server/],
  ['a server with a password', config({ server: 'https://admin:hunter2@host:6443' }), /user name or a password in its address/],
  ['a server with another scheme', config({ server: 'ftp://host' }), /scheme "ftp:"/],
  ['a server that is a file', config({ server: 'file:///etc/passwd' }), /not a URL|scheme/],
  ['a server that is script', config({ server: 'javascript:alert(1)' }), /not a URL|no scheme/],
  ['a server with a query', config({ server: 'https://host:6443?x=1' }), /query or a fragment/],
  ['a server with a newline', config({ server: 'https://host\nevil: 1' }), /can't be shown/],
  ['a server with a right-to-left override', config({ server: 'https://\u202ehost' }), /can't be shown: "https:\/\/\\u202ehost"/],
  ['a proxy of another kind', config({ 'proxy-url': 'gopher://proxy:70' }), /proxy-url.*scheme "gopher:"/],
  ['a context without a cluster', 'current-context: a\ncontexts: [{name: a, context: {user: u}}]', /names no cluster/],
  ['a cluster that is not there', 'current-context: a\ncontexts: [{name: a, context: {cluster: nope}}]', /names the cluster "nope"/],
  [
    'a user that is not there',
    'current-context: a\nclusters: [{name: c, cluster: {server: "https://h"}}]\ncontexts: [{name: a, context: {cluster: c, user: ghost}}]',
    /names the user "ghost"/,
  ],
  ['a namespace that is none', kubeconfigOf({ namespace: '../kube-system' }), /"\.\.\/kube-system" can't be the name of a namespace/],
  ['a certificate without its key', config({}, { 'client-certificate': '/x' }), /without its client-key/],
  ['a key without its certificate', config({}, { 'client-key': '/x' }), /without its client certificate/],
  ['two ways to say who one is', config({}, { token: 'x', username: 'u', password: 'p' }), /keep one/],
  ['groups without a user', config({}, { 'as-groups': ['system:masters'] }), /need a user to impersonate/],
  ['a legacy auth provider', config({}, { 'auth-provider': { name: 'gcp' } }), /auth-provider "gcp".*gke-gcloud-auth-plugin/],
  ['an exec plugin without a command', exec({ command: '' }), /exec\.command is missing/],
  ['an exec plugin of a removed version', exec({ apiVersion: 'client.authentication.k8s.io/v1alpha1' }), /v1alpha1 was removed/],
  ['an exec plugin without interactiveMode in v1', exec({ interactiveMode: null }), /interactiveMode must be/],
  ['an exec plugin that needs a terminal', exec({ interactiveMode: 'Always' }), /needs a terminal/],
  [
    'an exec plugin that is not installed',
    exec({ command: 'no-such-plugin', installHint: 'See https://example.com/install' }),
    /"no-such-plugin".*is not on PATH\. See https:\/\/example\.com\/install/,
  ],
  ['an exec argument with a NUL', exec({ args: ['a\0b'] }), /NUL/],
  ['an exec variable with = in its name', exec({ env: [{ name: 'A=B', value: 'x' }] }), /name of an environment variable/],
];

describe('hostile kubeconfig files', () => {
  it.each(texts)('%s gives one clear error', async (_name, text, message) => {
    const folder = await createFolder();
    await folder.write('.kube/config', text);
    const error: unknown = await freezeTarget({ host: testHost(folder) }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(isKubeError(error)).toBe(true);
    expect(error).toHaveProperty('message', expect.stringMatching(message));
    const shown = error instanceof Error ? error.message : '';
    expect(shown).not.toMatch(/hunter2|\n|\u202e/);
    expect(shown.length).toBeLessThan(1_500);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a context named %s is a name like any other', async (name) => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({ context: name }));
    const host = testHost(folder);
    await expect(freezeTarget({ host })).resolves.toMatchObject({ context: name, server: 'https://dev.example.com:6443' });
    await expect(freezeTarget({ host, context: 'valueOf' })).rejects.toMatchObject({ code: 'unknown-context' });
    expect(Object.prototype).not.toHaveProperty('server');
  });

  it('a __proto__ key changes no prototype', async () => {
    const folder = await createFolder();
    await folder.write(
      '.kube/config',
      '__proto__: {polluted: true}\nclusters: [{name: c, cluster: {__proto__: {server: "https://evil"}}}]\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: c}}]',
    );
    await expect(freezeTarget({ host: testHost(folder) })).rejects.toThrow(/has no server/);
    expect({}).not.toHaveProperty('polluted');
  });

  it('a directory, a FIFO, a device and a loop of links are refused at once', async () => {
    const folder = await createFolder();
    const host = testHost(folder);
    const at = (name: string): string => join(folder.path, name);
    await mkdir(at('directory'));
    execFileSync('mkfifo', [at('fifo')]);
    await symlink(at('loop'), at('loop'));
    await expect(loadKubeconfig(host, { kubeconfig: at('directory') })).rejects.toThrow(/is a directory, not a file/);
    await expect(loadKubeconfig(host, { kubeconfig: at('fifo') })).rejects.toThrow(/is not a regular file/);
    await expect(loadKubeconfig(host, { kubeconfig: '/dev/zero' })).rejects.toThrow(/is not a regular file/);
    await expect(loadKubeconfig(host, { kubeconfig: at('loop') })).rejects.toThrow(/loop of symbolic links/);
    await expect(loadKubeconfig(host, { kubeconfig: 'a\0b' })).rejects.toThrow(/NUL character in its path/);
  });

  it('a broken file in the list of KUBECONFIG is named', async () => {
    const folder = await createFolder();
    const good = await folder.write('good', kubeconfigOf({}));
    const bad = await folder.write('bad', 'clusters: 7');
    await expect(loadKubeconfig(testHost(folder, { env: { KUBECONFIG: `${good}:${bad}` } }))).rejects.toThrow(
      `The kubeconfig "${bad}" is not valid: clusters must be a list, not a number.`,
    );
  });
});
