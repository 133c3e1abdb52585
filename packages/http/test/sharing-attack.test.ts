import type { Principal } from '@kw/agent';
import { memorySessionStore } from '@kw/agent';
import { expect, it } from 'vitest';
import { bookOf } from './book.ts';
import { scene } from './scene.ts';

const ann: Principal = { issuer: 'local', subject: 'ann' };
const eve: Principal = { issuer: 'local', subject: 'eve' };

it('whoever a session is shared with no longer reads nothing more, also not of a stream that is open', async () => {
  const sessions = memorySessionStore();
  const book = bookOf(['s1.1', 's1.2']);
  let now = 0;
  const { runs, fetch } = scene({
    sessions,
    clock: () => now,
    turns: [{ text: 'what was shared' }, { text: 'the secret plan' }],
    parts: { sessionsOf: () => ({ ...book, show: async (id) => ({ ...(await book.show(id)), role: 'viewer' }) }) },
    auth: { local: eve },
  });
  for await (const _ of runs.follow(await runs.start({ text: 'x', session: 's1' }, ann)));
  await sessions.share('s1', [{ person: 'local#eve', role: 'viewer' }]);

  const response = await fetch('/api/v1/sessions/s1/events');
  let seen = '';
  for await (const text of (response.body ?? new Blob([]).stream()).pipeThrough(new TextDecoderStream())) {
    seen += text;
    if (!text.includes('"done":true') || now > 0) continue;
    await sessions.share('s1', []);
    now += 5_000;
    await runs.start({ text: 'y', session: 's1' }, ann);
  }
  expect(seen).toContain('what was shared');
  expect(seen).toContain('unknown-session');
  expect(seen).not.toContain('the secret plan');
  expect((await fetch('/api/v1/runs/s1.2/stream')).status).toBe(403);
}, 20_000);
