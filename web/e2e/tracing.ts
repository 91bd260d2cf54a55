import { writeFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import type { TraceEvent } from './figures';

/** What DevTools records for its performance panel, but for the samples of scripts, which slow them down; PROFILE=1 adds those. */
const categories = [
  '-*', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'disabled-by-default-devtools.timeline.frame', 'v8.execute', 'blink.user_timing', 'loading',
  ...(process.env.PROFILE ? ['disabled-by-default-v8.cpu_profiler'] : []),
];

/** record keeps a trace of what a page does meanwhile, in a file that DevTools opens. */
export async function record(page: Page, path: string, what: () => Promise<void>): Promise<TraceEvent[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Tracing.start', { transferMode: 'ReturnAsStream', traceConfig: { includedCategories: categories, recordMode: 'recordUntilFull', traceBufferSizeInKb: 400_000 } });
  await what();
  const done = new Promise<string>((resolve) => session.once('Tracing.tracingComplete', ({ stream }) => resolve(stream!)));
  await session.send('Tracing.end');
  const text = await read(session, await done);
  await session.detach();
  writeFileSync(path, text);
  return (JSON.parse(text) as { traceEvents: TraceEvent[] }).traceEvents;
}

async function read(session: CDPSession, handle: string): Promise<string> {
  const parts: Buffer[] = [];
  for (let eof = false; !eof;) {
    const part = await session.send('IO.read', { handle, size: 4 << 20 });
    parts.push(Buffer.from(part.data, part.base64Encoded ? 'base64' : 'utf8'));
    eof = part.eof;
  }
  await session.send('IO.close', { handle });
  return Buffer.concat(parts).toString();
}

/** What went over the network: bytes as they were sent, and who was asked what. */
export interface Sum {
  bytes: number;
  requests: number;
  frames: number;
  queries: string[];
  subscriptions: string[];
}

/** Traffic counts what a page asks for, from now on. */
export class Traffic {
  private readonly now: Sum = { bytes: 0, requests: 0, frames: 0, queries: [], subscriptions: [] };

  static async of(page: Page): Promise<Traffic> {
    const [traffic, session] = [new Traffic(), await page.context().newCDPSession(page)];
    await session.send('Network.enable');
    const { now } = traffic;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      now.bytes += encodedDataLength;
      now.requests++;
    });
    page.on('request', (request) => {
      if (request.url().endsWith('/graphql') && request.method() === 'POST') now.queries.push((request.postDataJSON() as { operationName: string }).operationName);
    });
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => (now.frames += Buffer.byteLength(payload)));
      socket.on('framesent', ({ payload }) => {
        const message = JSON.parse(payload.toString()) as { type: string; payload?: { operationName: string } };
        if (message.type === 'subscribe') now.subscriptions.push(message.payload!.operationName);
      });
    });
    return traffic;
  }

  sum(): Sum {
    return structuredClone(this.now);
  }
}
