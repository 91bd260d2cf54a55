import { useEffect, useState } from 'react';
import { problemOf, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { PastBoard, Since } from '../gql/past';
import type { PastBoardQuery, RecordFilter, SinceQuery } from '../gql/types';

export type Then = PastBoardQuery['board'];
export type StageSince = SinceQuery['boardDiff']['stages'][number];
export type CardSince = SinceQuery['boardDiff']['cards']['nodes'][number];

export interface Changes {
  stages: ReadonlyMap<string, StageSince>;
  cards: ReadonlyMap<string, CardSince>;
  total: number;
}

/** How many pages of changed cards are read, of 200 each: beyond that the stages tell, and the cards keep silent. */
const PAGES = 10;
export const PAGE = 50;

interface Past {
  then: Then | null;
  /** The filter that it was read with. */
  filter: RecordFilter | null;
  /** What became of it since; null while it is not known. */
  since: Changes | null;
  problem: Problem | null;
  waiting: boolean;
}

/** usePast reads a board as it was, and what became of it. What is shown stays until the next is here. */
export function usePast(pipelineId: string, filter: RecordFilter | null, at: string) {
  const { client } = useWork();
  const [past, setPast] = useState<Past>({ then: null, filter: null, since: null, problem: null, waiting: true });
  const [again, setAgain] = useState(0);
  const key = JSON.stringify(filter);
  useEffect(() => {
    let left = false;
    const wanted = JSON.parse(key) as RecordFilter | null;
    const show = (change: Partial<Past>) => !left && setPast((held) => ({ ...held, ...change }));
    const read = async () => {
      show({ waiting: true });
      // Not into the cache: it holds the cards as they are now.
      const { data } = await client.query({ query: PastBoard, variables: { pipelineId, filter: wanted, asOf: at, first: PAGE }, fetchPolicy: 'no-cache' });
      if (!data || left) return;
      show({ then: data.board, filter: wanted, since: null, problem: null, waiting: false });
      const cards = new Map<string, CardSince>();
      let after: string | null = null;
      let to: string | null = null;
      for (let page = 0; page < PAGES && !left; page++) {
        const answer: { data?: SinceQuery | undefined } = await client.query({ query: Since, variables: { pipelineId, filter: wanted, from: data.board.revision, to, after }, fetchPolicy: 'no-cache' });
        const diff: SinceQuery['boardDiff'] | undefined = answer.data?.boardDiff;
        if (!diff) return;
        const { stages, cards: some } = diff;
        for (const card of some.nodes) cards.set(card.recordId, card);
        to = diff.to;
        after = some.pageInfo.endCursor;
        show({ since: { stages: new Map(stages.map((stage) => [stage.stage.id, stage])), cards: new Map(cards), total: some.totalCount } });
        if (!some.pageInfo.hasNextPage) return;
      }
    };
    read().catch((error: unknown) => show({ problem: problemOf(error), waiting: false }));
    return () => {
      left = true;
    };
  }, [client, pipelineId, key, at, again]);
  return { ...past, retry: () => setAgain(again + 1) };
}
