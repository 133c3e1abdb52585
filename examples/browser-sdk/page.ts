import { ask } from './client.ts';

const answer = document.createElement('pre');
document.body.append(answer);
await ask('http://localhost:8888', 'list the pods', (text) => answer.append(text));
