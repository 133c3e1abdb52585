import type { Finding } from '../effects/judgement.ts';

// Names that the shell, the loader or the programs listed here act on. Some the shell sets itself, whatever they are given, and
// some it evaluates (`RANDOM='a[$(id)]'`).
const acting =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|IFS|ENV|PWD|OLDPWD|CDPATH|PS[0-9]|PROMPT_COMMAND|SHELLOPTS|BASHOPTS|FCEDIT|INPUTRC|EXECIGNORE|FIGNORE|GLOBIGNORE|GLOBSORT|TIMEFORMAT|HOSTFILE|MAILPATH|TMOUT|TMPDIR|EDITOR|VISUAL|PAGER|BROWSER|DIFF|POSIXLY_CORRECT|EMACS|IGNOREEOF|CHILD_MAX|_|S?RANDOM|SECONDS|LINENO|EPOCH\w+|E?UID|PPID|GROUPS|PIPESTATUS|FUNCNAME|OPTIND|OPTARG|OPTERR|REPLY|MAPFILE|COPROC|READLINE_\w+)$|^(?:BASH|LD_|DYLD_|GLIBC|MALLOC_|GCONV|LOCPATH|NLSPATH|RES_OPTIONS|HOSTALIASES|KUBE|KUBECTL|HELM|HIST|LESS|GREP_|TAR_|AWK|JQ|GO|SSL_|CURL_|AWS_|AZURE_|GOOGLE_|CLOUDSDK_|XDG_|PYTHON|PERL|RUBY|NODE_|NPM_|GIT_|SSH_|COMP_|DIRSTACK|FUNCNEST)|proxy$/i;
// Names that change nothing but how output looks.
const harmless: ReadonlySet<string> = new Set(['LANG', 'LANGUAGE', 'TZ', 'TERM', 'COLUMNS', 'LINES', 'NO_COLOR', 'CLICOLOR']);
// Names that people give to things of a cluster; no program acts on them.
const ordinary =
  /^(?:NS|NAMESPACE|POD|PODS|NAME|APP|SVC|SERVICE|DEPLOY|DEPLOYMENT|NODE|CONTAINER|LABEL|SELECTOR|KIND|RESOURCE|COUNT|SINCE|TAIL)$/i;

/** Findings about giving a value to a variable; with `isExported` programs see it. */
export function judgeAssignedName(name: string, isExported: boolean): readonly Finding[] {
  if (/^(?:KUBECONFIG|KUBERC|KUBECTL_KUBERC|KUBE.*|HTTPS?_PROXY|ALL_PROXY|NO_PROXY)$/i.test(name)) {
    return [{ effect: 'unknown', trait: 'moves-target', reason: `${name}= changes where commands go`, targetFlag: name }];
  }
  if (harmless.has(name) || name.startsWith('LC_')) return [];
  if (acting.test(name)) return [{ effect: 'unknown', reason: `${name}= changes what commands do` }];
  if (isExported && !ordinary.test(name)) return [{ effect: 'unknown', reason: `${name}= is handed to programs, which may act on it` }];
  return [];
}

/** True for variables whose names say that they hold a secret. */
export function isSecretVariable(name: string): boolean {
  return /SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY/i.test(name);
}
