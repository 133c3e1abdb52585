import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readZipEntry } from '../zip.mjs';

function local(name: string, method: number, body: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(body.length, 18);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), body]);
}

function central(name: string, method: number, size: number, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(size, 20);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, Buffer.from(name)]);
}

function archive(): Buffer {
  const stored = Buffer.from('stored');
  const deflated = deflateRawSync(Buffer.from('deflated'));
  const first = local('a', 0, stored);
  const files = Buffer.concat([first, local('b/c', 8, deflated)]);
  const entries = Buffer.concat([central('a', 0, stored.length, 0), central('b/c', 8, deflated.length, first.length)]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(files.length, 16);
  return Buffer.concat([files, entries, end]);
}

describe('readZipEntry', () => {
  it('reads a stored and a deflated entry', () => {
    expect(readZipEntry(archive(), 'a').toString()).toBe('stored');
    expect(readZipEntry(archive(), 'b/c').toString()).toBe('deflated');
  });

  it('names the entry that is missing', () => {
    expect(() => readZipEntry(archive(), 'helm/helm')).toThrow('no entry helm/helm');
  });

  it('says when the bytes are no zip archive', () => {
    expect(() => readZipEntry(Buffer.from('not a zip archive at all'), 'a')).toThrow('no zip archive');
  });
});
