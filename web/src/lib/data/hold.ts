// A moment in which an answer can be taken back, for those who chose to have it: then the answer waits that long.
import type { Me } from '@/lib/api/types';
import { useHeldMessage } from '@/lib/data/messages';
import { holdsAnswers } from '@/lib/data/habits';
import { useT } from '@/lib/i18n/use-t';
import { toast, undoing } from '@/lib/toasts';

const HOLD_SECONDS = 10;

/** How many seconds an answer of mine waits: never longer than the desk allows, and 0 without the wish. */
export const holdFor = (me: Pick<Me, 'hold_seconds'>, wished: boolean = holdsAnswers()): number =>
  wished ? Math.min(HOLD_SECONDS, me.hold_seconds) : 0;

/** Offers for `seconds` to take a message back; `onUndone` gives its words back. After that the message goes. */
export function useOfferUndo(ticket: string): (message: string, seconds: number, onUndone: () => void) => void {
  const t = useT();
  const held = useHeldMessage(ticket);
  return (message, seconds, onUndone) => {
    // Should this fail, or the page be closed before, the desk lets it go by itself within a minute.
    const going = setTimeout(() => void held.release(message).catch(() => undefined), seconds * 1_000);
    const run = (): void => {
      clearTimeout(going);
      held.undo(message).then(
        () => {
          onUndone();
          toast(t('editor.undone'));
        },
        () => toast(t('editor.notUndone'), null, 'problem'),
      );
    };
    toast(t('editor.held'), undoing(t('common.undo'), run), 'plain', seconds * 1_000);
  };
}
