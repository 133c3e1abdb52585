// A pass-through and nothing else: each request is asked of the model's server, whose bytes go back as they come.
// Usage: node bench/streams/raw.mjs MODEL-PORT; prints its port.
import { Agent, createServer, request } from 'node:http';

const port = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const server = createServer({ noDelay: true }, (incoming, outgoing) => {
  const headers = { 'content-type': 'application/json', 'content-length': incoming.headers['content-length'] };
  const asked = request({ port, host: '127.0.0.1', path: '/chat/completions', method: 'POST', agent, headers }, (answered) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    answered.pipe(outgoing);
  });
  asked.on('error', () => outgoing.destroy());
  outgoing.on('close', () => asked.destroy());
  incoming.pipe(asked);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => process.stdout.write(`${server.address().port}\n`));
