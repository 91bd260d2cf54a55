import type { Page, Route } from 'playwright-core';
import { column, drawn } from './house';
import type { Screen } from './visit';

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();
const menuitem = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog').waitFor();
const cards = (page: Page, stage: string) => column(page, stage).locator('[data-title]');
const board = (page: Page) => cards(page, 'Lead').first().waitFor();
const rows = (page: Page) => page.locator('tr[data-row]').first().waitFor();
const stages = (page: Page) => page.getByRole('textbox', { name: 'Name of the stage' }).first().waitFor();
const templates = (page: Page) => button(page, /^Use this/).waitFor();
const pipelines = (page: Page) => page.getByText(/ cards?$/).first().waitFor();

/** answer answers an operation in the server's place. */
const answer = (page: Page, operation: string, reply: Parameters<Route['fulfill']>[0]) =>
  page.route('**/graphql', (route) => (route.request().postData()?.includes(`"${operation}"`) ? route.fulfill(reply) : route.fallback()));
const refusal = (code: string, status = 200) => ({ status, json: { errors: [{ message: code, extensions: { code, requestId: 'req_01kb3x8m2mf4q9v7t1s5c6d8e0' } }] } });

async function card(page: Page) {
  await cards(page, 'Lead').nth(1).click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
}

async function menu(page: Page, item?: string) {
  await board(page);
  await button(page, /^Menu of/).click();
  if (item) await page.getByRole('menuitem', { name: item }).click();
}

async function choose(page: Page) {
  await cards(page, 'Lead').first().focus();
  await page.keyboard.press('Control+a');
  await page.getByRole('toolbar').waitFor();
}

async function actions(page: Page, item?: string) {
  await pipelines(page);
  await button(page, /^Actions for/).click();
  if (item) await menuitem(page, item).click();
}

async function code(page: Page) {
  await page.route('**/api/auth/request-otp', (route) => route.fulfill({ json: { target: 'ol***@harbour.example', expires_at: new Date(Date.now() + 600_000).toISOString(), retry_after: 60 } }));
}

/** invite answers what a link is for in the server's place. */
const invite = (page: Page) => page.route('**/api/invitations/find', (route) => route.fulfill({ json: { workspace_name: 'Harbour Trading', target: 'n***@m***.example' } }));

async function inviteCode(page: Page) {
  await invite(page);
  await page.route('**/api/invitations/accept/request', (route) => route.fulfill({ json: { target: 'n***@m***.example', expires_at: new Date(Date.now() + 600_000).toISOString(), retry_after: 60 } }));
}

