import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { readFilters, writeFilters, type Filters } from './filters';

const pipelineIn = (path: string) => path.split('/')[4];

/**
 * useAddress is what the address of a pipeline's screen says, and `go`, which changes parts of it; an empty text takes one out.
 * What comes late changes the view that is shown by then; whoever has left the pipeline is left alone.
 */
export function useAddress() {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const filters = useMemo(() => readFilters(search), [search]);
  const go = useCallback(
    (change: Partial<Filters> | Record<string, string>, replace = false) => {
      const { pathname, search } = location;
      const next = writeFilters(search, change);
      if (pipelineIn(pathname) === pipelineIn(path)) navigate(pathname + (next && `?${next}`), { replace });
    },
    [navigate, path],
  );
  return { search, filters, go };
}
