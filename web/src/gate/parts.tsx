import { Ban, CircleAlert, type LucideIcon } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { problemOf, type Problem } from '../app/problem';
import { Mark } from '../app/splash';
import { t } from '../app/texts';
import { gate } from '../app/texts/gate';
import { Button, TextField } from '../ui/controls';
import ui from '../ui/ui.module.css';
import css from './gate.module.css';

const g = gate;

/** Frame is the card in which somebody is let in. */
export function Frame({ title, lead, aside, children }: { title: string; lead: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <div className={css.gate}>
      <main className={css.card}>
        <header className={css.head}>
          <Mark size={36} />
          <h1>{title}</h1>
          <p>{lead}</p>
        </header>
        {children}
      </main>
      {aside}
    </div>
  );
}

/** useAttempt runs one call at a time and keeps what went wrong with the last. */
export function useAttempt(first?: Problem) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Problem | null>(first ?? null);
  const attempt = useCallback(async (run: () => Promise<void>) => {
    setBusy(true);
    setFault(null);
    try {
      await run();
    } catch (error) {
      setFault(problemOf(error));
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, fault, attempt, clear: useCallback(() => setFault(null), []) };
}

interface CodeStepProps {
  /** Where the code went. */
  say: string;
  /** From when on another may be sent. */
  again: number;
  busy: boolean;
  /** What going back is called. */
  back: string;
  onEnter: (code: string) => void;
  onResend: () => void;
  onBack: () => void;
}

/** CodeStep takes the code that was mailed. */
export function CodeStep({ say, again, busy, back, onEnter, onResend, onBack }: CodeStepProps) {
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState(false);
  const wait = useCountdown(again);
  const field = useRef<HTMLInputElement>(null);
  const tried = useRef(false);
  // A code that was refused is typed anew.
  useEffect(() => {
    if (tried.current && !busy) {
      field.current?.focus();
      field.current?.select();
    }
    tried.current = busy;
  }, [busy]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(code.length !== 6);
    if (code.length === 6) onEnter(code);
  };
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <p className={css.say} role="status">{say}</p>
      <TextField ref={field} label={g.code} wrong={wrong && g.codeMissing} value={code} onChange={(e) => setCode(e.target.value.replace(/\D/g, '').slice(0, 6))} className={css.code}
        inputMode="numeric" autoComplete="one-time-code" autoFocus name="code" />
      <Button type="submit" look="primary" disabled={busy}>{busy ? g.entering : g.enter}</Button>
      <div className={css.row}>
        <Button look="quiet" disabled={busy || wait > 0} onClick={onResend}>{wait > 0 ? g.resendIn(wait) : g.resend}</Button>
        <Button look="quiet" onClick={onBack}>{back}</Button>
      </div>
    </form>
  );
}

/** useCountdown counts whole seconds down to 0, which is at `end`. */
function useCountdown(end: number): number {
  const [left, setLeft] = useState(() => secondsTo(end));
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsTo(end)), 500);
    return () => clearInterval(timer);
  }, [end]);
  return left;
}

const secondsTo = (end: number) => Math.max(0, Math.ceil((end - Date.now()) / 1000));

export function Note({ children }: { children: ReactNode }) {
  return <p className={css.note} role="status">{children}</p>;
}

export function Fault({ problem }: { problem: Problem }) {
  return (
    <div className={css.fault} role="alert">
      <CircleAlert size={18} aria-hidden />
      <div>
        <p>{g.faults[problem.code] ?? problem.message}</p>
        {problem.requestId && <code className={ui.code}>{t.requestId(problem.requestId)}</code>}
      </div>
    </div>
  );
}

/** Refusal says why a workspace may not come in. */
export function Refusal({ reason }: { reason: string }) {
  const why = g.refused[reason] ?? { title: g.faults.WORKSPACE_NOT_ELIGIBLE!, hint: '' };
  return <NoWay icon={Ban} {...why} />;
}

/** NoWay says what does not lead on, and what to do about it. */
export function NoWay({ icon: Icon, title, hint }: { icon: LucideIcon; title: string; hint: string }) {
  return (
    <div className={css.fault} role="alert">
      <Icon size={18} aria-hidden />
      <div>
        <strong>{title}</strong>
        <p>{hint}</p>
      </div>
    </div>
  );
}
