import { CircleAlert, type LucideIcon } from 'lucide-react';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { problemOf, sentence, type Problem } from '../app/problem';
import { t } from '../app/texts';
import { Button } from './controls';
import { Dialog } from './overlays';
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

/** Missing is a script of the application that could not be fetched; once `forget` was called it is asked for anew. */
export class Missing extends Error {
  constructor(readonly forget: () => void, cause: unknown) {
    super('a part of the application could not be fetched', { cause });
  }
}

const wordsFor = (error: unknown) => (error instanceof Missing ? { title: t.wrong.part, hint: t.wrong.partHint } : { title: t.wrong.page, hint: t.wrong.pageHint });

const Reload = () => <Button onClick={() => location.reload()}>{t.wrong.reload}</Button>;

/** Broken stands in the place of a dialog or panel that could not be shown. */
export function Broken({ error, onAgain, onClose }: { error: unknown; onAgain: () => void; onClose: () => void }) {
  const { title, hint } = wordsFor(error);
  return <Dialog open onClose={onClose} title={title} description={hint} foot={<><Reload /><Button look="primary" onClick={onAgain}>{t.again}</Button></>} />;
}

interface BoundaryProps {
  children: ReactNode;
  /** Where one is: elsewhere it begins anew. */
  at?: string;
  /** What is shown in place of what broke; `dismiss` shows nothing. */
  instead?: (error: unknown, again: () => void, dismiss: () => void) => ReactNode;
}

interface BoundaryState {
  error: unknown;
  at: string | undefined;
  dismissed: boolean;
}

/** Boundary catches what broke while a part was shown, and leaves the rest standing. What was missing is asked for again when the network is back. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: null, at: this.props.at, dismissed: false };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  static getDerivedStateFromProps({ at }: BoundaryProps, held: BoundaryState) {
    return at === held.at ? null : { error: null, at, dismissed: false };
  }

  override componentDidMount() {
    window.addEventListener('online', this.online);
  }

  override componentWillUnmount() {
    window.removeEventListener('online', this.online);
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    if (error instanceof Missing) error.forget();
    else console.error(error, info.componentStack);
  }

  private readonly again = () => this.setState({ error: null, dismissed: false });

  private readonly online = () => {
    if (this.state.error instanceof Missing) this.again();
  };

  override render() {
    const { error, dismissed } = this.state;
    if (error === null) return this.props.children;
    if (dismissed) return null;
    if (this.props.instead) return this.props.instead(error, this.again, () => this.setState({ dismissed: true }));
    const { title, hint } = wordsFor(error);
    return (
      <State icon={CircleAlert} title={title} code={problemOf(error).requestId} actions={<><Button look="primary" onClick={this.again}>{t.again}</Button><Reload /></>}>
        {hint}
      </State>
    );
  }
}
