import { createAgent, type ApprovalRequest } from '@kw/agent';
import { openaiCompatible } from '@kw/providers';
import { kubectl } from '@kw/tools';

/** Lets through what only creates objects, and nothing that the server's dry run could not show. */
function onlyCreations({ summary, preview }: ApprovalRequest) {
  const objects = preview?.objects ?? [];
  const approved = preview?.unavailable === undefined && objects.length > 0 && objects.every(({ action }) => action === 'create');
  console.log(`${approved ? 'approved' : 'declined'}: ${summary}`);
  return approved;
}

const agent = createAgent({
  model: openaiCompatible({ baseURL: process.env.OPENAI_ENDPOINT, apiKey: process.env.OPENAI_API_KEY, model: 'scripted-model' }),
  tools: [kubectl()],
  approve: onlyCreations,
});
console.log(await agent.ask('make a config map named demo in default, then delete it'));
