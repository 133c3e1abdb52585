import { describe, expect, it } from 'vitest';
import type { TransportRequest } from '../../src/index.ts';
import { linkedTransport } from '../../src/testing/index.ts';
import type { LinkedAnswer } from '../../src/testing/index.ts';
import { createAuthority } from '../support/certificates.ts';
import { movableClock, openTestTarget } from '../support/connection.ts';
import { createFolder } from '../support/folder.ts';
import { sendJson, startServer } from '../support/server.ts';

const version = { gitVersion: 'v1.36.3' };
const unauthorized: LinkedAnswer = { status: 401, body: { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' } };

describe('credentials of a kubeconfig', () => {
  it('a user name and a password are basic authentication', async () => {
    const seen: unknown[] = [];
    const opened = await openTestTarget({
      config: { user: { username: 'me', password: 'pä:ss' } },
      transport: () =>
        linkedTransport(({ headers }) => {
          seen.push(headers['authorization']);
          return { body: version };
        }),
    });
    await opened.client.serverVersion();
    expect(seen).toEqual([`Basic ${Buffer.from('me:pä:ss', 'utf8').toString('base64')}`]);
    expect(opened.secrets()).toEqual(['pä:ss']);
  });

  it('over plain http no credential is sent, but impersonation is, as by kubectl', async () => {
    const sent: TransportRequest[] = [];
    const opened = await openTestTarget({
      config: {
        cluster: { server: 'http://127.0.0.1:1' },
        user: { token: 'sekret', as: 'jane', 'as-groups': ['a', 'b'], 'as-user-extra': { 'example.com/Scope': ['x', 'y'] } },
      },
      transport: () =>
        linkedTransport((request) => {
          sent.push(request);
          return { body: version };
        }),
    });
    await opened.client.serverVersion();
    expect(sent[0]?.headers).toMatchObject({
      'impersonate-user': 'jane',
      'impersonate-group': ['a', 'b'],
      'impersonate-extra-example.com%2Fscope': ['x', 'y'],
    });
    expect(sent[0]?.headers).not.toHaveProperty('authorization');
  });

  it('names of other scripts are impersonated as UTF-8, and line breaks not at all', async () => {
    const server = await startServer((_request, response) => sendJson(response, version));
    const open = (user: object) => openTestTarget({ config: { cluster: { server: server.url }, user } });
    await (await open({ as: 'jörg', 'as-groups': ['开发'] })).client.serverVersion();
    const { headers } = server.requests[0] ?? {};
    expect(
      [headers?.['impersonate-user'], headers?.['impersonate-group']].map((value) => Buffer.from(String(value), 'latin1').toString('utf8')),
    ).toEqual(['jörg', '开发']);
    await expect((await open({ as: 'jane', 'as-groups': ['a\r\nauthorization: x'] })).client.serverVersion()).rejects.toMatchObject({
      code: 'credential-invalid',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('a token file goes before the token, is read again after a minute, and at once when it is refused', async () => {
    const folder = await createFolder();
    const clock = movableClock();
    const tokenFile = await folder.write('token', 'one\n');
    const seen: unknown[] = [];
    let accepted = 'Bearer one';
    const opened = await openTestTarget({
      folder,
      host: { now: clock.now },
      config: { user: { token: 'inline', tokenFile } },
      transport: () =>
        linkedTransport(({ headers }) => {
          seen.push(headers['authorization']);
          return headers['authorization'] === accepted ? { body: version } : unauthorized;
        }),
    });
    await opened.client.serverVersion();
    await folder.write('token', 'two');
    await opened.client.serverVersion();
    accepted = 'Bearer two';
    await opened.client.serverVersion();
    expect(seen).toEqual(['Bearer one', 'Bearer one', 'Bearer one', 'Bearer two']);
    await folder.write('token', 'three');
    accepted = 'Bearer three';
    clock.move(61_000);
    await opened.client.serverVersion();
    expect(seen.slice(4)).toEqual(['Bearer three']);
    expect(opened.secrets()).toEqual(['inline', 'one', 'two', 'three']);
  });

  it('a refused token file that did not change is not asked with again', async () => {
    const folder = await createFolder();
    const tokenFile = await folder.write('token', 'one');
    let requests = 0;
    const opened = await openTestTarget({
      folder,
      config: { user: { tokenFile } },
      transport: () =>
        linkedTransport(() => {
          requests += 1;
          return unauthorized;
        }),
    });
    await expect(opened.client.serverVersion()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(requests).toBe(1);
  });

  it('a token file that is missing, empty or binary gives one clear error', async () => {
    const folder = await createFolder();
    const transport = () => linkedTransport(() => ({ body: version }));
    const empty = await folder.write('empty', ' \n');
    const binary = await folder.write('binary', new Uint8Array([1, 0, 2]));
    const missing = await openTestTarget({ config: { user: { tokenFile: '/no/such/token' } }, transport });
    await expect(missing.client.serverVersion()).rejects.toMatchObject({
      code: 'credential-invalid',
      message: 'The token file of user "dev-user" "/no/such/token" does not exist.',
    });
    await expect((await openTestTarget({ config: { user: { tokenFile: empty } }, transport })).client.serverVersion()).rejects.toThrow(
      /is empty/,
    );
    await expect((await openTestTarget({ config: { user: { tokenFile: binary } }, transport })).client.serverVersion()).rejects.toThrow(
      /is binary/,
    );
  });

  it('a token with a line break is refused without being shown', async () => {
    const opened = openTestTarget({
      config: { user: { token: 'sekret\nX: 1' } },
      transport: () => linkedTransport(() => ({ body: version })),
    });
    await expect(opened).rejects.toMatchObject({ code: 'credential-invalid', message: expect.not.stringMatching(/sekret/) });
  });

  it('certificate files are read when they are used', async () => {
    const folder = await createFolder();
    const { cert, key } = createAuthority().issue({ name: 'dev' });
    const sent: TransportRequest[] = [];
    const user = { 'client-certificate': await folder.write('u.crt', cert), 'client-key': await folder.write('u.key', key) };
    const opened = await openTestTarget({
      folder,
      config: { user },
      transport: () =>
        linkedTransport((request) => {
          sent.push(request);
          return { body: version };
        }),
    });
    await opened.client.serverVersion();
    expect(sent[0]?.certificate).toEqual({ cert, key });
  });
});
