import type { OptionTable } from './options.ts';

/** What a reader's operands are. */
export type Operand = 'files' | 'text' | 'pattern-files' | 'one-file' | 'none';

/** A program that only reads and prints, with the options that keep it so. */
export interface Reader extends OptionTable {
  readonly operands: Operand;
  /** True where no option at all can make it do more, so that unknown words are harmless. */
  readonly tame?: boolean;
}

function reader(operands: Operand, short: string, long = ''): Reader {
  return { operands, short, long };
}

function tame(operands: Operand, short: string, long = ''): Reader {
  return { operands, short, long, tame: true };
}

const grepShort = 'EFGPivwxcLlqsbHhnTZaUzroRIye:f:m:A:B:C:d:D:1';
const grepLong =
  'extended-regexp fixed-strings basic-regexp perl-regexp regexp: file: ignore-case no-ignore-case invert-match word-regexp line-regexp count color? colour? files-without-match files-with-matches max-count: only-matching quiet silent no-messages byte-offset with-filename no-filename label: line-number initial-tab null after-context: before-context: context: text binary-files: exclude: exclude-from: exclude-dir: include: recursive dereference-recursive line-buffered null-data';
const sumShort = 'bctwz';
const sumLong = 'binary check text tag zero ignore-missing quiet status strict warn';

