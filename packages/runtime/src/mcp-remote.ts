import type { Tool, ToolInvocation } from '@kw/agent';

/** Flags of kubectl whose value is a file or folder of this machine. */
const fileFlags =
  /(?:^|\s)(?:-f|--filename|-k|--kustomize|--from-file|--from-env-file|--patch-file|--template|--output-directory|--cert|--key|--kubeconfig|--certificate-authority|--client-certificate|--client-key|--token-file)(?:[= ]+|(?<=-[fk]))['"]?(?!-(?:\s|$))/;
const fileOutputs = /(?:jsonpath|go-template|custom-columns)-file/;
/** A word that begins like a path, or is read from a file. */
const pathWord = /(?:^|[\s=<>'"(])(?:~|\.{1,2})?\/[^\s/]/;

const why = 'a client over the network names no file of the machine that the server runs on; give a manifest as `input`';

/** The same tool for clients that come over the network: what names local files or other credentials is refused, before it is asked about. */
export function forRemote(tool: Tool): Tool {
  return {
    ...tool,
    prepare: (argumentsJson, scope) => {
      const invocation = tool.prepare(argumentsJson, scope);
      const refusal = refusalOf(tool.name, invocation);
      return refusal === undefined ? invocation : { ...invocation, refusal };
    },
  };
}

function refusalOf(tool: string, { summary, traits, refusal }: ToolInvocation): string | undefined {
  if (refusal !== undefined) return undefined;
  if (traits.includes('moves-target'))
    return 'a client over the network cannot name another cluster, user or credential than the server has';
  const [command = ''] = summary.split('\n');
  if (tool === 'kubectl') return namesFile(command) ? why : undefined;
  return pathWord.test(` ${summary}`) ? why : undefined;
}

function namesFile(command: string): boolean {
  const [before = ''] = command.split(/\s--\s/);
  return fileFlags.test(before) || fileOutputs.test(before) || /^kubectl\s+(?:\S+\s+)*cp\s/.test(before);
}
