import { Ban, CircleAlert } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { door, type CodeSent, type Session, type Standing } from '../app/door';
import { problemOf, type Problem } from '../app/problem';
import { Mark } from '../app/splash';
import { t } from '../app/texts';
import { gate } from '../app/texts/gate';
import { framed } from '../live/credential';
import { Button, TextField } from '../ui/controls';
import ui from '../ui/ui.module.css';
import css from './gate.module.css';

const g = gate;

type Step = { at: 'workspace' } | { at: 'mail'; standing: Standing } | { at: 'code'; standing: Standing; sent: CodeSent; email: string | undefined };

/** Gate lets people in: which workspace, whether it may, a code by mail, a session. */
export default function Gate({ workspaceId, problem, ended, onEntered }: { workspaceId: string | null; problem?: Problem | undefined; ended: boolean; onEntered: (s: Session) => void }) {
  const [id, setId] = useState(workspaceId ?? '');
  const [step, setStep] = useState<Step>({ at: 'workspace' });
  const [refused, setRefused] = useState<Standing | null>(null);
  const { busy, fault, attempt, clear } = useAttempt(problem);

  const check = useCallback(
    (workspace: string) =>
      attempt(async () => {
        setRefused(null);
        const standing = await door.standing(workspace);
        if (standing.allowed) setStep({ at: 'mail', standing });
        else setRefused(standing);
      }),
    [attempt],
  );
  const asked = useRef(false);
  useEffect(() => {
    document.title = t.product;
  }, []);
  useEffect(() => {
    // A workspace named by the address needs no typing.
    if (workspaceId && !asked.current && !problem) void check(workspaceId);
    asked.current = true;
  }, [workspaceId, problem, check]);

  const send = (standing: Standing, email?: string) => attempt(async () => setStep({ at: 'code', standing, email, sent: await door.requestCode(id.trim(), email) }));
  const back = () => {
    clear();
    setStep({ at: 'workspace' });
  };

  return (
    <div className={css.gate}>
      <main className={css.card}>
        <header className={css.head}>
          <Mark size={36} />
          <h1>{step.at === 'workspace' ? g.title : (step.standing.workspace_name ?? id)}</h1>
          <p>{g.lead}</p>
        </header>
        {ended && <Note>{g.ended}</Note>}
        {fault && <Fault problem={fault} />}
        {refused && <Refusal standing={refused} />}
        {step.at === 'workspace' && <WorkspaceStep id={id} setId={setId} busy={busy} onNext={() => void check(id.trim())} />}
        {step.at === 'mail' && <MailStep owner={step.standing.otp_available} busy={busy} onSend={(email) => void send(step.standing, email)} onBack={back} />}
        {step.at === 'code' && (
          <CodeStep key={step.sent.expires_at} sent={step.sent} busy={busy} onBack={back} onResend={() => void send(step.standing, step.email)}
            onEnter={(code) => void attempt(async () => onEntered(await door.enterByCode(id.trim(), code, !framed, step.email)))} />
        )}
      </main>
      {step.at === 'workspace' && <Help />}
    </div>
  );
}

/** useAttempt runs one call at a time and keeps what went wrong with the last. */
function useAttempt(first?: Problem) {
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

function WorkspaceStep({ id, setId, busy, onNext }: { id: string; setId: (id: string) => void; busy: boolean; onNext: () => void }) {
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(!id.trim());
    if (id.trim()) onNext();
  };
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <TextField label={g.workspace} hint={g.workspaceHint} wrong={wrong && g.workspaceMissing} value={id} onChange={(e) => setId(e.target.value)}
        autoFocus={!framed} autoComplete="organization" autoCapitalize="none" spellCheck={false} maxLength={64} name="workspace" />
      <Button type="submit" look="primary" disabled={busy}>{busy ? g.checking : g.next}</Button>
    </form>
  );
}

/** MailStep asks who the code is for; where the owner's address is not known, only another member can have one. */
function MailStep({ owner, busy, onSend, onBack }: { owner: boolean; busy: boolean; onSend: (email?: string) => void; onBack: () => void }) {
  const [own, setOwn] = useState(!owner);
  const [email, setEmail] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const bad = own && !/^\S+@\S+$/.test(email.trim());
    setWrong(bad);
    if (!bad) onSend(own ? email.trim() : undefined);
  };
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      {!owner && <p className={css.say}>{g.faults.OWNER_EMAIL_MISSING}</p>}
      {own ? (
        <TextField label={g.email} hint={g.emailHint} wrong={wrong && g.emailMissing} value={email} onChange={(e) => setEmail(e.target.value)} type="email" autoComplete="email" autoFocus name="email" />
      ) : (
        <p className={css.say}>{g.asOwner}</p>
      )}
      <Button type="submit" look="primary" disabled={busy} autoFocus={!own}>{g.sendCode}</Button>
      <div className={css.row}>
        {owner && <Button look="quiet" onClick={() => setOwn(!own)}>{own ? g.asOwnerAgain : g.asMember}</Button>}
        <Button look="quiet" onClick={onBack}>{g.change}</Button>
      </div>
    </form>
  );
}

function CodeStep({ sent, busy, onEnter, onResend, onBack }: { sent: CodeSent; busy: boolean; onEnter: (code: string) => void; onResend: () => void; onBack: () => void }) {
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState(false);
  const wait = useCountdown(sent.retry_after);
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
    const digits = code.replace(/\D/g, '');
    setWrong(digits.length !== 6);
    if (digits.length === 6) onEnter(digits);
  };
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <p className={css.say} role="status">{g.codeSent(sent.target)}</p>
      <TextField ref={field} label={g.code} wrong={wrong && g.codeMissing} value={code} onChange={(e) => setCode(e.target.value)} className={css.code}
        inputMode="numeric" autoComplete="one-time-code" maxLength={7} autoFocus name="code" />
      <Button type="submit" look="primary" disabled={busy}>{busy ? g.entering : g.enter}</Button>
      <div className={css.row}>
        <Button look="quiet" disabled={busy || wait > 0} onClick={onResend}>{wait > 0 ? g.resendIn(wait) : g.resend}</Button>
        <Button look="quiet" onClick={onBack}>{g.change}</Button>
      </div>
    </form>
  );
}

/** useCountdown counts whole seconds down to 0. */
function useCountdown(seconds: number): number {
  const [end] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000))), 500);
    return () => clearInterval(timer);
  }, [end]);
  return left;
}

function Note({ children }: { children: ReactNode }) {
  return <p className={css.note} role="status">{children}</p>;
}

function Fault({ problem }: { problem: Problem }) {
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

function Refusal({ standing }: { standing: Standing }) {
  const why = g.refused[standing.reason] ?? { title: g.faults.WORKSPACE_NOT_ELIGIBLE!, hint: '' };
  return (
    <div className={css.fault} role="alert">
      <Ban size={18} aria-hidden />
      <div>
        <strong>{why.title}</strong>
        <p>{why.hint}</p>
      </div>
    </div>
  );
}

function Help() {
  const rows = [[g.help.why, g.help.whyText], [g.help.how, g.help.howText], [g.help.who, g.help.whoText]] as const;
  return (
    <aside className={css.help} aria-label={g.help.title}>
      <h2>{g.help.title}</h2>
      <dl>
        {rows.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
