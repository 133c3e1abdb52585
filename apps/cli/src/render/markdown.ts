import type { Token, Tokens } from 'marked';
import { heldSpace, wrapWords } from './display-width.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';

/** Renders markdown tokens for a terminal of so many columns. The text in them must be safe already. */
export function renderMarkdown(tokens: readonly Token[], style: Style, columns: number): string {
  return tokens
    .map((token) => renderBlock(token, style, columns))
    .join('')
    .replaceAll(heldSpace, ' ');
}

function renderBlock(token: Token, style: Style, columns: number): string {
  switch (token.type) {
    case 'space':
      return '\n';
    case 'heading':
      return `${wrapWords(style.bold(style.underline(`${style.isPlain ? `${'#'.repeat(depthOf(token))} ` : ''}${inline(childrenOf(token), style)}`)), columns)}\n`;
    case 'paragraph':
    case 'text':
      return `${wrapWords(inline(childrenOf(token) ?? [token], style), columns)}\n`;
    case 'code':
      return `${indent(style.cyan(textOf(token)), '    ')}\n`;
    case 'blockquote':
      return `${indent(renderMarkdown(childrenOf(token) ?? [], style, columns - 2).trimEnd(), style.dim('│ '))}\n`;
    case 'list':
      return isList(token) ? renderList(token, style, columns) : token.raw;
    case 'table':
      return isTable(token) ? renderTable(cellsOf(token, style), style, columns) : token.raw;
    case 'hr':
      return `${style.dim('─'.repeat(Math.min(columns, 40)))}\n`;
    default:
      return token.raw.endsWith('\n') ? token.raw : `${token.raw}\n`;
  }
}

function isList(token: Token): token is Tokens.List {
  return token.type === 'list' && 'items' in token;
}

function isTable(token: Token): token is Tokens.Table {
  return token.type === 'table' && 'rows' in token;
}

function childrenOf(token: Token): readonly Token[] | undefined {
  return 'tokens' in token ? token.tokens : undefined;
}

function textOf(token: Token): string {
  return 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
}

function inline(tokens: readonly Token[] | undefined, style: Style): string {
  return (tokens ?? []).map((token) => renderInline(token, style)).join('');
}

function renderInline(token: Token, style: Style): string {
  const children = childrenOf(token);
  switch (token.type) {
    case 'strong':
      return style.bold(inline(children, style));
    case 'em':
      return style.italic(inline(children, style));
    case 'codespan':
      return style.isPlain ? `\`${textOf(token)}\``.replaceAll(' ', heldSpace) : style.cyan(textOf(token).replaceAll(' ', heldSpace));
    case 'link': {
      const words = inline(children, style);
      const href = 'href' in token && typeof token.href === 'string' ? token.href : '';
      return words === href ? style.underline(words) : `${words} (${style.underline(href)})`;
    }
    case 'br':
      return '\n';
    case 'escape':
      return textOf(token);
    default:
      return children === undefined ? unescape(token.type === 'text' ? textOf(token) : token.raw) : inline(children, style);
  }
}

const entities = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&amp;', '&'],
]);

function unescape(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities.get(entity) ?? entity);
}

function renderList(list: Tokens.List, style: Style, columns: number): string {
  const first = typeof list.start === 'number' ? list.start : 1;
  return list.items
    .map((item, index) => {
      const bullet = list.ordered ? `${first + index}. ` : '• ';
      const box = item.task ? (item.checked === true ? '☑ ' : '☐ ') : '';
      const body = renderMarkdown(item.tokens, style, columns - bullet.length).replace(/\n+$/, '');
      const lines = body.split('\n');
      return `${style.dim(bullet)}${box}${lines.join(`\n${' '.repeat(bullet.length)}`)}\n`;
    })
    .join('');
}

function cellsOf(table: Tokens.Table, style: Style): readonly (readonly string[])[] {
  return [table.header, ...table.rows].map((row) => row.map((cell) => inline(cell.tokens, style)));
}

function depthOf(token: Token): number {
  return 'depth' in token && typeof token.depth === 'number' ? token.depth : 1;
}

function indent(text: string, prefix: string): string {
  return text
    .split('\n')
    .map((line) => prefix + line)
    .join('\n');
}
