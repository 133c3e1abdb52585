// Sends the answered requests of the conformance tests to a real cluster once more, with those of a file of JSON lines after
// them, and keeps its answers:
//   KW_TEST_KUBECONFIG=FILE node scripts/record-requests.ts [MORE.jsonl]
// The cluster needs an administrator with a client certificate. It gets a namespace `diff`, which is deleted in the end.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import { parse } from 'yaml';
import type { AnsweredRequest, PlainAnswer, PlainRequest } from '../test/conformance/answered.ts';
import { answeredFile, loadAnswered, preparations } from '../test/conformance/answered.ts';

const { KW_TEST_KUBECONFIG: file } = process.env;
if (!file) throw new Error('KW_TEST_KUBECONFIG must name the kubeconfig of a real cluster');
const config = parse(readFileSync(file, 'utf8'));
const [cluster, user] = [config.clusters[0].cluster, config.users[0].user];
const pem = (of: Record<string, string>, field: string): Buffer =>
  of[field] === undefined ? Buffer.from(of[`${field}-data`] ?? '', 'base64') : readFileSync(of[field]);
const credentials = {
  ca: pem(cluster, 'certificate-authority'),
  cert: pem(user, 'client-certificate'),
  key: pem(user, 'client-key'),
};

function send({ method, path, body, type = 'application/json' }: PlainRequest): Promise<PlainAnswer> {
  const data = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    accept: 'application/json',
    'user-agent': 'kubectl',
    ...(data === undefined ? {} : { 'content-type': type, 'content-length': String(Buffer.byteLength(data)) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, cluster.server), { ...credentials, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, warning: String(response.headers.warning ?? ''), body: text }));
    });
    sent.on('error', reject).end(data);
  });
}

const [more] = process.argv.slice(2);
const known = existsSync(answeredFile) ? loadAnswered() : [];
const added: PlainRequest[] = more
  ? readFileSync(more, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
for (const step of preparations) await send(step);
// The namespace gets its service account.
await setTimeout(2000);
const answered: AnsweredRequest[] = [];
for (const { method, path, body, type } of [...known, ...added]) {
  const plain = { method, path, ...(body === undefined ? {} : { body }), ...(type === undefined ? {} : { type }) };
  answered.push({ ...plain, answer: await send(plain) });
}
await send({ method: 'DELETE', path: '/api/v1/namespaces/diff' });
writeFileSync(answeredFile, brotliCompressSync(JSON.stringify(answered)));
console.log(`${answered.length} requests`);
