/** Flags that programs give files, folders and addresses by, and those that choose what is touched when they run; programs of Go write them with one dash, too. */
const flag =
  /^(?:-[fkl].*|-A|--?(?:filename|file|kustomize|values|manifest|template|input|chart|dir|directory|path|from-file|from-env-file|[a-z-]+-(?:file|dir|path)|selector|field-selector|label-selector|all|all-[a-z-]+|prune))(?:=|$)/;

/** What can only be a path, a file or an address; `deployment/web` is none. */
const place =
  /^(?:\.{0,2}\/|~|@|file:)|^\.\.?$|:\/\/|\.(?:ya?ml|json|toml|ini|conf|cfg|env|properties|txt|sh|py|js|tpl|tmpl|tgz|tar|gz|zip|sql|pem|crt|key)$/i;

/**
 * True where arguments name files or addresses, or choose by labels what they touch: the same words may do something else the next time. What a
 * program makes of a word is not known, so a file whose name looks like none is not found.
 */
export function pointsElsewhere(args: readonly string[]): boolean {
  return args.some((word) => flag.test(word) || place.test(word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word));
}
