import { expect, it, vi } from 'vitest';
import type { Work } from '../app/session';
import { undo } from './restore';

// What shows toasts needs a page.
vi.mock('../ui/toasts', () => ({ toast: () => undefined }));

it('bringing back is offered to whoever may edit, and only when something is gone', () => {
  const work = (may: boolean) => ({ can: (flag: string) => flag === 'CAN_EDIT_CRM' && may }) as unknown as Work;
  expect(undo(work(true), ['rec_1'])?.label).toBe('Undo');
  expect(undo(work(true), [])).toBeUndefined();
  expect(undo(work(false), ['rec_1'])).toBeUndefined();
});
