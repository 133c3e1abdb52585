/** What a client's model is told of this server; under 300 tokens. */
export function instructionsFor(options: { readonly readOnly: boolean; readonly external: boolean }): string {
  return [
    'kubelet-wuhrai runs kubectl and small shell scripts on the Kubernetes cluster of the user who started it.',
    'For trouble begin with the tool diagnose, else with kubectl, and ask narrowly: name objects, use -n, -l, --field-selector, --tail. A text over 64 KiB is cut and linked whole as a resource.',
    options.readOnly
      ? 'This server is read-only: nothing is changed, whatever is asked for.'
      : 'Reads run at once. What changes something is shown to the user first, where the client can ask (elicitation); otherwise it is not run, and the answer says so.',
    'Values of Secrets, tokens and keys are hidden. Commands that follow or need a terminal (-w, -f, edit, exec -it, port-forward) are refused.',
    ...(options.external ? ['Tools named server__tool belong to other MCP servers and are passed on as they are.'] : []),
  ].join(' ');
}
