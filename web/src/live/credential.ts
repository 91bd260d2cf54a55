/**
 * How this page proves who it is. Alone in a tab it has a cookie that no script reads. In a frame of another site cookies
 * may be blocked, so there the token is kept here, in memory, and is gone with the page.
 */
let token: string | null = null;

export const framed = window.parent !== window;

export function setToken(next: string | null) {
  token = next;
}

/** headers prove who asks; the first keeps other sites' pages from asking with our cookie. */
export function headers(): Record<string, string> {
  return { 'X-Tideboard-CSRF': '1', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
}

/** connectionParams do the same in connection_init; without a token the cookie of the upgrade counts. */
export function connectionParams(): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}
