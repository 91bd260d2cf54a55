import { MailX } from 'lucide-react';
import { useCallback, useEffect, useState, type FormEvent } from 'react';
import type { Session } from '../app/door';
import { t } from '../app/texts';
import { gate } from '../app/texts/gate';
import { invitation } from '../app/texts/invitation';
import { framed } from '../live/credential';
import { Button, Skeleton, TextField } from '../ui/controls';
import { ask, type CodeSent, type Invited, type Name } from './ask';
import { fragmentToken } from './launch';
import { CodeStep, Fault, Frame, NoWay, Refusal, useAttempt } from './parts';
import css from './gate.module.css';

const i = invitation;

/** Invitation is where an invitation's link leads: into which workspace, a name, a code by mail, a session. */
export default function Invitation({ link, onEntered, onLeave }: { link: string | null; onEntered: (s: Session) => void; onLeave: () => void }) {
  const [token, setToken] = useState(link);
  const [invited, setInvited] = useState<Invited | null>(null);
  const [name, setName] = useState<Name>({ first_name: '', last_name: '' });
  const [sent, setSent] = useState<CodeSent | null>(null);
  const [coding, setCoding] = useState(false);
  const { busy, fault, attempt, clear } = useAttempt();

  const find = useCallback((token: string) => attempt(async () => setInvited(await ask.invitation(token))), [attempt]);
  useEffect(() => {
    document.title = t.product;
    if (token) void find(token);
  }, [token, find]);
  useEffect(() => {
    // Another link that is opened in this page changes the fragment alone.
    const read = () => {
      const next = fragmentToken();
      if (!next) return;
      setInvited(null);
      setSent(null);
      setCoding(false);
      setToken(next);
    };
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);

  if (!token) return <Dead title={i.missing} hint={i.missingHint} onLeave={onLeave} />;
  if (fault?.code === 'INVITATION_INVALID') return <Dead title={i.dead} hint={i.deadHint} onLeave={onLeave} />;

  const send = () => attempt(async () => {
    setSent(await ask.requestAcceptance(token, name));
    setCoding(true);
  });
  const toCode = () => {
    clear();
    setCoding(true);
  };
  const refused = fault?.code === 'WORKSPACE_NOT_ELIGIBLE' ? fault.reason : undefined;
  return (
    <Frame title={invited ? i.titleTo(invited.workspace_name) : i.title} lead={i.lead}>
      {refused ? <Refusal reason={refused} /> : fault && <Fault problem={fault} />}
      {!invited && !fault && <div className={css.form} role="status"><span className="hidden-visually">{i.finding}</span><Skeleton block={72} /></div>}
      {!invited && fault && <div className={css.form}><Button onClick={() => void find(token)}>{t.again}</Button></div>}
      {invited && !coding && (
        // A code that was sent already is good for another name too.
        <NameStep invited={invited} name={name} setName={setName} busy={busy} onNext={() => (sent ? toCode() : void send())} onCode={toCode} />
      )}
      {invited && coding && (
        <CodeStep key={sent?.again} say={sent ? gate.codeSent(sent.target) : i.enterCode(invited.target)} again={sent?.again ?? 0} busy={busy} back={i.change}
          onBack={() => (clear(), setCoding(false))} onResend={() => void send()} onEnter={(code) => void attempt(async () => onEntered(await ask.accept(token, name, code, !framed)))} />
      )}
    </Frame>
  );
}

interface NameStepProps {
  invited: Invited;
  name: Name;
  setName: (name: Name) => void;
  busy: boolean;
  onNext: () => void;
  /** For whom a code was sent before this page was opened. */
  onCode: () => void;
}

function NameStep({ invited, name, setName, busy, onNext, onCode }: NameStepProps) {
  const [wrong, setWrong] = useState(false);
  const named = (go: () => void) => {
    setWrong(!name.first_name.trim());
    if (name.first_name.trim()) go();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    named(onNext);
  };
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <p className={css.say}>{i.to(invited.target)}</p>
      <TextField label={i.firstName} wrong={wrong && i.firstNameMissing} value={name.first_name} onChange={(e) => setName({ ...name, first_name: e.target.value })}
        autoComplete="given-name" maxLength={100} autoFocus name="first_name" />
      <TextField label={i.lastName} hint={t.optional} value={name.last_name} onChange={(e) => setName({ ...name, last_name: e.target.value })} autoComplete="family-name" maxLength={100} name="last_name" />
      <Button type="submit" look="primary" disabled={busy}>{gate.sendCode}</Button>
      <div className={css.row}>
        <Button look="quiet" onClick={() => named(onCode)}>{i.haveCode}</Button>
      </div>
    </form>
  );
}

/** Dead says why a link leads nowhere, and where to go instead. */
function Dead({ title, hint, onLeave }: { title: string; hint: string; onLeave: () => void }) {
  return (
    <Frame title={i.title} lead={i.lead}>
      <NoWay icon={MailX} title={title} hint={hint} />
      <div className={css.form}><Button onClick={onLeave}>{i.toLogin}</Button></div>
    </Frame>
  );
}
