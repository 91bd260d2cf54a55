import type { PipelineFieldsFragment } from '../gql/types';

export default function BoardPage({ pipelineId, pipelines }: { pipelineId: string; pipelines: readonly PipelineFieldsFragment[] }) {
  return <h1>{pipelines.find(({ id }) => id === pipelineId)?.name}</h1>;
}
