import { KubectlAIClient } from '@kw/sdk-js';

/** Asks the service and hands on its words as they come. The same file runs in a browser and on Node. */
export async function ask(url: string, query: string, onText: (text: string) => void): Promise<void> {
  const client = new KubectlAIClient(url);
  const { status } = await client.getHealth();
  onText(`The service is ${status}.\n`);
  await client.streamChat(query, (event) => onText(event.delta ?? ''));
  onText('\n');
}
