/** Money, numbers and times as the workspace's locale and zone have them. */
export interface Locale {
  locale: string;
  timezone: string;
}

export interface Amount {
  amount: string;
  currency: string;
}

/** exact keeps amounts as text: they may be larger than what a number holds. */
function exact(amount: string) {
  return amount as unknown as number;
}

const cached = new Map<string, unknown>();

function keep<T>(key: string, make: () => T): T {
  if (!cached.has(key)) cached.set(key, make());
  return cached.get(key) as T;
}

export function makeFormat({ locale, timezone }: Locale) {
  const tag = Intl.NumberFormat.supportedLocalesOf(safe(locale)).length ? safe(locale) : 'en';
  const whole = (currency: string) =>
    keep(`whole ${tag} ${currency}`, () => new Intl.NumberFormat(tag, { style: 'currency', currency, maximumFractionDigits: 0, minimumFractionDigits: 0 }));
  const full = (currency: string) => keep(`full ${tag} ${currency}`, () => new Intl.NumberFormat(tag, { style: 'currency', currency }));
  const day = keep(`day ${tag}`, () => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', timeZone: 'UTC' }));
  const dayYear = keep(`dayYear ${tag}`, () => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }));
  const moment = keep(`moment ${tag} ${timezone}`, () => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', timeZone: timezone }));
  const ago = keep(`ago ${tag}`, () => new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'long' }));
  const number = keep(`number ${tag}`, () => new Intl.NumberFormat(tag));
  const percent = keep(`percent ${tag}`, () => new Intl.NumberFormat(tag, { style: 'percent' }));
  const reader = keep(`reader ${tag}`, () => makeReader(tag));
  const list = keep(`list ${tag}`, () => new Intl.ListFormat(tag, { type: 'conjunction' }));
  return {
    /** An amount for lists and sums: without fraction digits when there are none to see. */
    money: ({ amount, currency }: Amount) => (/\.\d*[1-9]/.test(amount) ? full(currency) : whole(currency)).format(exact(amount)),
    /** A sum at the head of a column: rounded to whole units. */
    sum: ({ amount, currency }: Amount) => whole(currency).format(exact(amount)),
    /** An amount as it is typed, with the fraction digits it has. */
    typed: (amount: string) => {
      const digits = amount.split('.')[1]?.length ?? 0;
      return keep(`typed ${tag} ${digits}`, () => new Intl.NumberFormat(tag, { useGrouping: false, minimumFractionDigits: digits, maximumFractionDigits: digits })).format(exact(amount));
    },
    /** The amount that a typed text says, in the API's terms; null when it says none, or not clearly. */
    read: reader,
    number: (n: number) => number.format(n),
    percent: (n: number) => percent.format(n / 100),
    /** A calendar day (2026-11-21), which has no zone. */
    day: (date: string) => (date.startsWith(String(new Date().getFullYear())) ? day : dayYear).format(new Date(date + 'T00:00:00Z')),
    moment: (time: string) => moment.format(new Date(time)),
    ago: (time: string, now = Date.now()) => {
      const seconds = (Date.parse(time) - now) / 1000;
      for (const [unit, size] of units) if (Math.abs(seconds) >= size) return ago.format(Math.round(seconds / size), unit);
      return ago.format(0, 'minute');
    },
    /** How long something took: 3 days, 4 hours. */
    span: (seconds: number) => {
      const [unit, size] = units.find(([, s]) => seconds >= s) ?? (['minute', 60] as const);
      return new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.floor(seconds / size));
    },
    list: (parts: readonly string[]) => list.format(parts),
  };
}

/**
 * makeReader reads typed amounts. Of two different separators the last parts the fraction off, and one that repeats parts
 * thousands; one that stands alone is the locale's, unless it can only be the other: 12.5 is no thousands in German either.
 */
function makeReader(tag: string) {
  const parts = new Intl.NumberFormat(tag).formatToParts(1234.5);
  const decimal = plain(parts.find(({ type }) => type === 'decimal')?.value ?? '.');
  const digits = new Map([...new Intl.NumberFormat(tag, { useGrouping: false }).format(9876543210)].map((digit, at) => [digit, String(9 - at)]));
  return (text: string): string | null => {
    const typed = plain([...text.trim()].map((char) => digits.get(char) ?? char).join(''));
    if (!/^-?\d[\d.,]*$/.test(typed)) return null;
    const separators = typed.match(/[.,]/g) ?? [];
    const last = separators.at(-1);
    const alone = separators.length === 1;
    const thousands = /^-?[1-9]\d{0,2}([.,]\d{3})+$/.test(typed);
    const fraction = last && (alone ? last === decimal || !thousands : last !== separators[0]) ? last : null;
    const [whole = '', rest, ...more] = fraction ? typed.split(fraction) : [typed];
    if (more.length || rest === '' || new Set(whole.match(/[.,]/g)).size > 1) return null;
    if (/[.,]/.test(whole) && !/^-?[1-9]\d{0,2}([.,]\d{3})+$/.test(whole)) return null;
    return whole.replace(/[.,]/g, '') + (rest ? `.${rest}` : '');
  };
}

/** plain writes separators and signs as a keyboard has them; spaces and apostrophes part thousands only. */
function plain(text: string): string {
  return text.replace(/(?<=\d)[\s\u00a0\u202f'’\u066c](?=\d{3}(?!\d))/g, '').replace(/\u066b/g, ',').replace(/[\u2212\u061c\u200e]/g, (char) => (char === '\u2212' ? '-' : ''));
}

const units = [
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** safe gives a tag that Intl takes; a workspace may have one that is none. */
function safe(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

export type Format = ReturnType<typeof makeFormat>;

/** The first and the last day that one may choose. A year that is half typed is before them. */
export const days = { min: '1000-01-01', max: '9999-12-31' };

/** isDay tells whether a text is a day that there is, in full, or none: 2026-02-30 is not. */
export const isDay = (text: string) => text === '' || (/^[1-9]\d{3}-/.test(text) && new Date(text).toJSON()?.slice(0, 10) === text);
