import { useCallback, useEffect, useRef, useState, type FormEvent } from 'react';
import type { Session } from '../app/door';
import type { Problem } from '../app/problem';
import { t } from '../app/texts';
import { gate } from '../app/texts/gate';
import { framed } from '../live/credential';
import { Button, TextField } from '../ui/controls';
import { ask, type CodeSent, type Standing } from './ask';
import { CodeStep, Fault, Frame, Note, Refusal, useAttempt } from './parts';
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
        const standing = await ask.standing(workspace);
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

  const send = (standing: Standing, email?: string) => attempt(async () => setStep({ at: 'code', standing, email, sent: await ask.requestCode(id.trim(), email) }));
  const back = () => {
    clear();
    setStep({ at: 'workspace' });
  };

  return (
    <Frame title={step.at === 'workspace' ? g.title : (step.standing.workspace_name ?? id)} lead={g.lead} aside={step.at === 'workspace' && <Help />}>
      {ended && <Note>{g.ended}</Note>}
      {fault && <Fault problem={fault} />}
      {refused && <Refusal reason={refused.reason} />}
      {step.at === 'workspace' && <WorkspaceStep id={id} setId={setId} busy={busy} onNext={() => void check(id.trim())} />}
      {step.at === 'mail' && <MailStep owner={step.standing.otp_available} busy={busy} onSend={(email) => void send(step.standing, email)} onBack={back} />}
      {step.at === 'code' && (
        <CodeStep key={step.sent.again} say={g.codeSent(step.sent.target)} again={step.sent.again} busy={busy} back={g.change} onBack={back} onResend={() => void send(step.standing, step.email)}
          onEnter={(code) => void attempt(async () => onEntered(await ask.enterByCode(id.trim(), code, !framed, step.email)))} />
      )}
    </Frame>
  );
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
