import type { MarkedToken, Token, Tokens } from 'marked';
import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { CodeBlock } from '../parts/code-block.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { readMarkdown } from './read-markdown.ts';

/** Markdown as elements: no HTML of the text is ever taken as such, no picture is loaded, links open elsewhere and only to http and https. */
export function Markdown({ text }: { readonly text: string }): JSX.Element {
  const tokens = useMemo(() => readMarkdown(text), [text]);
  return <div class="markdown">{tokens.map(block)}</div>;
}

/** The lexer's type knows extensions, too; none is used here. */
function isKnown(token: Token): token is MarkedToken {
  return token.type !== '';
}

function block(token: Token, index: number): ComponentChildren {
  if (!isKnown(token)) return null;
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return heading(token, index);
    case 'code':
      return <CodeBlock key={index} code={token.text} language={token.lang ?? ''} />;
    case 'blockquote':
      return <blockquote key={index}>{token.tokens.map(block)}</blockquote>;
    case 'list':
      return list(token, index);
    case 'table':
      return <DataTable key={index} table={token} cell={(cell) => cell.tokens.map(inline)} />;
    case 'hr':
      return <hr key={index} />;
    case 'paragraph':
      return <p key={index}>{token.tokens.map(inline)}</p>;
    case 'text':
      return <span key={index}>{token.tokens === undefined ? decoded(token.text) : token.tokens.map(inline)}</span>;
    default:
      return <p key={index}>{token.raw}</p>;
  }
}

/** The page has its own two levels of headings; those of answers stand below them, without a step that is left out. */
function heading({ depth, tokens }: Tokens.Heading, index: number): ComponentChildren {
  const children = tokens.map(inline);
  return depth <= 2 ? <h3 key={index}>{children}</h3> : <h4 key={index}>{children}</h4>;
}

function list({ ordered, start, items }: Tokens.List, index: number): ComponentChildren {
  const children = items.map((item, at) => (
    <li key={at}>
      {item.task && <input type="checkbox" checked={item.checked === true} disabled aria-label={item.text} />}
      {item.tokens.map(block)}
    </li>
  ));
  return ordered ? (
    <ol key={index} start={start === '' ? 1 : start}>
      {children}
    </ol>
  ) : (
    <ul key={index}>{children}</ul>
  );
}

function inline(token: Token, index: number): ComponentChildren {
  if (!isKnown(token)) return null;
  switch (token.type) {
    case 'strong':
      return <strong key={index}>{token.tokens.map(inline)}</strong>;
    case 'em':
      return <em key={index}>{token.tokens.map(inline)}</em>;
    case 'del':
      return <del key={index}>{token.tokens.map(inline)}</del>;
    case 'codespan':
      return <code key={index}>{token.text}</code>;
    case 'br':
      return <br key={index} />;
    case 'link':
      return link(token, index);
    case 'image':
      return <span key={index}>{`[${token.text}](${token.href})`}</span>;
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens === undefined ? decoded(token.text) : token.tokens.map(inline);
    default:
      return token.raw;
  }
}

function link({ href, tokens }: Tokens.Link, index: number): ComponentChildren {
  const children = tokens.map(inline);
  if (safeLink(href) === undefined) return <span key={index}>{children}</span>;
  return (
    <a key={index} href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

function safeLink(href: string): string | undefined {
  return /^https?:\/\//i.test(href) ? href : undefined;
}

const entities = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
]);

/** The lexer escapes plain text for HTML; elements need it as it was. */
function decoded(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities.get(entity) ?? entity);
}
