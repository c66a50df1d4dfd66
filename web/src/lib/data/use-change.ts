// Changing a ticket and telling the person what came of it: an Undo when it worked, a way out when it did not.
import { useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useRef } from 'react';
import { ApiError } from '@/lib/api/problem';
import type { TicketChange } from '@/lib/api/types';
import { useStatusName } from '@/lib/data/catalogue';
import { useNames, type Names } from '@/lib/data/directory';
import { useChangeTicket, type ChangeCommand } from '@/lib/data/tickets';
import { useT } from '@/lib/i18n/use-t';
import { toast, undoing } from '@/lib/toasts';

/** What was done, in words: "Assigned to Mina Park". */
function told(change: TicketChange, t: TFunction, names: Names, statusName: (id: string) => string): string | null {
  if (typeof change.custom_status === 'string') return t('change.status', { status: statusName(change.custom_status) });
  if (change.status !== undefined) return t('change.status', { status: t(`status.${change.status}`) });
  if (change.priority !== undefined) return t('change.priority', { priority: t(`priority.${change.priority}`) });
  if (change.assignee !== undefined) {
    return change.assignee === null ? t('change.unassigned') : t('change.assigned', { agent: t('person', { name: names.agent(change.assignee) ?? '?' }) });
  }
  if (change.group !== undefined) return change.group === null ? t('change.noGroup') : t('change.group', { group: names.group(change.group) ?? '?' });
  if (change.category !== undefined) return change.category === null ? t('change.noCategory') : t('change.category', { category: names.category(change.category) ?? '?' });
  if (change.type !== undefined) return t('change.type', { type: t(`type.${change.type}`) });
  if (change.product !== undefined) return t('change.product');
  if (change.impact !== undefined || change.urgency !== undefined) return t('change.assessed');
  if (change.due_at !== undefined) return t('change.due');
  if (change.fields !== undefined) return t('change.fields', { count: Object.keys(change.fields).length });
  if (change.tags !== undefined) return t('change.tags');
  return null;
}

/** Changes one ticket. */
export function useChange(id: string): (change: TicketChange) => void {
  const changeAny = useChangeAny();
  return (change) => changeAny({ id, change });
}

/** Changes whichever ticket it is told. */
export function useChangeAny(): (command: ChangeCommand) => void {
  const t = useT();
  const names = useNames();
  const statusName = useStatusName();
  const client = useQueryClient();
  const takingBack = useRef(false);
  const mutate = useChangeTicket({
    done: (command, undo) => {
      const text = takingBack.current ? null : told(command.change, t, names, (custom) => statusName({ status: 'open', custom_status: custom }));
      takingBack.current = false;
      if (text === null) return;
      const run = (): void => {
        takingBack.current = true;
        mutate(undo);
      };
      toast(text, undoing(t('common.undo'), run));
    },
    failed: (command, error) => fail(command, error),
  });
  const again = (command: ChangeCommand): void => {
    // The newest version has to be there first, or the change would be refused again.
    void client.refetchQueries({ queryKey: ['ticket', command.id] }).then(() => mutate(command));
  };
  const fail = (command: ChangeCommand, error: Error): void => {
    takingBack.current = false;
    const stale = error instanceof ApiError && error.stale;
    const offline = error instanceof ApiError && error.offline;
    const detail = error instanceof ApiError && !offline ? error.detail : '';
    const text = stale ? t('change.stale') : offline ? t('change.offline') : t('change.failed', { detail });
    toast(text, { label: stale ? t('change.applyAnyway') : t('common.tryAgain'), run: () => again(command) }, 'problem');
  };
  return mutate;
}
