// A day, or a day and a time, in the browser's own field. That speaks the browser's language and says no weekday: what was chosen stands
// beside it in the page's language, so that nobody has to guess whether 11/12 is in November.
import { useId, type ComponentProps } from 'react';
import { useLanguage } from '@/lib/i18n/use-t';
import { spelled } from '@/lib/time/format';
import { instantIn } from '@/lib/time/zoned';
import '@/components/when-input.css';

interface WhenInputProps extends Omit<ComponentProps<'input'>, 'type' | 'value' | 'onChange'> {
  type: 'date' | 'datetime-local';
  value: string;
  onChange: (value: string) => void;
  /** Where the clock hangs that a time is meant by; absent: here. */
  zone?: string;
}

export function WhenInput({ value, onChange, zone, type, className = 'input', 'aria-describedby': described, ...wiring }: WhenInputProps) {
  const id = useId();
  const language = useLanguage();
  const at = type === 'date' ? instantIn(`${value}T00:00`, 'UTC') : instantIn(value, zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <span className="when">
      <input {...wiring} className={className} type={type} value={value} aria-describedby={[id, described].filter((one) => one !== undefined).join(' ')} onChange={({ target }) => onChange(target.value)} />
      <span id={id} className="when__words">
        {at !== null && spelled(at, language, type === 'date' ? null : zone)}
      </span>
    </span>
  );
}
