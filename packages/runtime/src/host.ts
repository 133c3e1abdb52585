/** The surroundings that a runtime needs; apps read them from their process. */
export interface RuntimeHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly userId: number | undefined;
  readonly userName: string;
  /** Told apart by it in a log that several processes write. */
  readonly processId?: number;
  /** The program's version, for User-Agent headers and the API. */
  readonly version: string;
}
