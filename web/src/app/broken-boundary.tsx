// What shows when a part of the page fails as it is drawn: a sentence and a way out, never a blank page.
import { Component, type ReactNode } from 'react';
import { EmptyState } from '@/components/empty-state';
import { IconAlert } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';

function Broken() {
  const t = useT();
  return (
    <main className="whole-page">
      <EmptyState
        icon={<IconAlert size={22} stroke={1.6} />}
        title={t('app.brokenTitle')}
        text={t('app.brokenText')}
        action={
          <button type="button" className="link" onClick={() => location.reload()}>
            {t('app.reload')}
          </button>
        }
      />
    </main>
  );
}

/** Also what catches a part that could not be fetched: after an update of the desk, loading again brings the new one. */
export class BrokenBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}
