// What stands in place of a part that could not be loaded.
import { Button } from '@mantine/core';
import { EmptyState } from '@/components/empty-state';
import { IconCloudOff } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';

export function Failed({ title, again }: { title: string; again: () => void }) {
  const t = useT();
  return (
    <EmptyState
      icon={<IconCloudOff size={22} stroke={1.6} />}
      title={title}
      action={
        <Button variant="default" onClick={again}>
          {t('common.tryAgain')}
        </Button>
      }
    />
  );
}
