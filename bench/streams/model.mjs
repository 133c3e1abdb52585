// A model's server as cheap as it can be: each answer is DELTAS pieces of text, RATE a second, each the time at which it was written.
// Who says hello gets three. Usage: node bench/streams/model.mjs DELTAS [RATE = 10]; prints its port.
import { createServer } from 'node:net';

const [deltas, rate = 10] = process.argv.slice(2).map(Number);
const everyMs = 1_000 / rate;
const buckets = 20; // streams do not tick together
const headers = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const choice = (delta, rest = '') =>
  `{"id":"c","object":"chat.completion.chunk","model":"clock","choices":[{"index":0,"delta":${delta}${rest}}]}`;
const framed = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const [before, after] = choice('{"content":"TIME "}').split('TIME');
const end = [
  choice('{}', ',"finish_reason":"stop"'),
  '{"id":"c","object":"chat.completion.chunk","model":"clock","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}',
  '[DONE]',
].map((data) => `data: ${data}\n\n`);

const waiting = Array.from({ length: buckets }, () => new Set());
const tickMs = everyMs / buckets;
const began = performance.now();
let ticks = 0;
// By the clock: a timer that comes late on a busy machine makes up for it, so that the rate is the one that is said.
setInterval(() => {
  for (const due = Math.floor((performance.now() - began) / tickMs); ticks < due; ticks += 1) tick(waiting[ticks % buckets]);
}, tickMs);

function tick(bucket) {
  bucket.at = Math.max(Date.now(), (bucket.at ?? 0) + 1); // what is made up for comes in one moment, and must be told apart
  const bytes = framed(`data: ${before}${bucket.at}${after}\n\n`);
  for (const stream of bucket) {
    if (stream.left > 0) {
      stream.left -= 1;
      stream.socket.write(bytes);
    } else {
      bucket.delete(stream);
      stream.socket.write(`${framed(end.join(''))}0\r\n\r\n`);
    }
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    text += data.toString('latin1');
    for (;;) {
      const split = text.indexOf('\r\n\r\n');
      if (split < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text.slice(0, split))?.[1] ?? 0);
      if (text.length < split + 4 + length) return;
      const isShort = text.slice(split, split + 4 + length).includes('only a short word');
      text = text.slice(split + 4 + length);
      socket.write(headers);
      const bucket = waiting[Math.floor(Math.random() * buckets)];
      const stream = { socket, left: isShort ? 3 : deltas };
      bucket.add(stream);
      socket.once('close', () => bucket.delete(stream));
    }
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => process.stdout.write(`${server.address().port}\n`));
