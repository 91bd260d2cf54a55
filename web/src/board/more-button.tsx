import { SlidersHorizontal } from 'lucide-react';
import { Suspense, useState, type ComponentProps } from 'react';
import { t } from '../app/texts';
import { Badge, Button } from '../ui/controls';
import { lazily } from '../ui/lazily';
import { Boundary, Broken } from '../ui/states';
import { moreOf } from './filters';
import css from './more-filters.module.css';
import type { MoreProps } from './more-filters';

const MoreFilters = lazily(() => import('./more-filters'));

const f = t.filters;

/** MoreButton opens further filters, and says how many are set. */
export function MoreButton(props: MoreProps) {
  const [asked, setAsked] = useState(false);
  const count = moreOf(props.filters);
  const button = (more: ComponentProps<'button'> = {}) => (
    <Button look={count ? 'plain' : 'quiet'} className={css.trigger} aria-haspopup="dialog" {...more}>
      <SlidersHorizontal size={16} aria-hidden />
      {f.more}
      {count > 0 && <Badge tone="accent">{count}<span className="hidden-visually"> {f.set}</span></Badge>}
    </Button>
  );
  if (!asked) return button({ onClick: () => setAsked(true) });
  return (
    <Boundary instead={(error, again) => <>{button()}<Broken error={error} onAgain={again} onClose={() => setAsked(false)} /></>}>
      <Suspense fallback={button()}><MoreFilters {...props} trigger={button()} /></Suspense>
    </Boundary>
  );
}
