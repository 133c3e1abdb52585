import { createAgent } from '@kw/agent';
import { openaiCompatible } from '@kw/providers';
import { defineTool } from '@kw/tools';
import * as v from 'valibot';

const onCall = new Map([['checkout', 'Ann']]);

const whoIsOnCall = defineTool({
  name: 'who_is_on_call',
  description: 'Tells who is on call for a service.',
  input: v.object({ service: v.string() }),
  effect: 'read',
  run: ({ service }) => onCall.get(service) ?? `nobody is on call for ${service}`,
});

const agent = createAgent({
  model: openaiCompatible({ baseURL: process.env.OPENAI_ENDPOINT, apiKey: process.env.OPENAI_API_KEY, model: 'scripted-model' }),
  tools: [whoIsOnCall],
});
console.log(await agent.ask('who should I call about checkout?'));
