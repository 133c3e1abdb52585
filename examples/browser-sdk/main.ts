import { ask } from './client.ts';

declare const process: { readonly env: Readonly<Record<string, string | undefined>>; readonly stdout: { write(text: string): void } };

await ask(process.env['KW_EXAMPLE_SERVICE'] ?? 'http://localhost:8888', 'say something', (text) => process.stdout.write(text));
