import { useEffect } from 'react';
import { t } from '../app/texts';
import type { BoardFeed } from '../live/feed';
import { toast } from '../ui/toasts';

const b = t.board;

/** useNews tells what happened to the board that one cannot see on it: cards that left, and why; a board loaded anew. */
export function useNews(feed: BoardFeed | null, me: string | undefined) {
  useEffect(
    () =>
      feed?.on((event) => {
        // A filter by the clock lets other cards pass as time goes; that is nothing to tell.
        if (event.type === 'reset' && event.reason !== 'CLOCK') toast({ tone: 'warn', title: b.reset[event.reason] ?? event.reason });
        if (event.type !== 'commit' || event.left.length === 0) return;
        const { actor } = event.commit;
        const gone = event.left.filter(({ reason, title }) => title && !(actor.id === me && reason !== 'FILTER'));
        const [first] = gone;
        if (!first) return;
        const say = b.left[first.reason as keyof typeof b.left];
        toast(gone.length > 1 ? { title: b.leftMany(gone.length), text: say?.(actor.name, first.title) } : { title: say?.(actor.id === me ? t.you : actor.name, first.title) ?? '' });
      }),
    [feed, me],
  );
}
