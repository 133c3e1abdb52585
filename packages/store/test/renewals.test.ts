import { join } from 'node:path';
import type { Lease } from '@kw/agent';
import { expect, it } from 'vitest';
import { type Access, createAccess } from '../src/sqlite/access.ts';
import { createRenewals } from '../src/sqlite/renewals.ts';
import { sessionSchema } from '../src/sqlite/session-schema.ts';
import { acquireLease, createSession, releaseLease } from '../src/sqlite/session-writes.ts';
import { temporaryDirectory } from './scene.ts';

it('a thousand leases are prolonged by one write, each for itself', async () => {
  const access = createAccess(join(await temporaryDirectory(), 'sessions.db'), sessionSchema);
  const ids = Array.from({ length: 1_000 }, (_, index) => `s${index}`);
  const leases = await access.write(
    (connection) =>
      ids.flatMap((id): Lease | readonly Lease[] => {
        createSession(connection, { id, owner: { issuer: 'local', subject: 'ada' } }, 0);
        return acquireLease(connection, id, 4_000, 0) ?? [];
      }),
    { durable: false },
  );
  const [lost] = leases;
  if (lost !== undefined) await access.write((connection) => releaseLease(connection, lost, 0), { durable: false });
  let writes = 0;
  const counted: Access = {
    ...access,
    write: (run, options) => {
      writes += 1;
      return access.write(run, options);
    },
  };
  const renewals = createRenewals(counted, () => 1_000);
  const renewed = await Promise.all(leases.map((lease) => renewals.add(lease, 5_000)));
  expect(writes).toBe(1);
  expect(renewed.map((lease) => lease?.expiresAt)).toEqual([undefined, ...leases.slice(1).map(() => 6_000)]);
  await renewals.add(leases[5] ?? { session: 's5', fence: 1, expiresAt: 0 }, 9_000);
  expect(writes).toBe(2);
  await access.close();
});
