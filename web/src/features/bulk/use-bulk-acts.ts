// An action on many tickets as it is told: what is going on, what came of it, and the way back.
import { ApiError } from '@/lib/api/problem';
import type { Bulk, BulkAction } from '@/lib/api/types';
import { useBulk, type BulkTarget } from '@/lib/data/bulk';
import { useT } from '@/lib/i18n/use-t';
import { retell, undoing } from '@/lib/toasts';

const LONG_MS = 10 * 60_000;
const UNDO_MS = 12_000;

/** `count`: how many tickets it is about; null: nobody knows yet. */
export function useBulkActs(): (action: BulkAction, target: BulkTarget, count: number | null) => void {
  const t = useT();
  const { run, undo } = useBulk();

  const refused = (told: number, error: unknown): void => {
    const detail = error instanceof ApiError && !error.offline ? error.detail : '';
    retell(told, t('bulk.refused', { detail }).trim(), null, 'problem');
  };
  const takeBack = async (id: string, told: number): Promise<void> => {
    retell(told, t('bulk.undoing'), null, 'plain', LONG_MS);
    try {
      const { undo: tally } = await undo(id, ({ done, total }) => void retell(told, t('bulk.undoingOf', { done, total }), null, 'plain', LONG_MS));
      const left = (tally?.failed ?? 0) + (tally?.partly_undone ?? 0);
      retell(told, left > 0 ? t('bulk.partlyUndone', { count: left }) : t('bulk.undone', { count: tally?.undone ?? 0 }), null);
    } catch (error) {
      refused(told, error);
    }
  };
  const tell = (told: number, { id, tally, total, undo_until: until }: Bulk): void => {
    const { failed, changed } = tally;
    const text = failed > 0 ? t('bulk.partly', { changed, total, failed }) : t('bulk.done', { count: changed });
    const back = until !== null && changed > 0 ? undoing(t('common.undo'), () => void takeBack(id, retell(null, t('bulk.undoing'), null, 'plain', LONG_MS))) : null;
    retell(told, text, back, failed > 0 ? 'problem' : 'plain', UNDO_MS);
  };
  const begin = async (action: BulkAction, target: BulkTarget, count: number | null): Promise<void> => {
    const told = retell(null, count === null ? t('bulk.runningList') : t('bulk.running', { count }), null, 'plain', LONG_MS);
    try {
      const { finished } = await run(action, target, ({ done, total }) => void retell(told, t('bulk.progress', { done, total }), null, 'plain', LONG_MS));
      tell(told, await finished);
    } catch (error) {
      refused(told, error);
    }
  };
  return (action, target, count) => void begin(action, target, count);
}
