const maxCommandLength = 1_000;

/**
 * Whether a shell takes a command as the words that it shows. Names that a pod's spec or an event gives are checked by nobody: with one such as
 * `a;reboot` a command is not offered for copying.
 */
export function isPlainCommand(command: string): boolean {
  return command.length <= maxCommandLength && /^[A-Za-z0-9 _./:@%+=,^-]*$/.test(command.replaceAll(/ '[^'\n]*'(?= |$)/g, ''));
}
