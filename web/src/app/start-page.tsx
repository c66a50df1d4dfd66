// What shows when the desk cannot even be asked what it is called: never a blank page.
import { EmptyState } from '@/components/empty-state';
import { IconCloudOff } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';

export function UnreachablePage() {
  const t = useT();
  return (
    <main className="whole-page">
      <EmptyState
        icon={<IconCloudOff size={22} stroke={1.6} />}
        title={t('app.unreachableTitle')}
        text={t('app.unreachableText')}
        action={
          <button type="button" className="link" onClick={() => location.reload()}>
            {t('common.tryAgain')}
          </button>
        }
      />
    </main>
  );
}
