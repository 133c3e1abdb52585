import type { JSX } from 'preact';
import type { Settings, Theme } from '../state/settings.ts';
import { useWords } from './words.tsx';

const themes: readonly Theme[] = ['auto', 'light', 'dark'];

/** Colours and language. */
export function SettingsBar({
  settings,
  change,
}: {
  readonly settings: Settings;
  readonly change: (change: Partial<Settings>) => void;
}): JSX.Element {
  const words = useWords();
  return (
    <div class="settings">
      <label>
        <span>{words.theme}</span>
        <select
          value={settings.theme}
          onChange={(event) => {
            const theme = themes.find((one) => one === event.currentTarget.value);
            if (theme !== undefined) change({ theme });
          }}
        >
          {themes.map((theme) => (
            <option key={theme} value={theme}>
              {words.themes[theme]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{words.language}</span>
        <select value={settings.language} onChange={(event) => change({ language: event.currentTarget.value === 'zh' ? 'zh' : 'en' })}>
          <option value="en">English</option>
          <option value="zh">中文</option>
        </select>
      </label>
    </div>
  );
}
