// Refusals of the API in words that customers can do something with.
import { ApiError } from '@/lib/api/problem';
import type { Words } from './words';

/** One kind sentence about why sending did not work. */
export function sendingProblem(cause: unknown, t: Words): string {
  if (!(cause instanceof ApiError)) return t('problem.server');
  if (cause.offline) return t('problem.offline');
  if (cause.status === 429) return t('problem.tooMany');
  if (cause.status === 400 || cause.status === 422) return t('problem.some');
  return t('problem.server');
}

export type LinkTrouble = 'expired' | 'unknown' | 'failed';

/** What is wrong with a link, as far as its owner needs to know: a forged key and a foreign one look the same. */
export function linkTrouble(cause: unknown): LinkTrouble {
  if (!(cause instanceof ApiError) || cause.offline || cause.status >= 500 || cause.status === 429) return 'failed';
  if (cause.status === 410 || cause.code.includes('expired')) return 'expired';
  return 'unknown';
}
