import { expect, it } from 'vitest';
import { refusals, type Outcome } from './wish';

it('rows that were refused are put together by why, the most frequent first', () => {
  const row = (id: string, error: Outcome['results'][number]['error']) => ({ id, ok: error === null, error });
  const lacks = { code: 'STAGE_REQUIREMENTS', message: 'the stage requires it', field: 'expectedCloseDate' };
  const results = [row('1', null), row('2', { code: 'VALIDATION_FAILED', message: 'too many tags', field: 'add' }), row('3', lacks), row('4', lacks)];
  expect(refusals({ matched: 4, changed: 1, failed: 3, unchanged: 0, results })).toEqual([
    { why: 'Expected close missing', ids: ['3', '4'] },
    { why: 'too many tags', ids: ['2'] },
  ]);
});