/** Programs that only read and print. */
export const readers: ReadonlyMap<string, Reader> = new Map([
  ['cat', tame('files', 'AbeEnstTuv', 'show-all number-nonblank show-ends number squeeze-blank show-tabs show-nonprinting')],
  ['tac', tame('files', 'brs:', 'before regex separator:')],
  ['rev', tame('files', '')],
  ['nl', tame('files', 'b:d:f:h:i:l:n:ps:v:w:')],
  ['head', tame('files', 'c:n:qvz1', 'bytes: lines: quiet silent verbose zero-terminated')],
  ['wc', tame('files', 'clmwL', 'bytes chars lines words max-line-length total:')],
  [
    'cut',
    tame('files', 'b:c:d:f:nsz', 'bytes: characters: delimiter: fields: only-delimited complement output-delimiter: zero-terminated'),
  ],
  ['paste', tame('files', 'd:sz', 'delimiters: serial zero-terminated')],
  ['join', tame('files', 'a:e:ij:o:t:v:1:2:', 'ignore-case check-order nocheck-order header')],
  ['comm', tame('files', '123z', 'check-order nocheck-order total output-delimiter:')],
  ['fold', tame('files', 'bsw:1', 'bytes spaces width:')],
  ['fmt', tame('files', 'csutw:p:g:1', 'width: goal:')],
  ['expand', tame('files', 'it:', 'tabs: initial')],
  ['unexpand', tame('files', 'at:', 'tabs: all')],
  ['column', tame('files', 'tns:o:c:xNR:H:O:J', 'table separator: output-separator: output-width:')],
  ['tr', tame('text', 'cCdst', 'complement delete squeeze-repeats truncate-set1')],
  ['grep', tame('pattern-files', grepShort, grepLong)],
  ['egrep', tame('pattern-files', grepShort, grepLong)],
  ['fgrep', tame('pattern-files', grepShort, grepLong)],
  ['zcat', tame('files', 'fqv')],
  ['zgrep', reader('pattern-files', 'EFGivwxclqsnoe:m:A:B:C:')],
  ['strings', tame('files', 'adfn:t:e:1')],
  ['od', tame('files', 'abcdfiloxvA:j:N:t:w:')],
  ['hexdump', tame('files', 'bcCdovxn:s:')],
  ['base64', tame('files', 'diw:', 'decode ignore-garbage wrap:')],
  ['base32', tame('files', 'diw:', 'decode ignore-garbage wrap:')],
  ['md5sum', tame('files', sumShort, sumLong)],
  ['sha1sum', tame('files', sumShort, sumLong)],
  ['sha256sum', tame('files', sumShort, sumLong)],
  ['sha512sum', tame('files', sumShort, sumLong)],
  ['cksum', tame('files', 'a:z', 'algorithm: tag')],
  [
    'diff',
    reader(
      'files',
      'abBiwEZtTqsycC:uU:NrdlenpW:',
      'unified? context? side-by-side brief report-identical-files ignore-case ignore-all-space ignore-blank-lines ignore-space-change recursive new-file text minimal color? label: strip-trailing-cr width: suppress-common-lines',
    ),
  ],
  ['cmp', reader('files', 'bi:ln:s', 'print-bytes ignore-initial: verbose bytes: quiet silent')],
  [
    'ls',
    tame(
      'text',
      'aAbBcCdDfFgGhHiI:klLmnNopqQrRsStT:uUvw:xXZ1',
      'all almost-all author color? directory classify? full-time group-directories-first no-group human-readable si inode recursive reverse sort: time: time-style: size numeric-uid-gid format: indicator-style: hide: ignore: show-control-chars quoting-style:',
    ),
  ],
  ['stat', tame('text', 'Lfc:t', 'dereference file-system format: printf: terse')],
  [
    'du',
    tame(
      'text',
      'acDhHklmsSxb0d:X:t:',
      'all apparent-size bytes total dereference max-depth: human-readable si summarize separate-dirs one-file-system exclude: threshold:',
    ),
  ],
  ['df', tame('text', 'aBhHiklPTt:x:', 'all human-readable si inodes local portability print-type type: exclude-type: total output?')],
  ['file', reader('text', 'bhiLzkNprs', 'brief dereference mime mime-type mime-encoding keep-going')],
  ['readlink', tame('text', 'femnqsvz', 'canonicalize canonicalize-existing canonicalize-missing no-newline')],
  ['realpath', tame('text', 'emLPqsz', 'canonicalize-existing canonicalize-missing relative-to: relative-base: strip no-symlinks')],
  ['basename', tame('text', 'as:z', 'multiple suffix: zero')],
  ['dirname', tame('text', 'z', 'zero')],
  ['echo', { ...tame('text', 'neE'), posix: true }],
  ['seq', tame('text', 'f:s:w', 'format: separator: equal-width')],
  ['true', tame('text', '')],
  ['false', tame('text', '')],
  [':', tame('text', '')],
  ['pwd', tame('none', 'LP')],
  ['whoami', tame('none', '')],
  ['id', tame('text', 'agGnruzZ', 'group groups name real user zero')],
  ['groups', tame('text', '')],
  ['uname', tame('none', 'asnrvmpio', 'all kernel-name nodename kernel-release kernel-version machine processor operating-system')],
  ['arch', tame('none', '')],
  ['nproc', tame('none', '', 'all ignore:')],
  ['hostname', reader('none', 'adfiIsA', 'all-fqdns all-ip-addresses domain fqdn ip-address long short alias')],
  ['free', reader('none', 'bkmghtwl', 'bytes kilo mega giga human total wide')],
  ['uptime', tame('none', 'ps', 'pretty since')],
  ['lscpu', tame('none', 'ab')],
  ['lsblk', tame('text', 'abdfilmnopPrStJ')],
  ['pgrep', tame('text', 'aflnovxcd:g:G:P:s:t:u:U:', 'list-name list-full full newest oldest count exact')],
  ['which', tame('text', 'a')],
  ['type', tame('text', 'aftpP')],
  ['cal', tame('text', '13jmsy')],
  ['expr', tame('text', '')],
  [
    'jq',
    tame(
      'pattern-files',
      'nrRjasScCMeLf:',
      'null-input raw-input slurp compact-output raw-output raw-output0 join-output ascii-output sort-keys color-output monochrome-output tab unbuffered stream seq exit-status indent: from-file:',
    ),
  ],
  ['top', reader('none', 'bn:cHiSo:p:u:w:')],
  ['dmesg', reader('none', 'HTkLxtuPl:f:', 'human ctime kernel level: facility: decode')],
  [
    'journalctl',
    reader('text', 'qaeru:n:p:o:S:U:b:kx', 'no-pager unit: lines: priority: output: since: until: boot? dmesg reverse catalog quiet all'),
  ],
  ['ss', reader('text', 'natulpe46sxmioHr', 'numeric all tcp udp listening processes summary')],
  ['netstat', reader('text', 'natulpers', 'numeric all tcp udp listening programs route statistics')],
]);
