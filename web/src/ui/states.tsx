import { CircleAlert, type LucideIcon } from 'lucide-react';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { problemOf, sentence, type Problem } from '../app/problem';
import { t } from '../app/texts';
import { Button } from './controls';
import css from './ui.module.css';

/** State stands where something would be: it says what there is not, and what to do next. */
export function State({ icon: Icon, title, children, actions, code }: { icon?: LucideIcon; title: string; children?: ReactNode; actions?: ReactNode; code?: string | undefined }) {
  return (
    <div className={css.state}>
      {Icon && <Icon size={28} strokeWidth={1.5} aria-hidden />}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {code && <code className={css.code}>{t.requestId(code)}</code>}
      {actions && <div className={css.stateActions}>{actions}</div>}
    </div>
  );
}

/** Failure says what went wrong, with the request's id, and offers a way on; `action` is another one. */
export function Failure({ problem, retry, action, title = t.wrong.title }: { problem: Problem; retry?: () => void; action?: ReactNode; title?: string }) {
  return (
    <div role="alert">
      <State icon={CircleAlert} title={title} code={problem.requestId} actions={(retry || action) && <>{retry && <Button onClick={retry}>{t.again}</Button>}{action}</>}>
        {sentence(problem)}
      </State>
    </div>
  );
}

/** Boundary catches what broke while a part was shown, and leaves the rest standing. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <State icon={CircleAlert} title={t.wrong.page} code={problemOf(this.state.error).requestId} actions={<Button onClick={() => location.reload()}>{t.wrong.reload}</Button>}>
        {t.wrong.pageHint}
      </State>
    );
  }
}
