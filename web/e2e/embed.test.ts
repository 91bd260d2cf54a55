import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Route } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Browsers, House, complain, patience } from './house';

const secret = 'a secret of the operator, long enough for HS256';
let house: House;
let browsers: Browsers;
let host: Server;
let hostURL: string;
beforeAll(async () => {
  [house, browsers] = await Promise.all([House.open({ CRM_EMBED_TOKEN_SECRET: secret }), Browsers.open()]);
  // A list of the members copies the partner's, with its ids.
  const { members } = await house.ask<{ members: { nodes: { id: string; partnerMemberId: string | null }[] } }>(house.person('OWNER'), '{ members { nodes { id partnerMemberId } } }');
  partnerId = members.nodes.find(({ id }) => id === house.person('OWNER').id)?.partnerMemberId ?? '';
  expect(partnerId).not.toBe('');
  // The page of another site, which holds ours in a frame and answers when it is asked for a token.
  host = createServer((request, response) => {
    if (request.url === '/token') return response.end(mint());
    response.setHeader('Content-Type', 'text/html');
    response.end(`<iframe title="CRM" src="${house.url}/w/demo" width="1300" height="800"></iframe><script>
      addEventListener('message', async ({ data, source, origin }) => {
        if (origin !== ${JSON.stringify(house.url)} || data.type !== 'tideboard:ready') return;
        source.postMessage({ type: 'tideboard:token', token: await (await fetch('/token')).text() }, origin);
      });
    </script>`);
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  hostURL = `http://localhost:${(host.address() as { port: number }).port}`;
});
afterAll(async () => {
  host.close();
  await browsers.close();
  await house.close();
});

/** mint signs a token for the owner as the partner's server would. */
function mint(): string {
  return execFileSync('../bin/tideboard', ['mint-embed-token', '--workspace', 'demo', '--member', partnerId], { env: { ...process.env, CRM_EMBED_TOKEN_SECRET: secret } }).toString().trim();
}

let partnerId = '';

it('a page of another origin holds the application, once the workspace allows it', async () => {
  const owner = house.person('OWNER');
  const page = await (await browsers.context()).newPage();
  page.setDefaultTimeout(patience);

  await page.goto(hostURL);
  await expect.poll(() => page.frames().some((frame) => frame.url().startsWith('chrome-error:')), { timeout: patience }).toBe(true);

  await house.ask(owner, 'mutation ($i: UpdateSettingsInput!) { updateSettings(input: $i) { revision } }', { i: { access: { embedOrigins: [hostURL] } } });
  complain(page);
  // That there is no session is answered late, when the token of the other site has been taken.
  const asked = new Promise<Route>((resolve) => void page.route('**/api/auth/session', (route) => resolve(route)));
  await page.goto(hostURL);
  const frame = page.frameLocator('iframe');
  await frame.getByText('Live', { exact: true }).waitFor();
  const answered = page.waitForResponse('**/api/auth/session');
  await (await asked).continue();
  await (await answered).finished();
  await frame.locator('body').evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  await frame.getByRole('heading', { level: 1, name: 'Sales Pipeline' }).waitFor();
  await frame.getByText('Live', { exact: true }).waitFor();
  await expect.poll(() => page.context().cookies(house.url)).toEqual([]);
});

it('a launch by the fragment of the address comes in, and leaves no token there', async () => {
  const page = await (await browsers.context()).newPage();
  page.setDefaultTimeout(patience);
  await page.goto(`${house.url}/w/demo#token=${mint()}`);
  await page.getByRole('heading', { level: 1, name: 'Sales Pipeline' }).waitFor();
  await expect.poll(() => page.url()).not.toContain('token');
});
