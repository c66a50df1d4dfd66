// What the page does for this device while it is open: offers a newer desk, and tells what happened while nobody looks.
import { useEffect, useEffectEvent, useRef } from 'react';
import { useNavigate } from 'react-router';
import { useHabit } from '@/lib/data/habits';
import { useNotifications, useTold } from '@/lib/data/notifications';
import { notify, settleOnDevice } from '@/lib/device';
import { useT } from '@/lib/i18n/use-t';
import { notificationPath } from '@/lib/tickets/views';
import { toast } from '@/lib/toasts';

/** How long the offer of a newer desk stays; it comes again with the next visit. */
const OFFER_MS = 60_000;

export function OnDevice() {
  const t = useT();
  const navigate = useNavigate();
  const offer = useEffectEvent((take: () => void) => void toast(t('device.newer'), { label: t('app.reload'), run: take }, 'plain', OFFER_MS));
  const go = useEffectEvent((path: string) => void navigate(path));
  useEffect(() => settleOnDevice({ onNewer: (take) => offer(take), onGo: (path) => go(path) }), []);
  return useHabit('notify') ? <Notifier /> : null;
}

/** Says on the device what came in since the page was opened, while somebody looks elsewhere. */
function Notifier() {
  const told = useTold();
  const { data } = useNotifications(true);
  const heard = useRef<ReadonlySet<string> | null>(null);
  const say = useEffectEvent((items: NonNullable<typeof data>['items']) => {
    const known = heard.current;
    heard.current = new Set(items.map(({ id }) => id));
    // What was there before is in the bell; who looks at the page sees it come.
    if (known === null || document.hasFocus()) return;
    for (const item of items.filter(({ id, read_at: read }) => read === null && !known.has(id)).toReversed()) {
      void notify({ id: item.id, title: told(item), text: `#${item.number} ${item.subject}`, path: notificationPath(item) });
    }
  });
  useEffect(() => {
    if (data) say(data.items);
  }, [data]);
  return null;
}
