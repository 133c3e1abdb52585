#!/usr/bin/env node
/* oxlint-disable no-console, no-restricted-properties -- a program's own entry */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type ScriptedServerOptions, startScriptedServer } from './scripted-server.ts';
import { playInvestigation, strictServers } from './strict-servers.ts';

const usage = `usage: cli.ts [--port N] [--host HOST] [--script FILE.json] [--strict-server NAME]

Starts the scripted model server and prints its URL. The script is a JSON object with the fields of
ScriptedServerOptions: {"script": [turns], "fallback": turn, "models": [names], "strict": rules,
"callsAsText": "fenced", "apiKey": key}. A strict server plays an investigation of the namespace shop:
${strictServers.map(({ name, title }) => `  ${name.padEnd(28)}${title}`).join('\n')}
GET /__requests shows what was recorded, POST /__turns adds turns. It ends with SIGTERM or SIGINT.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    script: { type: 'string' },
    'strict-server': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help === true) {
  console.log(usage);
} else if (values['strict-server'] !== undefined && !strictServers.some(({ name }) => name === values['strict-server'])) {
  console.error(
    `no strict server is called ${JSON.stringify(values['strict-server'])}; there are ${strictServers.map(({ name }) => name).join(', ')}`,
  );
  process.exitCode = 2;
} else {
  const strict = strictServers.find(({ name }) => name === values['strict-server']);
  const text = values.script === undefined ? '{"fallback":{"text":"ok"}}' : await readFile(values.script, 'utf8');
  const options: ScriptedServerOptions = JSON.parse(text);
  const server = await startScriptedServer({
    ...(strict === undefined ? options : { ...strict.options, script: playInvestigation() }),
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...(values.host === undefined ? {} : { host: values.host }),
  });
  console.log(`url ${server.url}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close());
}
