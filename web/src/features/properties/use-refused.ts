// What the desk would not do, said in one sentence.
import { ApiError } from '@/lib/api/problem';
import { useT } from '@/lib/i18n/use-t';
import { toast } from '@/lib/toasts';

export function useRefused(): (error: Error) => void {
  const t = useT();
  return (error) => {
    const offline = error instanceof ApiError && error.offline;
    const detail = error instanceof ApiError && !offline ? (error.errors[0]?.message ?? error.detail) : '';
    toast(offline ? t('change.offline') : t('change.failed', { detail }).trim(), null, 'problem');
  };
}
