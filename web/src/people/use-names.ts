import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { useWork } from '../app/session';
import { People } from '../gql/app';
import type { PipelineFieldsFragment } from '../gql/types';

/** What is known by name of what a history speaks of by id. */
export interface Names {
  stage: (id: string) => string | undefined;
  pipeline: (id: string) => string | undefined;
  person: (id: string) => string | undefined;
  /** By the key of why something was lost. */
  reason: (key: string) => string | undefined;
}

export function useNames(pipelines: readonly PipelineFieldsFragment[]): Names {
  const { reasons } = useWork();
  const { data: people } = useQuery(People);
  return useMemo(() => {
    const stages = new Map(pipelines.flatMap((p) => p.stages.map(({ id, name }) => [id, name])));
    return {
      stage: (id) => stages.get(id),
      pipeline: (id) => pipelines.find((p) => p.id === id)?.name,
      person: (id) => people?.members.nodes.find((m) => m.id === id)?.name,
      reason: (key) => reasons.find((r) => r.key === key)?.label,
    };
  }, [pipelines, people, reasons]);
}
