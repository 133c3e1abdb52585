import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import diff from 'highlight.js/lib/languages/diff';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import yaml from 'highlight.js/lib/languages/yaml';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useWords } from './words.tsx';

const highlighter = hljs.newInstance();
for (const [name, language] of Object.entries({ bash, diff, dockerfile, go, ini, json, python, yaml }))
  highlighter.registerLanguage(name, language);
highlighter.registerAliases(['sh', 'shell', 'console', 'zsh'], { languageName: 'bash' });
highlighter.registerAliases(['yml'], { languageName: 'yaml' });

/** Longer texts are shown as they are: colours would cost more than they tell. */
const maxColouredLength = 50_000;

/** A piece of code with its colours and a button that copies it. */
export function CodeBlock({ code, language }: { readonly code: string; readonly language: string }): JSX.Element {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  const name = language.trim().toLowerCase().split(/\s/)[0] ?? '';
  const html = useMemo(() => coloured(code, name), [code, name]);
  const copy = (): void => {
    void navigator.clipboard.writeText(code).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 2_000);
    });
  };
  return (
    <figure class="code">
      <figcaption>
        <span>{name}</span>
        <button type="button" class="quiet" onClick={copy} aria-live="polite">
          {copied ? words.copied : words.copy}
        </button>
      </figcaption>
      <pre tabIndex={0} role="region" aria-label={name === '' ? words.output : name}>
        {html === undefined ? <code>{code}</code> : <code dangerouslySetInnerHTML={{ __html: html }} />}
      </pre>
    </figure>
  );
}

/** HTML in which the highlighter has escaped everything that is not its own; undefined where it has nothing to say. */
function coloured(code: string, language: string): string | undefined {
  if (code.length > maxColouredLength || highlighter.getLanguage(language) === undefined) return undefined;
  return highlighter.highlight(code, { language, ignoreIllegals: true }).value;
}
