import { useEffect, useState } from 'preact/hooks';
import type { Language } from '../text/messages.ts';

/** How colours are chosen. */
export type Theme = 'auto' | 'light' | 'dark';

/** What a person chose for this browser. */
export interface Settings {
  readonly theme: Theme;
  readonly language: Language;
}

const key = 'kubelet-wuhrai';

function load(): Settings {
  const language: Language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  try {
    const kept: Partial<Settings> | null = JSON.parse(localStorage.getItem(key) ?? 'null'); // each field is looked at before it is used
    return {
      theme: kept?.theme === 'light' || kept?.theme === 'dark' ? kept.theme : 'auto',
      language: kept?.language === 'en' || kept?.language === 'zh' ? kept.language : language,
    };
  } catch {
    return { theme: 'auto', language }; // storage that is switched off, or holds something else
  }
}

/** Colours and language, kept in this browser. */
export function useSettings(): readonly [Settings, (change: Partial<Settings>) => void] {
  const [settings, setSettings] = useState(load);
  useEffect(() => {
    document.documentElement.dataset['theme'] = settings.theme;
    document.documentElement.lang = settings.language === 'zh' ? 'zh-CN' : 'en';
    try {
      localStorage.setItem(key, JSON.stringify(settings));
    } catch {
      // it then lasts as long as the page
    }
  }, [settings]);
  return [settings, (change) => setSettings({ ...settings, ...change })];
}

const tokenKey = 'kubelet-wuhrai-token';

/** The token of this tab; it is gone when the tab is closed. */
export function keptToken(): string | undefined {
  return sessionStorage.getItem(tokenKey) ?? undefined;
}

/** Keeps the token for this tab. */
export function keepToken(token: string): void {
  sessionStorage.setItem(tokenKey, token);
}
