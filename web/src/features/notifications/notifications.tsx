// What I was told, opened at the bell.
import { Popover } from '@mantine/core';
import { NotificationList } from './notification-list';
import { Anchor, useOpening } from '@/components/anchor';
import { useT } from '@/lib/i18n/use-t';

export function Notifications({ at, opened, onChange }: { at: HTMLElement; opened: boolean; onChange: (opened: boolean) => void }) {
  const t = useT();
  return (
    <Popover id={at.id} opened={useOpening(opened)} onChange={onChange} position="bottom-end" offset={4} width={340} returnFocus trapFocus shadow="none" withinPortal>
      <Popover.Target>
        <Anchor at={at} />
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t('notification.bell')}>
        <NotificationList onClose={() => onChange(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
