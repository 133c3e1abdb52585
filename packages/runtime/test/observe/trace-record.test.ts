import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { renderRecord } from '../../src/observe/trace-record.ts';

const texts = [
  '',
  'one line',
  'two\nlines',
  'ends\nwith one\n',
  'ends\nwith two\n\n',
  '\n\nbegins with empty lines',
  '  begins with blanks\n and goes on',
  'a\n\n\nb',
  ' \n \n',
  '\n',
  'tab\tand\n\tindent',
  '---\n...\n# no comment: {}',
  'escape \u001b[31m\nred',
  'carriage\r\nreturn',
  'line\u2028separator\nx',
  '漢字\n🎉',
  'lone \ud800 surrogate\nx',
  '"quotes": yes\nno',
];

describe('renderRecord', () => {
  it.each(texts)('writes %j so that YAML reads the same', (text) => {
    const record = { time: '2026-11-25T00:00:00.000Z', type: 'x', text, map: { inner: text, number: 1.5, yes: true }, list: ['a', text] };
    const documents = parseAllDocuments(renderRecord(record) + renderRecord(record));
    expect(documents).toHaveLength(2);
    for (const document of documents) expect(document.toJS()).toEqual(record);
  });

  it('keeps long texts readable and leaves out what is undefined', () => {
    expect(renderRecord({ type: 'tool-response', exitCode: undefined, content: 'NAME  READY\nweb   1/1\n' })).toBe(
      '---\ntype: "tool-response"\ncontent: |2\n  NAME  READY\n  web   1/1\n',
    );
  });
});
