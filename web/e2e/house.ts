import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** A member of the demo workspace, with a session of its own. */
export interface Person {
  id: string;
  name: string;
  role: string;
  token: string;
  seesAll: boolean;
}

interface Demo {
  url: string;
  members: Person[];
  pipelines: { id: string; name: string; stages: { id: string; name: string }[] }[];
}

/** How long what must happen may take. */
export const patience = 30_000;

/** House is a server with the demo workspace in a folder of its own, run by the operating system. It can be killed and started again. */
export class House {
  demo!: Demo;
  private process: ChildProcess | undefined;

  private constructor(
    readonly url: string,
    private readonly dir: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async open(env: NodeJS.ProcessEnv = {}): Promise<House> {
    const dir = mkdtempSync(join(tmpdir(), 'tideboard-web-'));
    const port = await freePort();
    const house = new House(`http://127.0.0.1:${port}`, dir, { ...process.env, HOST: '127.0.0.1', PORT: String(port), VAR_DIR: dir, DATABASE_URL: '', ...env });
    await house.start();
    house.demo = JSON.parse(readFileSync(join(dir, 'demo.json'), 'utf8')) as Demo;
    return house;
  }

  async start() {
    const log = openSync(join(this.dir, 'server.log'), 'a');
    this.process = spawn('../bin/tideboard', ['serve', '--demo'], { env: this.env, stdio: ['ignore', log, log] });
    const until = Date.now() + 90_000;
    while (!(await fetch(this.url + '/health').catch(() => null))?.ok) {
      if (Date.now() > until || this.process.exitCode !== null) throw new Error('no server:\n' + readFileSync(join(this.dir, 'server.log'), 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** kill ends the server in the middle of whatever it does. */
  async kill() {
    if (!this.process) return;
    const gone = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await gone;
    this.process = undefined;
  }

  async close() {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  person(role: string): Person {
    const found = this.demo.members.find((member) => member.role === role && member.seesAll);
    if (!found) throw new Error(`nobody is ${role}`);
    return found;
  }

  /** ask asks the API as somebody. */
  async ask<T>(as: Person, query: string, variables: object = {}): Promise<T> {
    const response = await fetch(this.url + '/graphql', {
      method: 'POST', headers: { Authorization: `Bearer ${as.token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** code is the code in the newest mail of the development mailbox. */
  async code(): Promise<string> {
    const read = async (path: string) => (await fetch(this.url + path)).text();
    const [newest] = /\/dev\/mailbox\/mai_\w+/.exec(await read('/dev/mailbox')) ?? [];
    if (!newest) throw new Error('the mailbox is empty');
    const [, text] = /<pre[^>]*>([\s\S]*?)<\/pre>/.exec(await read(newest)) ?? [];
    const [code] = /\b\d{6}\b/.exec(text ?? '') ?? [];
    if (!code) throw new Error('no code in the newest mail: ' + text);
    return code;
  }
}

/** Browsers is the one Chromium of a test file; its contexts are different people's browsers. */
export class Browsers {
  private constructor(private readonly browser: Browser) {}

  static async open(): Promise<Browsers> {
    const executablePath = process.env.CHROMIUM;
    if (!executablePath) throw new Error('CHROMIUM is not set: run tools/web.sh e2e');
    return new Browsers(await chromium.launch({
      executablePath, headless: true,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    }));
  }

  close() {
    return this.browser.close();
  }

  context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    return this.browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options });
  }

  /** as is a browser in which somebody has logged in before, and has seen the tour; an owner unless told, nobody for null. */
  async as(house: House, role: string | null = 'OWNER', options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.context(options);
    if (role) await this.lend(context, house, house.person(role), true);
    return context;
  }

  /** enter opens a page of the workspace as somebody who has logged in before, and has seen the tour unless told. */
  async enter(house: House, as: Person, path = '/w/demo/pipelines', options: BrowserContextOptions = {}, tourFinished = true): Promise<Page> {
    const context = await this.context(options);
    await this.lend(context, house, as, tourFinished);
    const page = await context.newPage();
    complain(page);
    await page.goto(house.url + path);
    return page;
  }

  private async lend(context: BrowserContext, house: House, as: Person, tourFinished: boolean) {
    await house.ask(as, 'mutation ($i: UpdatePreferencesInput!) { updatePreferences(input: $i) { revision } }', { i: { tourFinished } });
    await context.addCookies([{ name: 'tideboard', value: as.token, url: house.url, httpOnly: true, sameSite: 'Lax' }]);
  }
}

/** What pages complained of that nobody expected: errors of scripts and refusals of the content-security policy. */
export const complaints: string[] = [];

export function complain(page: Page) {
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(text)) complaints.push(text);
  });
}

/** column and card find what a person sees by its name. */
export const column = (page: Page, stage: string) => page.getByRole('region', { name: new RegExp(`^${stage},`) });

/** drawn waits until all columns of a board show their cards, of which there must be one. */
export const drawn = (page: Page) => page.locator('[data-board][aria-busy=false] [data-title]').first().waitFor();
export const titles = (page: Page, stage: string) => column(page, stage).locator('[data-title]').allTextContents();

/** stays has a page left by its address, is asked by the browser whether what was typed may be lost, and stays. */
export async function stays(page: Page) {
  const asked = page.waitForEvent('dialog');
  const leaving = page.goto('about:blank').catch(() => undefined);
  const before = await asked;
  expect(before.type()).toBe('beforeunload');
  await before.dismiss();
  await leaving;
}

/** lose has the server do what the next operation of this name asks for, and the answer is lost on its way. */
export async function lose(page: Page, operation: string) {
  let lost = false;
  await page.route('**/graphql', async (route) => {
    if (lost || !route.request().postData()?.includes(`"${operation}"`)) return route.fallback();
    const answer = await route.fetch();
    // Only its text was known by its hash till then: it is sent again whole, and that is the one.
    if ((await answer.text()).includes('PERSISTED_QUERY_NOT_FOUND')) return route.fulfill({ response: answer });
    lost = true;
    await route.abort();
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
