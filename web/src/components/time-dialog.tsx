// Until when? A few instants in words, or one's own.
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Dialog } from '@/components/dialog';
import { OptionList, type Option } from '@/components/option-list';
import { WhenInput } from '@/components/when-input';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { deskNow } from '@/lib/time/clock';
import { moment } from '@/lib/time/format';
import { localValue, presets } from '@/lib/time/presets';
import '@/components/time-dialog.css';

interface TimeDialogProps {
  title: string;
  /** What stands above the instants and means none of them. */
  without?: { label: string; icon?: ReactNode };
  confirm: string;
  onChoose: (at: string | null) => void;
  onClose: () => void;
}

const NEVER = 'never';

export function TimeDialog({ title, without, confirm, onChoose, onClose }: TimeDialogProps) {
  const t = useT();
  const language = useLanguage();
  const [now] = useState(() => new Date(deskNow()));
  const [own, setOwn] = useState(() => localValue(presets(now)[0]?.at ?? now));
  const options: Option[] = presets(now).map(({ name, at }) => ({ value: at.toISOString(), label: t(`time.${name}`), hint: moment(at.toISOString(), language) }));
  if (without) options.push({ value: NEVER, label: without.label, icon: without.icon });
  const ownAt = Date.parse(own);
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="time-dialog">
        <OptionList label={t('time.when')} options={options} value="" onChoose={(value) => onChoose(value === NEVER ? null : value)} />
        <form
          className="time-dialog__own"
          onSubmit={(event) => {
            event.preventDefault();
            if (ownAt > deskNow()) onChoose(new Date(ownAt).toISOString());
          }}
        >
          <WhenInput className="time-dialog__input" type="datetime-local" aria-label={t('time.own')} value={own} min={localValue(now)} onChange={setOwn} />
          <Button type="submit" variant="default" disabled={!(ownAt > deskNow())}>
            {confirm}
          </Button>
        </form>
      </div>
    </Dialog>
  );
}
