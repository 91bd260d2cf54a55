import { call, type Session } from '../app/door';

export interface Standing {
  allowed: boolean;
  reason: string;
  workspace_name: string | null;
  otp_available: boolean;
  embed_available: boolean;
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

const codeSent = async (path: string, body: object): Promise<CodeSent> => {
  const { target, retry_after } = await call<{ target: string; retry_after: number }>(path, body);
  return { target, again: Date.now() + retry_after * 1000 };
};

/** What is asked before there is a session, by whoever types (docs/access.md). */
export const ask = {
  standing: (workspaceId: string) => call<Standing>(`/api/access?workspace_id=${encodeURIComponent(workspaceId)}`),
  requestCode: (workspaceId: string, email?: string) => codeSent('/api/auth/request-otp', { workspace_id: workspaceId, ...(email ? { email } : {}) }),
  enterByCode: (workspaceId: string, code: string, cookie: boolean, email?: string) =>
    call<Session>('/api/auth/verify-otp', { workspace_id: workspaceId, code, cookie, ...(email ? { email } : {}) }),
  invitation: (token: string) => call<Invited>('/api/invitations/find', { token }),
  requestAcceptance: (token: string, name: Name) => codeSent('/api/invitations/accept/request', { token, ...name }),
  accept: (token: string, name: Name, code: string, cookie: boolean) => call<Session>('/api/invitations/accept', { token, ...name, code, cookie }),
};
