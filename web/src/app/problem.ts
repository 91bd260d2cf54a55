import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { t } from './texts';

/** What went wrong, as the API tells it: a stable code, a sentence, the request's id, and what a form needs. */
export interface Problem {
  code: string;
  message: string;
  requestId?: string | undefined;
  reason?: string | undefined;
  retryAfter?: number | undefined;
  details?: readonly { field: string; code: string; message: string }[] | undefined;
  current?: Record<string, unknown> | undefined;
}

/** The code of a problem that never reached a server. */
export const NETWORK = 'NETWORK';

/** A Problem that can be thrown. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  if (CombinedGraphQLErrors.is(error)) {
    const first = error.errors[0];
    return problemFrom({ ...(first?.extensions as object), message: first?.message ?? error.message });
  }
  if (ServerError.is(error)) {
    try {
      const body = JSON.parse(error.bodyText) as { errors?: { message: string; extensions?: object }[] };
      const first = body.errors?.[0];
      if (first) return problemFrom({ ...first.extensions, message: first.message });
    } catch {
      // no answer of the API: a proxy's page, perhaps
    }
    return { code: 'INTERNAL', message: t.codes.INTERNAL!, requestId: error.response.headers.get('x-request-id') ?? undefined };
  }
  return { code: NETWORK, message: t.wrong.network };
}

/** problemFrom reads the error shape of either door, /graphql (camelCase) or /api (snake_case). */
export function problemFrom(raw: object): Problem {
  const e = raw as Record<string, unknown>;
  return {
    code: typeof e.code === 'string' ? e.code : 'INTERNAL',
    message: typeof e.message === 'string' ? e.message : t.codes.INTERNAL!,
    requestId: (e.requestId ?? e.request_id) as string | undefined,
    reason: e.reason as string | undefined,
    retryAfter: (e.retryAfter ?? e.retry_after) as number | undefined,
    details: e.details as Problem['details'],
    current: e.current as Problem['current'],
  };
}

/** sentence is what a person is told: our own words for a code that has some, else the server's. */
export function sentence(p: Problem): string {
  return t.codes[p.code] ?? p.message;
}

/** wants says which fields a stage requires that are empty; undefined of other problems. */
export function wants({ code, details }: Problem): string | undefined {
  const fields = details?.map(({ field }) => t.fields[field.replace(/^.*\./, '')] ?? field);
  return code === 'STAGE_REQUIREMENTS' && fields?.length ? t.board.needs([...new Set(fields)].join(', ')) : undefined;
}

/** invalid is the problem of fields that are wrong, told at each of them as the server would; null when none is. */
export function invalid(wrong: readonly { field: string; message: string }[]): Problem | null {
  const details = wrong.map((one) => ({ ...one, code: 'VALIDATION_FAILED' }));
  return details[0] ? { code: 'VALIDATION_FAILED', message: details[0].message, details } : null;
}
