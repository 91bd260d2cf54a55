import { driver, type DriveStep } from 'driver.js';
import 'driver.js/dist/driver.css';
import { t } from '../app/texts';
import './tour.css';

const s = t.tour;

const steps: readonly (DriveStep & { element: string })[] = [
  { element: 'main h1', popover: s.board },
  { element: '[data-column]', popover: s.stage },
  { element: '[data-card]', popover: s.card },
  { element: '[role=search]', popover: s.filters },
  { element: '[data-tour=past]', popover: s.past },
  { element: '[data-tour=activity]', popover: s.activity },
  { element: '[data-tour=link]', popover: s.link },
  { element: '[data-tour=profile]', popover: s.help },
];

/** tour leads past what there is to see on the screen now, and says when it is over. It gives what ends it early. */
export function tour(onEnd: () => void = () => undefined): () => void {
  const shown = steps.filter(({ element }) => document.querySelector(element)?.checkVisibility());
  const guide = driver({
    steps: shown.map((step) => ({ ...step })),
    animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    showProgress: true,
    progressText: s.progress,
    nextBtnText: s.next,
    prevBtnText: s.back,
    doneBtnText: s.done,
    popoverClass: 'tour',
    stagePadding: 6,
    stageRadius: 8,
    overlayOpacity: 0.55,
    onPopoverRender: ({ closeButton }) => closeButton.setAttribute('aria-label', t.close),
    onDestroyed: onEnd,
  });
  guide.drive();
  return () => guide.destroy();
}
