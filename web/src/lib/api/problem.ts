// What can go wrong with a call, as one kind of error that says what the page may do about it.

export interface FieldProblem {
  pointer: string;
  message: string;
}

/** A refused or failed call. `status` 0 means that no answer came (offline, or the desk is down). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly FieldProblem[] = [],
    /** Seconds after which the server would have us try again, when it says so. */
    readonly retryAfter: number | null = null,
    /** Which message made the desk refuse (`newer_message`). */
    readonly messageId: string | null = null,
  ) {
    super(`${status} ${code}`);
  }

  get offline(): boolean {
    return this.status === 0;
  }

  get stale(): boolean {
    return this.status === 409 || this.status === 412;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const text = (value: unknown, otherwise: string): string => (typeof value === 'string' && value !== '' ? value : otherwise);

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((entry) => ({ pointer: text(entry['pointer'], ''), message: text(entry['message'], '') }));
}

/** Makes an `ApiError` of an answer that is not 2xx; the body may be problem+json, something else or nothing. */
export function problemOf(response: Response, body: unknown): ApiError {
  const problem = isRecord(body) ? body : {};
  const after = Number(response.headers.get('retry-after') ?? '');
  return new ApiError(
    response.status,
    text(problem['code'], `http_${response.status}`),
    text(problem['detail'], text(problem['title'], response.statusText)),
    fieldProblems(problem['errors']),
    Number.isFinite(after) && after > 0 ? after : null,
    typeof problem['message_id'] === 'string' ? problem['message_id'] : null,
  );
}

/** Wraps whatever `fetch` throws (it throws only when no answer came). */
export function unreachable(cause: unknown): ApiError {
  return cause instanceof ApiError ? cause : new ApiError(0, 'unreachable', cause instanceof Error ? cause.message : '');
}
