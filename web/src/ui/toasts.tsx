import { X } from 'lucide-react';
import { Toast as RadixToast } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import { newId } from '../app/id';
import { t } from '../app/texts';
import { Button } from './controls';
import css from './ui.module.css';

export interface Toast {
  title: string;
  text?: string | undefined;
  tone?: 'good' | 'warn' | 'bad';
  requestId?: string | undefined;
}

let shown: readonly (Toast & { key: string })[] = [];
const views = new Set<() => void>();

function show(next: typeof shown) {
  shown = next;
  views.forEach((view) => view());
}

/** toast tells something in passing; at most four stand at once. */
export function toast(what: Toast) {
  show([...shown, { ...what, key: newId() }].slice(-4));
}

export function Toasts() {
  const all = useSyncExternalStore(
    (view) => {
      views.add(view);
      return () => views.delete(view);
    },
    () => shown,
  );
  return (
    <RadixToast.Provider duration={7_000} swipeDirection={document.documentElement.dir === 'rtl' ? 'right' : 'left'}>
      {all.map(({ key, title, text, tone, requestId }) => (
        <RadixToast.Root key={key} className={css.toast} data-tone={tone} type={tone === 'bad' ? 'foreground' : 'background'}
          onOpenChange={(open) => !open && show(shown.filter((other) => other.key !== key))}>
          <div className={css.toastText}>
            <RadixToast.Title asChild>
              <strong>{title}</strong>
            </RadixToast.Title>
            {text && <RadixToast.Description asChild><span>{text}</span></RadixToast.Description>}
            {requestId && <div><code className={css.code}>{t.requestId(requestId)}</code></div>}
          </div>
          <RadixToast.Close asChild>
            <Button look="quiet" icon aria-label={t.close}>
              <X size={16} aria-hidden />
            </Button>
          </RadixToast.Close>
        </RadixToast.Root>
      ))}
      <RadixToast.Viewport className={css.toasts} />
    </RadixToast.Provider>
  );
}
