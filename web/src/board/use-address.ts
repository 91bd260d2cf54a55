import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { readFilters, writeFilters, type Filters } from './filters';

/** useAddress is what the address of a pipeline's screen says, and `go`, which changes parts of it; an empty text takes one out. */
export function useAddress() {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const filters = useMemo(() => readFilters(search), [search]);
  const go = useCallback(
    (change: Partial<Filters> | Record<string, string>, replace = false) => {
      const next = writeFilters(location.search, change);
      navigate(path + (next && `?${next}`), { replace });
    },
    [navigate, path],
  );
  return { search, filters, go };
}
