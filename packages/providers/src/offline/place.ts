/** Where a question looks: one namespace, all of them, or the one that is meant by default. */
export type Place = { readonly type: 'default' } | { readonly type: 'all' } | { readonly type: 'namespace'; readonly name: string };

/** The flag for a place. */
export function flag(place: Place): string {
  switch (place.type) {
    case 'default':
      return '';
    case 'all':
      return ' -A';
    case 'namespace':
      return ` -n ${place.name}`;
  }
}
