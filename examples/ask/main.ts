import { createAgent } from '@kw/agent';
import { deepseek } from '@kw/providers';
import { kubectl } from '@kw/tools';
const agent = createAgent({ model: deepseek({ apiKey: process.env.DEEPSEEK_API_KEY }), tools: [kubectl()] });
console.log(await agent.ask('why is checkout failing?'));
