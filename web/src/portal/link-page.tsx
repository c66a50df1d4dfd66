// Kind pages for links that lead nowhere any more.
import { Notice } from './frame';
import type { LinkTrouble } from './problems';
import { usePortal } from './context';

interface LinkPageProps {
  trouble: LinkTrouble;
  onRetry?: () => void;
}

export function LinkPage({ trouble, onRetry }: LinkPageProps) {
  const { t } = usePortal();
  return (
    <Notice title={t(`link.${trouble}Title`)} text={t(`link.${trouble}Text`)}>
      {trouble === 'failed' && onRetry ? (
        <button type="button" className="button" onClick={onRetry}>
          {t('tryAgain')}
        </button>
      ) : (
        <a className="button" href="/portal">
          {t('link.home')}
        </a>
      )}
    </Notice>
  );
}
