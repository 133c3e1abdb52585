import { createAgent } from '@kw/agent';
import { openaiCompatible } from '@kw/providers';
import { kubectl } from '@kw/tools';

const agent = createAgent({
  model: openaiCompatible({ baseURL: process.env.OPENAI_ENDPOINT, apiKey: process.env.OPENAI_API_KEY, model: 'scripted-model' }),
  tools: [kubectl()],
});

for await (const event of agent.run('which namespaces are there?')) {
  if (event.type === 'text-delta') process.stdout.write(event.text);
  if (event.type === 'tool-start') console.log(`> ${event.summary}`);
  if (event.type === 'tool-result') console.log(event.isError ? '  failed' : `  ok, ${event.content.split('\n').length} lines`);
  if (event.type === 'run-end') console.log(`\n[${event.outcome.type} in ${event.turns} requests]`);
}
