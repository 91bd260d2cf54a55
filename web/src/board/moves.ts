import { useCallback, useRef, useState } from 'react';
import { problemOf, sentence, type Problem } from '../app/problem';
import { t } from '../app/texts';
import type { BoardFeed } from '../live/feed';
import type { Card, Move } from '../live/replica';
import { asksWhy, given, type Reason } from '../record/reason';
import { toast } from '../ui/toasts';
import type { Slot } from './slot';

const b = t.board;

interface Wish extends Move {
  from: string;
}

/** reportMove says that a move, or what else was asked of a card, was not made, and why. */
export function reportMove(error: unknown) {
  tell(t.wrong.title, problemOf(error));
}

function tell(title: string, problem: Problem) {
  const fields = problem.code === 'STAGE_REQUIREMENTS' ? problem.details?.map(({ field }) => t.record.fields[snake(field)] ?? field) : undefined;
  const left = problem.details?.some(({ field }) => field.endsWith('lostReasonKey')) && b.lostReason.left;
  toast({ tone: 'bad', title, text: fields?.length ? b.needs(fields.join(', ')) : left || sentence(problem), requestId: problem.requestId });
}

const snake = (field: string) => field.replace(/^.*\./, '').replace(/[A-Z]/g, (letter) => '_' + letter).toUpperCase();

/** useMoves moves cards: asks for what a stage needs, and tells what came of it when that is not what the hand did. */
export function useMoves(feed: BoardFeed | null) {
  const [asking, setAsking] = useState<Wish | null>(null);
  const held = useRef(feed);
  held.current = feed;

  const attempt = useCallback(
    async (wish: Wish, reason?: Reason) => {
      const feed = held.current;
      if (!feed) return;
      const title = feed.card(wish.recordId)?.title ?? '';
      const { problem, fellBack } = await feed.move(wish, wish.from, reason && given(reason));
      if (fellBack) toast({ title: b.fellBack });
      if (!problem) return;
      if (!reason && problem.details?.some(({ field }) => field.endsWith('lostReason'))) return setAsking(wish);
      if (problem.code !== 'CONFLICT') return tell(b.moveFailed(title), problem);
      const now = problem.current as { stageId?: string; updatedBy?: { name: string } } | undefined;
      const stage = feed.snapshot().board?.pipeline.stages.find(({ id }) => id === now?.stageId)?.name;
      toast({ tone: 'warn', title: b.conflict(title), text: now?.updatedBy && stage ? b.conflictBy(now.updatedBy.name, stage) : b.conflictHint });
    },
    [],
  );

  const begin = useCallback(
    (wish: Wish) => {
      const pipeline = held.current?.snapshot().board?.pipeline;
      if (wish.from !== wish.stageId && asksWhy(pipeline, wish.stageId)) setAsking(wish);
      else void attempt(wish);
    },
    [attempt],
  );

  return {
    asking,
    move: useCallback((recordId: string, from: string, to: Slot, afterId: string | null) => begin({ recordId, from, stageId: to.stageId, afterId }), [begin]),
    toEnd: useCallback((card: Card, stageId: string) => begin({ recordId: card.id, from: card.stageId, stageId, afterId: null }), [begin]),
    answer: useCallback(
      (reason: Reason) => {
        if (asking) void attempt(asking, reason);
        setAsking(null);
      },
      [asking, attempt],
    ),
    giveUp: useCallback(() => setAsking(null), []),
  };
}