export const screens: Record<string, Screen> = {
  gate: { path: '/', as: null, main: true, go: (page) => page.getByLabel('Workspace ID').waitFor() },
  'gate-refused': {
    path: '/', as: null,
    go: async (page) => {
      await page.getByLabel('Workspace ID').fill('acme');
      await button(page, 'Continue').click();
      await page.getByRole('alert').waitFor();
    },
  },
  'gate-mail': { path: '/w/demo', as: null, go: (page) => button(page, 'Send me a code').waitFor() },
  'gate-code': { path: '/w/demo', as: null, before: code, go: async (page) => (await button(page, 'Send me a code').click(), page.getByLabel('Six-digit code').waitFor()) },
  'gate-link': { path: '/w/demo#token=abc.def.ghi', as: null, go: (page) => page.getByRole('alert').waitFor() },
  invitation: { path: '/invitation#token=tbi_abc', as: null, main: true, before: invite, go: (page) => page.getByLabel('First name').waitFor() },
  'invitation-code': {
    path: '/invitation#token=tbi_abc', as: null, before: inviteCode,
    go: async (page) => (await page.getByLabel('First name').fill('Nora'), await button(page, 'Send me a code').click(), page.getByLabel('Six-digit code').waitFor()),
  },
  'invitation-dead': { path: '/invitation#token=tbi_abc', as: null, go: (page) => page.getByRole('alert').getByText('does not hold any more').waitFor() },
  'invitation-cut': { path: '/invitation', as: null, go: (page) => page.getByRole('alert').getByText('not complete').waitFor() },
  'gate-ended': {
    go: async (page) => {
      await board(page);
      await answer(page, 'RecordPanel', refusal('UNAUTHENTICATED', 401));
      await cards(page, 'Lead').nth(1).click();
      await page.getByText('Your session has ended').waitFor();
    },
  },
  unreachable: { before: (page) => page.route('**/api/auth/session', (route) => route.abort()), go: (page) => button(page, 'Try again').waitFor() },

  board: { main: true, go: board },
  'board-waiting': { before: (page) => page.routeWebSocket(/graphql/, () => undefined), go: (page) => page.locator('main [role=status]').first().waitFor() },
  'board-drag': {
    main: true,
    // The card in the hand is pale where it was, and whole where it will be.
    except: ['color-contrast'],
    go: async (page) => {
      await cards(page, 'Lead').nth(1).focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowRight');
    },
  },
  'board-empty': { path: ({ empty }) => `/w/demo/pipelines/${empty}`, go: (page) => page.getByText('This board has no cards yet').waitFor() },
  'board-filtered': { path: '?q=no+such+card&priority=HIGH', main: true, go: (page) => page.getByText('No card matches').waitFor() },
  'board-agent': { as: 'AGENT', go: board },
  'board-missing': { path: '/w/demo/pipelines/pip_01kb3x8m2mf4q9v7t1s5c6d8e0', go: (page) => page.locator('main h2').first().waitFor() },
  offline: { go: async (page) => (await board(page), await page.context().setOffline(true), page.getByText('Offline', { exact: true }).waitFor()) },
  failure: { path: '/w/demo/pipelines/new', before: (page) => answer(page, 'Templates', refusal('INTERNAL')), go: (page) => page.getByText('Request req_').waitFor() },
  missing: { path: '/w/demo/nowhere', go: (page) => page.getByText('There is nothing at this address').waitFor() },
  'no-access': { path: '/w/demo/pipelines/manage', as: 'AGENT', go: (page) => page.getByText('You may not do this.').waitFor() },

  panel: { main: true, go: card },
  'panel-edit': { main: true, go: async (page) => (await card(page), await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).click(), page.getByLabel('Title').waitFor()) },
  'panel-edit-lost': {
    go: async (page) => {
      await card(page);
      await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).click();
      await page.getByLabel('Stage').selectOption({ label: 'Closed Lost' });
      await page.getByLabel('Reason').selectOption({ label: 'No budget' });
    },
  },
  'lost-reason': {
    before: (page) => answer(page, 'MoveCard', { json: { errors: [{ message: 'no', extensions: { code: 'VALIDATION_FAILED', details: [{ field: 'input.lostReason', code: 'VALIDATION_FAILED', message: 'no' }] } }] } }),
    go: async (page) => {
      await board(page);
      await column(page, 'Lead').getByRole('button', { name: /^Actions for/ }).nth(1).click();
      await page.getByRole('menuitem', { name: 'Move to' }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Closed Lost' }).click();
      await page.getByRole('dialog', { name: 'Why was it lost?' }).waitFor();
    },
  },
  'panel-unsaved': {
    go: async (page) => {
      await card(page);
      await button(page, 'Edit').click();
      await page.getByLabel('Description').fill('Half a thought');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Discard changes?' }).waitFor();
    },
  },
  'panel-unfetched': {
    before: (page) => page.route(/assets\/panel-/, (route) => route.abort()),
    go: async (page) => (await cards(page, 'Lead').nth(1).click(), page.getByRole('dialog', { name: 'This part could not be fetched' }).waitFor()),
  },
  'panel-missing': { path: '?record=rec_01kb3x8m2mf4q9v7t1s5c6d8e0', go: (page) => page.getByText('This card is not there').waitFor() },
  story: { go: async (page) => (await cards(page, 'Qualified').first().click(), page.getByRole('heading', { name: 'Time in stages' }).scrollIntoViewIfNeeded()) },
  transfer: { go: async (page) => (await card(page), await button(page, 'Move to another pipeline').click(), page.getByRole('dialog', { name: 'Move to another pipeline' }).waitFor()) },
  'card-delete': { go: async (page) => (await card(page), await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click(), page.getByRole('dialog', { name: /^Delete/ }).waitFor()) },
  'card-deleted': {
    go: async (page) => {
      await card(page);
      await answer(page, 'DeleteRecord', { json: { data: { deleteRecord: { __typename: 'DeleteRecordPayload', deletedId: 'rec_01kb3x8m2mf4q9v7t1s5c6d8e0', revision: '1', clientMutationId: null } } } });
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog', { name: /^Delete/ }).getByRole('button', { name: 'Delete' }).click();
      await button(page, 'Undo').waitFor();
    },
  },
  'card-menu': { go: async (page) => (await board(page), await column(page, 'Lead').getByRole('button', { name: /^Actions for/ }).nth(1).click(), page.getByRole('menu').waitFor()) },
  create: { main: true, go: async (page) => (await board(page), await button(page, 'New card').click(), dialog(page)) },
  'create-wrong': {
    go: async (page) => {
      await board(page);
      await button(page, 'New card').click();
      await page.getByRole('dialog').getByRole('button', { name: 'New card' }).click();
      await page.getByRole('alert').first().waitFor();
    },
  },
  choosing: { main: true, go: choose },
  'choosing-tags': { go: async (page) => (await choose(page), await page.getByRole('toolbar').getByRole('button', { name: 'Tag' }).click(), dialog(page)) },
  rehearsal: {
    go: async (page) => {
      await choose(page);
      await page.getByRole('toolbar').getByRole('button', { name: 'Move' }).click();
      await menuitem(page, 'Negotiation').click();
      await page.getByText(/will move/).waitFor();
    },
  },
  jobs: {
    path: ({ large }) => `/w/demo/pipelines/${large}`,
    go: async (page) => {
      await drawn(page);
      const from = await page.locator('section:has([data-card])').first().getByRole('checkbox', { name: /^Choose all of/ });
      const here = /of (.*)$/.exec((await from.getAttribute('aria-label'))!)![1];
      await from.check({ force: true });
      await page.getByRole('toolbar').getByRole('button', { name: 'Move' }).click();
      await menuitem(page, here === 'New' ? 'In talks' : 'New').click();
      await page.getByText(/more than 500/).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click();
      await page.getByRole('article', { name: 'Moving cards' }).getByText(/^Done/).waitFor();
    },
  },

  shortcuts: { go: async (page) => (await board(page), await page.keyboard.press('?'), dialog(page)) },
  menu: { main: true, go: (page) => menu(page) },
  sessions: { go: async (page) => (await menu(page, 'Sessions'), page.getByText(/Last used/).first().waitFor()) },
  online: { go: async (page) => (await button(page, /online/).click(), page.getByRole('dialog', { name: /online/ }).waitFor()) },
  switcher: { go: async (page) => (await board(page), await button(page, 'Switch pipeline').click(), page.getByRole('menu').waitFor()) },
  activity: { main: true, go: async (page) => (await board(page), await button(page, 'Show what happens').click(), page.getByRole('dialog', { name: 'Activity' }).getByRole('listitem').first().waitFor()) },
  tour: { main: true, go: async (page) => (await menu(page, 'Guided tour'), page.locator('.driver-popover-title').waitFor()) },
  'tour-end': {
    go: async (page) => {
      await menu(page, 'Guided tour');
      await page.locator('.driver-popover-title').waitFor();
      while ((await button(page, 'Done').count()) === 0) await button(page, 'Next').click();
    },
  },

  list: { path: '/list?sort=-PRIORITY,TITLE', main: true, go: rows },
  'list-empty': { path: ({ empty }) => `/w/demo/pipelines/${empty}/list`, go: (page) => page.getByText('This list is empty').waitFor() },
  'list-columns': { path: '/list', go: async (page) => (await rows(page), await button(page, 'Columns').click(), page.getByRole('menu').waitFor()) },
  'list-wrong': {
    path: '/list', main: true,
    go: async (page) => {
      await rows(page);
      await page.locator('td[data-column=value]').nth(1).click();
      await page.getByRole('textbox', { name: /^Value/ }).fill('a lot');
      await page.keyboard.press('Enter');
      await page.getByText('was not changed').first().waitFor();
    },
  },
  'saved-views': { path: ({ view }) => `/list?priority=HIGH&view=${view}`, go: async (page) => (await rows(page), await button(page, /^Saved views, now/).click(), page.getByRole('menu').waitFor()) },
  'saved-view-new': { path: '/list', go: async (page) => (await rows(page), await button(page, /^Saved views/).click(), await menuitem(page, 'Save as a new view').click(), dialog(page)) },
  'saved-view-delete': {
    path: ({ view }) => `/list?priority=HIGH&view=${view}`,
    go: async (page) => (await rows(page), await button(page, /^Saved views, now/).click(), await menuitem(page, 'Delete this view').click(), dialog(page)),
  },
  flow: { path: '/flow', main: true, go: (page) => page.locator('.react-flow__edge').first().waitFor({ state: 'attached' }) },
  'flow-empty': { path: '/flow?from=2001-01-01&to=2001-01-31', go: async (page) => (await page.locator('.react-flow__node').first().waitFor(), page.getByText('No card went anywhere').waitFor()) },
  past: { path: `?at=${new Date(Date.now() - 3 * 86_400_000).toISOString()}`, main: true, go: (page) => page.getByText(/cards? changed since$/).first().waitFor() },
  'past-none': { path: '?at=2001-01-01T00:00:00Z', go: (page) => page.getByText(/was not there yet|does not reach back/).waitFor() },

  'pipeline-edit': { path: '/edit', main: true, go: stages },
  'pipeline-edit-needs': { path: '/edit', go: async (page) => (await stages(page), await button(page, /fields of/).click(), page.getByRole('menu').waitFor()) },
  'pipeline-edit-asks': {
    path: '/edit',
    go: async (page) => {
      await stages(page);
      await button(page, /^Delete the stage/).click();
      await button(page, 'Save').click();
      await dialog(page);
    },
  },
  'pipelines-new': { path: '/w/demo/pipelines/new', main: true, go: templates },
  template: { path: '/w/demo/pipelines/new', go: async (page) => (await templates(page), await button(page, /^Use this/).click(), dialog(page)) },
  'pipelines-manage': { path: '/w/demo/pipelines/manage', main: true, go: pipelines },
  'pipeline-menu': { path: '/w/demo/pipelines/manage', go: (page) => actions(page) },
  'pipeline-duplicate': { path: '/w/demo/pipelines/manage', go: async (page) => (await actions(page, 'Duplicate'), dialog(page)) },
  'pipeline-delete': { path: '/w/demo/pipelines/manage', main: true, go: async (page) => (await actions(page, 'Delete'), await page.getByLabel('Delete with the pipeline').check(), dialog(page)) },

  explorer: {
    path: '/w/demo/explorer', main: true,
    // GraphiQL puts buttons into its tabs, which only GraphiQL can mend.
    except: ['nested-interactive'],
    foreign: '.graphiql-container',
    go: async (page) => (await button(page, /^Execute query/).waitFor(), page.locator('.view-line').first().waitFor()),
  },
};
