/** What a command printed; undefined while it has not been asked yet. */
export type Read = (command: string) => Printed | undefined;

/** The result of one command. */
export interface Printed {
  readonly text: string;
  readonly isError: boolean;
}
