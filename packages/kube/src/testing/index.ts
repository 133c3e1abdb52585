export { linkedTransport } from './linked-transport.ts';
export type { LinkedAnswer } from './linked-transport.ts';
