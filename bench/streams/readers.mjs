// Readers of many streams: they only note what came when, and judge it when all is over, so that they take little of the machine.
import { connect } from 'node:net';

/** Opens `streams` that are read and `mute` that are not, over the time of the ramp; resolves with what was seen when the read ones have ended. */
export async function readMany({ port, path, streams, mute, rampMs, query = 'tell the time' }) {
  const readers = [];
  const silent = [];
  const all = streams + mute;
  const started = performance.now();
  for (let opened = 0; opened < all; opened += 1) {
    const isMute = Math.floor(((opened + 1) * mute) / all) > Math.floor((opened * mute) / all);
    const stream = open({ port, path, query, name: `${isMute ? 'mute' : 'read'}-${query.length}-${opened}`, isMute });
    (isMute ? silent : readers).push(stream);
    const wait = started + ((opened + 1) * rampMs) / all - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  await Promise.all(readers.map(({ closed }) => closed));
  return {
    streams: readers.map(judge),
    leave: () => silent.forEach(({ socket }) => socket.destroy()),
  };
}

function open({ port, path, query, name, isMute }) {
  const body = JSON.stringify({ query, session_id: name });
  const pieces = [];
  const stream = { socket: undefined, asked: performance.now(), pieces, closed: undefined };
  stream.closed = new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      if (isMute) socket.pause();
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    stream.socket = socket;
    socket.on('error', (error) => {
      stream.failure = error.message;
    });
    if (!isMute) socket.on('data', (data) => pieces.push([Date.now(), performance.now(), data]));
    socket.on('close', resolve);
  });
  return stream;
}

/** What a reader saw: its first event, how late each delta was, and whether all of it came, once and in order. */
function judge({ asked, pieces, failure }) {
  let first;
  const late = [];
  const bytes = Buffer.concat(pieces.map(([, , data]) => data));
  const ends = [];
  let end = 0;
  for (const [at, mono, data] of pieces) ends.push([(end += data.length), at, mono]);
  const split = bytes.indexOf('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(bytes.toString('latin1', 0, 20))?.[1] ?? 0);
  if (status !== 200 || split < 0) return { failure: failure ?? `status ${status}`, late };
  const chunked = /transfer-encoding: chunked/i.test(bytes.toString('latin1', 0, split));
  let text = '';
  let response;
  let done = 0;
  const discards = [];
  let rest = '';
  let piece = 0;
  const arrived = (offset) => {
    while (ends[piece] !== undefined && ends[piece][0] < offset) piece += 1;
    return ends[Math.min(piece, ends.length - 1)];
  };
  const take = (block, offset) => {
    const line = block.split('\n').find((one) => one.startsWith('data: '));
    if (line === undefined || line === 'data: [DONE]') return;
    const [, at, mono] = arrived(offset);
    first ??= mono - asked;
    const data = JSON.parse(line.slice(6));
    const delta = data.delta ?? data.choices?.[0]?.delta?.content ?? '';
    for (const time of delta.split(' ')) if (time.length === 13) late.push(at - Number(time));
    if (data.activity?.type === 'message-discarded') discards.push(data.activity.reason);
    text += delta;
    response = data.response ?? response;
    if (data.done === true || data.choices?.[0]?.finish_reason === 'stop') done += 1;
  };
  const feed = (chunk, offset) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) take(block, offset);
  };
  let at = split + 4;
  if (!chunked) feed(bytes.toString('utf8', at), bytes.length);
  while (chunked && at < bytes.length) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    if (line < 0 || !(size > 0)) break;
    feed(bytes.toString('utf8', line + 2, line + 2 + size), line + 2 + size);
    at = line + 2 + size + 2;
  }
  const times = text.trim().split(' ').map(Number);
  const ordered = times.every((time, index) => index === 0 || time > times[index - 1]);
  const same = response === undefined || response.trim() === text.trim();
  const wrong = [
    ...(done === 1 ? [] : [`${done} ends`]),
    ...(ordered ? [] : ['out of order']),
    ...(same ? [] : [`${text.length} characters in deltas, ${response.length} in the answer`]),
    ...discards.map((reason) => `begun anew: ${reason}`),
    ...(failure === undefined ? [] : [failure]),
  ];
  return { deltas: times.length, first, late, ...(wrong.length > 0 && { failure: `${wrong.join(', ')} after ${times.length} deltas` }) };
}
