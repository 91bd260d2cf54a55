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
  const list = keep(`list ${tag}`, () => new Intl.ListFormat(tag, { type: 'conjunction' }));
  return {
    /** An amount for lists and sums: without fraction digits when there are none to see. */
    money: ({ amount, currency }: Amount) => (/\.\d*[1-9]/.test(amount) ? full(currency) : whole(currency)).format(exact(amount)),
    /** A sum at the head of a column: rounded to whole units. */
    sum: ({ amount, currency }: Amount) => whole(currency).format(exact(amount)),
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
