import { framed } from '../live/credential';

/*
 * How a page of another site hands an embed token over: in the fragment of our address (#token=…), or, when it holds us in
 * a frame, by a message: we say {type: "tideboard:ready"}, it answers {type: "tideboard:token", token}. Who may hold us in
 * a frame the server decides (frame-ancestors), so the frame's holder is to be trusted with the asking.
 */

/** fragmentToken takes the token out of the address, where nobody should find it again. */
export function fragmentToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token) history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}

/** onToken calls back with each token that the holder of the frame sends; the first thing it does is ask for one. */
export function onToken(take: (token: string) => void): () => void {
  if (!framed) return () => undefined;
  const listen = (event: MessageEvent<unknown>) => {
    const data = event.data as { type?: unknown; token?: unknown } | null;
    if (event.source === window.parent && data?.type === 'tideboard:token' && typeof data.token === 'string') take(data.token);
  };
  window.addEventListener('message', listen);
  askForToken();
  return () => window.removeEventListener('message', listen);
}

/** askForToken tells the holder that a token is wanted; it holds no secret, so whoever holds us may hear it. */
export function askForToken() {
  if (framed) window.parent.postMessage({ type: 'tideboard:ready' }, '*');
}
