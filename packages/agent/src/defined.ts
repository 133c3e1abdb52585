type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same object without the keys whose value is undefined, so that it suits exact optional properties. */
export function defined<T extends object>(value: T): Defined<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- proven by the filter
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
