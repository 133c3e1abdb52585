/** What a started server gets of our environment: enough to find and run programs, nothing that opens a door. */
const inherited: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TERM',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NPM_CONFIG_REGISTRY',
  'NPM_CONFIG_CACHE',
  'XDG_CACHE_HOME',
]);

/** The allowlisted part of an environment, and what the configuration sets beside it. */
export function childEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const base = Object.entries(env).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined && !pair[1].startsWith('()') && (inherited.has(pair[0].toUpperCase()) || pair[0].startsWith('LC_')),
  );
  return { ...Object.fromEntries(base), ...own };
}
