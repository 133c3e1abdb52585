/** A shell that completion is made for. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** The completion script of a shell. It asks the program itself, so it fits every version. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash;
    case 'zsh':
      return zsh;
    case 'fish':
      return fish;
  }
}

/** Shells write `${`, which is TypeScript's: here it is `@{`. */
function script(text: string): string {
  return text.replaceAll('@{', '${');
}

const bash = script(String.raw`# bash completion of kubelet-wuhrai, kw and kubectl-wuhrai
_kubelet_wuhrai() {
  local word line files=0 joined=0 i
  local words=()
  # Bash takes = and : for separators; what they separate is put together again.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=@{COMP_WORDS[i]}
    if [[ @{#words[@]} -gt 0 && ( $joined -eq 1 || $word =~ ^[=:]+$ ) ]]; then
      words[@{#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    if [[ $word =~ ^[=:]+$ ]]; then joined=1; else joined=0; fi
  done
  local current=@{words[@{#words[@]}-1]} own=@{COMP_WORDS[COMP_CWORD]}
  if [[ $own =~ ^[=:]+$ ]]; then own=; fi
  local before=@{current%"$own"}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1; continue; fi
    line=@{line%%$'\t'*}
    COMPREPLY+=("$(printf %q "@{line#"$before"}")")
  done < <("@{COMP_WORDS[0]}" __complete -- "@{words[@]}" 2>/dev/null)
  if [[ $files -eq 1 ]]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$own")
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _kubelet_wuhrai kubelet-wuhrai kw kubectl-wuhrai
`);

const zsh = script(String.raw`#compdef kubelet-wuhrai kw kubectl-wuhrai
# zsh completion of kubelet-wuhrai, kw and kubectl-wuhrai
_kubelet_wuhrai() {
  local line value files=0
  local -a values
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1; continue; fi
    value=@{line%%$'\t'*}
    value=@{value//:/\\:}
    if [[ $line == *$'\t'* ]]; then values+=("$value:@{line#*$'\t'}"); else values+=("$value"); fi
  done < <(@{(Q)words[1]} __complete -- "@{(@Q)words[2,CURRENT]}" 2>/dev/null)
  if (( $#values )); then _describe -V -t values 'kubelet-wuhrai' values; fi
  if (( files )); then
    compset -P '*='
    _files
  fi
}
if [[ @{funcstack[1]} == _kubelet_wuhrai ]]; then
  _kubelet_wuhrai "$@"
else
  compdef _kubelet_wuhrai kubelet-wuhrai kw kubectl-wuhrai
fi
`);

const fish = script(String.raw`# fish completion of kubelet-wuhrai, kw and kubectl-wuhrai
function __kubelet_wuhrai_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
for name in kubelet-wuhrai kw kubectl-wuhrai
    complete -c $name -f -a '(__kubelet_wuhrai_complete)'
end
`);
