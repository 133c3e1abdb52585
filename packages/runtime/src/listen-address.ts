import { KwError } from '@kw/providers';

/** Where to listen. */
export interface ListenAddress {
  /** An address or a name; `::` for all interfaces. */
  readonly host: string;
  readonly port: number;
  /** Whether only this host can reach it. */
  readonly loopback: boolean;
}

/** Reads `host:port`; `:port` means all interfaces, port 0 a free one. Throws KwError `bad-listen-address`. */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]*):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port > 65_535) {
    throw new KwError(
      'bad-listen-address',
      `${JSON.stringify(text)} is no listen address. Write host:port, such as 127.0.0.1:8888 or 0.0.0.0:8888.`,
    );
  }
  const name = match[1].replace(/^\[|\]$/g, '').toLowerCase();
  const host = name === '' ? '::' : name === 'localhost' ? '127.0.0.1' : name;
  return { host, port, loopback: isLoopback(host) };
}

/** Whether an address is of this host only. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address);
}
