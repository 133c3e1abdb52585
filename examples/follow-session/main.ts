import { createClient } from '@kw/sdk-js';

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

const client = createClient(process.env['KW_EXAMPLE_SERVICE'] ?? 'http://localhost:8888');

/** Tells each answer of a session, whoever asked for it; ends after so many. */
async function watch(session: string, answers: number): Promise<void> {
  let left = answers;
  for await (const { event } of client.followSession(session)) {
    if (!event.done) continue;
    console.log(`${event.run_id}: ${event.response}`);
    left -= 1;
    if (left === 0) return; // leaving the loop closes the connection
  }
}

await client.ask('what happened?', { sessionId: 'on-call' });
const watching = watch('on-call', 2);
await client.ask('and now?', { sessionId: 'on-call' }); // another program, or a colleague in the page
await watching;
