import { headers } from '../live/credential';
import { NETWORK, Refused, problemFrom } from './problem';
import { t } from './texts';

/*
 * The calls that begin and end a session (docs/access.md); what is asked by hand before there is one is loaded with the gate.
 */

export interface Session {
  token?: string;
  session_id: string;
  expires_at: string;
  role: string;
  member: { id: string; name: string };
  workspace: { id: string; partner_workspace_id: string; name: string };
}

/** call asks the server for what needs no session, or begins and ends one. */
export async function call<T>(path: string, body?: object): Promise<T> {
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

export const door = {
  enterByToken: (token: string, cookie: boolean) => call<Session>('/api/auth/embed', { token, cookie }),
  session: () => call<Session>('/api/auth/session'),
  leave: () => call<{ id: string }>('/api/auth/logout', {}),
};
