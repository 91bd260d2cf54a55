import { createClient, type Client } from 'graphql-ws';
import { connectionParams } from './credential';

/** Whether changes arrive: `waiting` while the first connection is made, `offline` when none could be. */
export type Link = 'waiting' | 'connected' | 'offline';

/** ENDED is the close code of a credential that has ended: only a new login brings one back. */
const ENDED = 4403;

/**
 * Socket is the one websocket of the page. It comes back by itself, at once when the browser says that the network is
 * back, else after a pause that doubles up to 15 s; and it notices by its own pings when the network is silently gone.
 */
export class Socket {
  readonly client: Client;
  private link: Link = 'waiting';
  private readonly listeners = new Set<() => void>();
  private wake: (() => void) | null = null;
  private pong: number | undefined;

  constructor(onEnded: (reason: string) => void) {
    this.client = createClient({
      url: location.origin.replace(/^http/, 'ws') + '/graphql',
      connectionParams,
      lazy: true,
      lazyCloseTimeout: 5_000,
      keepAlive: 10_000,
      retryAttempts: Infinity,
      shouldRetry: (reason) => !(isClose(reason) && reason.code === ENDED),
      retryWait: (tries) => this.pause(tries),
      on: {
        connected: () => this.set('connected'),
        closed: (event) => {
          clearTimeout(this.pong);
          this.set('offline');
          if (isClose(event) && event.code === ENDED) onEnded(event.reason);
        },
        ping: (received) => {
          if (!received) this.pong = window.setTimeout(() => this.client.terminate(), 5_000);
        },
        pong: (received) => {
          if (received) clearTimeout(this.pong);
        },
      },
    });
    window.addEventListener('offline', this.lost);
    window.addEventListener('online', this.back);
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  state = () => this.link;

  /** close ends the socket for good. */
  close() {
    window.removeEventListener('offline', this.lost);
    window.removeEventListener('online', this.back);
    clearTimeout(this.pong);
    void this.client.dispose();
  }

  private readonly lost = () => {
    this.set('offline');
    this.client.terminate();
  };

  private readonly back = () => this.wake?.();

  private set(link: Link) {
    if (this.link === link) return;
    this.link = link;
    this.listeners.forEach((tell) => tell());
  }

  /** pause waits before the next try; while the browser knows that there is no network there is nothing to try. */
  private async pause(tries: number) {
    this.set('offline');
    await new Promise<void>((resolve) => {
      const timer = navigator.onLine ? window.setTimeout(resolve, Math.min(15_000, 300 * 2 ** tries) * (0.75 + Math.random() / 2)) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}

function isClose(reason: unknown): reason is { code: number; reason: string } {
  return typeof reason === 'object' && reason !== null && 'code' in reason && 'reason' in reason;
}
