import type { ApolloClient } from '@apollo/client';
import { expect, it } from 'vitest';
import { Saves, textOf } from './edit';
import type { Row } from './rows';

const row = { id: 'rec_1', title: 'First', version: 4, value: { amount: '12.50', currency: 'EUR' }, owner: null } as unknown as Row;

it('saves of one cell go one after the other, each on top of the last', async () => {
  const sent: { title: string; version: number }[] = [];
  const answers: (() => void)[] = [];
  const mutate = ({ variables: { input } }: { variables: { input: { title: string; expect: { version: number } } } }) => {
    sent.push({ title: input.title, version: input.expect.version });
    return new Promise((resolve) => answers.push(() => resolve({ data: { updateRecord: { record: { version: input.expect.version + 1 } } } })));
  };
  const saves = new Saves({ mutate } as unknown as ApolloClient, 'EUR');
  const [one, two] = [saves.save(row, 'title', 'Second'), saves.save(row, 'title', 'Third')];
  await Promise.resolve();
  expect(sent).toEqual([{ title: 'Second', version: 4 }]);
  answers[0]!();
  expect(await one).toMatchObject({ version: 5 });
  await expect.poll(() => sent.length).toBe(2);
  answers[1]!();
  expect(await two).toMatchObject({ version: 6 });
  expect(sent[1]).toEqual({ title: 'Third', version: 5 });
});

it('a field that is empty is an empty text', () => {
  expect([textOf(row, 'value'), textOf(row, 'owner'), textOf(row, 'expectedCloseDate')]).toEqual(['12.50', '', '']);
});
