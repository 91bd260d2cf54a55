import { useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { useSavePreferences } from '../app/shell';
import { Start } from '../gql/app';

/** useFirstTour leads a member around once, as soon as there is something to see. */
export function useFirstTour(ready: boolean) {
  const { data } = useQuery(Start, { fetchPolicy: 'cache-only' });
  const save = useSavePreferences();
  const wanted = ready && data?.preferences.tourFinished === false;
  useEffect(() => {
    if (!wanted) return;
    let left = false;
    let end: (() => void) | undefined;
    void import('./tour').then(({ tour }) => {
      if (!left) end = tour(() => left || save({ tourFinished: true }));
    });
    return () => {
      left = true;
      end?.();
    };
  }, [wanted, save]);
}
