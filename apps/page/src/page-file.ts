/** A file of the page. */
export interface PageFile {
  /** Where it is served, such as `/` or `/assets/index-1a2b.js`. */
  readonly path: string;
  readonly contentType: string;
  /** Its bytes in base64. */
  readonly base64: string;
  /** True where the name changes with the content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/** Every file of the built page; `/` is the page itself. */
export declare const files: readonly PageFile[];
