import type { JSX } from 'preact';
import type { ContextsResponse } from '@kw/sdk-js';
import { useWords } from './words.tsx';

/** Where new questions act. */
export interface Place {
  readonly cluster?: string;
  readonly namespace?: string;
}

interface PlacePickerProps {
  readonly contexts: ContextsResponse['contexts'];
  readonly namespaces: readonly string[];
  readonly place: Place;
  readonly choose: (place: Place) => void;
}

/** Picks the kube context and the namespace. */
export function PlacePicker({ contexts, namespaces, place, choose }: PlacePickerProps): JSX.Element {
  const words = useWords();
  const current = contexts.find((one) => (place.cluster === undefined ? one.current : one.name === place.cluster));
  return (
    <div class="place">
      <label>
        <span>{words.context}</span>
        <select value={current?.name ?? ''} onChange={(event) => choose({ cluster: event.currentTarget.value })}>
          {current === undefined && <option value="">-</option>}
          {contexts.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{words.namespace}</span>
        <select
          value={place.namespace ?? ''}
          onChange={(event) => {
            const namespace = event.currentTarget.value;
            choose({ ...(place.cluster !== undefined && { cluster: place.cluster }), ...(namespace !== '' && { namespace }) });
          }}
        >
          <option value="">{current?.namespace ?? words.allOf}</option>
          {namespaces.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
