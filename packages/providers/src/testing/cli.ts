#!/usr/bin/env node
/* oxlint-disable no-console -- a program's own entry */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type ScriptedServerOptions, startScriptedServer } from './scripted-server.ts';

const usage = `usage: cli.ts [--port N] [--host HOST] [--script FILE.json]

Starts the scripted model server and prints its URL. The script is a JSON object with the fields of
ScriptedServerOptions: {"script": [turns], "fallback": turn, "models": [names], "strict": rules, "apiKey": key}.
GET /__requests shows what was recorded, POST /__turns adds turns. It ends with SIGTERM or SIGINT.`;

const { values } = parseArgs({
  options: { port: { type: 'string' }, host: { type: 'string' }, script: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help === true) {
  console.log(usage);
} else {
  const text = values.script === undefined ? '{"fallback":{"text":"ok"}}' : await readFile(values.script, 'utf8');
  const options: ScriptedServerOptions = JSON.parse(text);
  const server = await startScriptedServer({
    ...options,
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...(values.host === undefined ? {} : { host: values.host }),
  });
  console.log(`url ${server.url}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close());
}
