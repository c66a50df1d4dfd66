// What stands in place of something that could not be loaded, with the way to try again.
import { Button } from '@mantine/core';
import { EmptyState } from '@/components/empty-state';
import { IconCloudOff } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';

interface FailedProps {
  title: string;
  text?: string;
  again: () => void;
}

export function Failed({ title, text, again }: FailedProps) {
  const t = useT();
  return (
    <EmptyState
      icon={<IconCloudOff size={22} stroke={1.6} />}
      title={title}
      {...(text === undefined ? {} : { text })}
      action={
        <Button variant="default" onClick={again}>
          {t('common.tryAgain')}
        </Button>
      }
    />
  );
}
