import { headers } from '../live/credential';
import { NETWORK, Refused, problemFrom } from './problem';
import { t } from './texts';

/*
 * The calls made before there is a session, and those that begin and end one (docs/access.md).
 */

export interface Standing {
  allowed: boolean;
  reason: string;
  workspace_name: string | null;
  otp_available: boolean;
  embed_available: boolean;
}

export interface Session {
  token?: string;
  session_id: string;
  expires_at: string;
  role: string;
  member: { id: string; name: string };
  workspace: { id: string; partner_workspace_id: string; name: string };
}

export interface CodeSent {
  target: string;
  /** From when on another may be sent, by the clock of this page. */
  again: number;
}

export interface Invited {
  workspace_name: string;
  target: string;
}

/** Whoever is invited is called by this name from then on. */
export interface Name {
  first_name: string;
  last_name: string;
}

async function call<T>(path: string, body?: object): Promise<T> {
  let response: Response;
  try {
    const post = { method: 'POST', body: JSON.stringify(body), headers: { ...headers(), 'Content-Type': 'application/json' } };
    response = await fetch(path, body ? post : { headers: headers() });
  } catch {
    throw new Refused({ code: NETWORK, message: t.wrong.network });
  }
  const answer = (await response.json().catch(() => ({}))) as { error?: object };
  if (response.ok) return answer as T;
  throw new Refused(problemFrom({ requestId: response.headers.get('x-request-id'), ...answer.error }));
}

const codeSent = async (path: string, body: object): Promise<CodeSent> => {
  const { target, retry_after } = await call<{ target: string; retry_after: number }>(path, body);
  return { target, again: Date.now() + retry_after * 1000 };
};

export const door = {
  standing: (workspaceId: string) => call<Standing>(`/api/access?workspace_id=${encodeURIComponent(workspaceId)}`),
  requestCode: (workspaceId: string, email?: string) => codeSent('/api/auth/request-otp', { workspace_id: workspaceId, ...(email ? { email } : {}) }),
  enterByCode: (workspaceId: string, code: string, cookie: boolean, email?: string) =>
    call<Session>('/api/auth/verify-otp', { workspace_id: workspaceId, code, cookie, ...(email ? { email } : {}) }),
  enterByToken: (token: string, cookie: boolean) => call<Session>('/api/auth/embed', { token, cookie }),
  invitation: (token: string) => call<Invited>('/api/invitations/find', { token }),
  requestAcceptance: (token: string, name: Name) => codeSent('/api/invitations/accept/request', { token, ...name }),
  accept: (token: string, name: Name, code: string, cookie: boolean) => call<Session>('/api/invitations/accept', { token, ...name, code, cookie }),
  session: () => call<Session>('/api/auth/session'),
  leave: () => call<{ id: string }>('/api/auth/logout', {}),
};
