import { expect, it } from 'vitest';
import { days, isDay, makeFormat } from './format';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
const of = (locale: string, timezone = 'UTC') => makeFormat({ locale, timezone });

it('writes money as the locale does, and without empty fraction digits', () => {
  const euro = { amount: '1234567.00', currency: 'EUR' };
  const cents = { amount: '1234.50', currency: 'BRL' };
  expect(plain(of('en').money(euro))).toBe('€1,234,567');
  expect(plain(of('de-DE').money(euro))).toBe('1.234.567 €');
  expect(plain(of('pt-BR').money(cents))).toBe('R$ 1.234,50');
  expect(of('ar-EG').money(euro)).toContain('١٬٢٣٤٬٥٦٧');
});

it('keeps amounts exact that no number holds', () => {
  expect(of('en').money({ amount: '9007199254740993.01', currency: 'USD' })).toBe('$9,007,199,254,740,993.01');
  expect(plain(of('de-DE').sum({ amount: '9007199254740993', currency: 'EUR' }))).toBe('9.007.199.254.740.993 €');
});

it('writes numbers and percents as the locale does', () => {
  expect([of('de-DE').number(1234.5), of('pt-BR').number(1234.5), of('ar-EG').number(1234.5)]).toEqual(['1.234,5', '1.234,5', '١٬٢٣٤٫٥']);
  expect([plain(of('de-DE').percent(30)), of('pt-BR').percent(30), of('ar-EG').percent(30)]).toEqual(['30 %', '30%', '٣٠٪؜']);
});

it('writes days as the locale does, whatever the zone, and moments in the zone', () => {
  expect(of('de-DE').day('2031-02-03')).toBe('3. Feb. 2031');
  expect(of('pt-BR', 'America/Sao_Paulo').day('2031-02-03')).toBe('3 de fev. de 2031');
  expect(of('ar-EG').day('2031-02-03')).toBe('٣ فبراير ٢٠٣١');
  expect(plain(of('de-DE', 'Europe/Berlin').moment('2031-02-03T23:30:00Z'))).toBe('04.02.2031, 00:30');
  expect(plain(of('pt-BR', 'America/Sao_Paulo').moment('2031-02-03T23:30:00Z'))).toBe('3 de fev. de 2031, 20:30');
});

it('says how long ago and how long in the language of the locale', () => {
  const now = Date.parse('2031-02-03T12:00:00Z');
  expect(of('de-DE').ago('2031-02-01T12:00:00Z', now)).toBe('vorgestern');
  expect(of('pt-BR').ago('2031-02-03T09:00:00Z', now)).toBe('há 3 horas');
  expect(plain(of('de-DE').span(3 * 86_400))).toBe('3 Tage');
});

it('takes English for a locale that is none', () => {
  expect(of('not a locale').number(1234.5)).toBe('1,234.5');
});

it('reads amounts as the locale writes them, and otherwise where only one reading is possible', () => {
  const read = (locale: string, ...texts: string[]) => texts.map((text) => of(locale).read(text));
  expect(read('de-DE', '12,5', '1.234,50', '1.234', '12.5', '1.234.567', '0.125', ' 7 ', '-3,20')).toEqual(['12.5', '1234.50', '1234', '12.5', '1234567', '0.125', '7', '-3.20']);
  expect(read('en', '12.5', '1,234.50', '1,234', '12,5', '1,234,567', '1.234')).toEqual(['12.5', '1234.50', '1234', '12.5', '1234567', '1.234']);
  expect(read('fr-FR', '1 234,50', '1\u202f234,50')).toEqual(['1234.50', '1234.50']);
  expect(read('de-CH', '1’234.50')).toEqual(['1234.50']);
  expect(read('ar-EG', '١٬٢٣٤٫٥', '12.5')).toEqual(['1234.5', '12.5']);
  expect(read('de-DE', 'a lot', '', '12,', ',5', '1.2.3', '1,23,4', '12 34', '1.23.456,00', '1.234,567.89')).toEqual([null, null, null, null, null, null, null, null, null]);
});

it('gives an amount to be typed over as it would be read again', () => {
  for (const locale of ['en', 'de-DE', 'fr-FR', 'ar-EG', 'de-CH']) for (const amount of ['1234.50', '9007199254740993.01', '12']) expect(of(locale).read(of(locale).typed(amount))).toBe(amount);
  expect(of('de-DE').typed('1234.50')).toBe('1234,50');
});

it('a day has a year of four digits, or is none', () => {
  expect(['', '2026-02-03', days.min, days.max].map(isDay)).toEqual([true, true, true, true]);
  expect(['2026-13-45', '2026-02-30', '2028-02-29'].map(isDay)).toEqual([false, false, true]);
  expect(['0001-01-01', '0202-01-01', '0999-12-31', '20266-01-01', '2026'].map(isDay)).toEqual([false, false, false, false, false]);
});
