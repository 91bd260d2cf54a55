import { X } from 'lucide-react';
import { Toast as RadixToast } from 'radix-ui';
import { t } from '../app/texts';
import { Button } from './controls';
import type { Shown } from './toasts';
import css from './toasts.module.css';
import ui from './ui.module.css';

/**
 * The newest toast hears of Escape before all that was laid over the page earlier. Unless it has the focus itself, the key is for
 * the sheet or dialog on top; a menu that is open lies above those, and keeps them.
 */
function escape(event: KeyboardEvent) {
  const top = [...document.querySelectorAll(`.${ui.sheet}, .${ui.dialog}`)].at(-1);
  const close = top?.querySelector<HTMLElement>(`[aria-label="${t.close}"]`);
  if (!close || document.querySelector('[data-radix-popper-content-wrapper]') || (event.target as Element).closest(`.${css.toasts}`)) return;
  event.preventDefault();
  close.click();
}

/** ToastList shows toasts until they have been read, or are put away. */
export default function ToastList({ all, onGone }: { all: readonly Shown[]; onGone: (key: string) => void }) {
  return (
    <RadixToast.Provider duration={7_000} swipeDirection={document.documentElement.dir === 'rtl' ? 'right' : 'left'}>
      {all.map(({ key, title, text, tone, requestId, action }) => (
        <RadixToast.Root key={key} className={css.toast} data-tone={tone} {...(action && { duration: 15_000 })} type={tone === 'bad' ? 'foreground' : 'background'} onEscapeKeyDown={escape} onOpenChange={(open) => !open && onGone(key)}>
          <div className={css.toastText}>
            <RadixToast.Title asChild>
              <strong>{title}</strong>
            </RadixToast.Title>
            {text && <RadixToast.Description asChild><span>{text}</span></RadixToast.Description>}
            {requestId && <div><code className={ui.code}>{t.requestId(requestId)}</code></div>}
          </div>
          {action && (
            <RadixToast.Action asChild altText={action.label}>
              <Button onClick={(event) => void action.go(event.currentTarget.getBoundingClientRect())}>{action.label}</Button>
            </RadixToast.Action>
          )}
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
