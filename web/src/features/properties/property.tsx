// One property of a ticket: its value as a button, and the list to choose another one from.
import { Popover } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { OptionList, type Option } from '@/components/option-list';
import { usePageRests } from '@/lib/media';

interface PropertyProps {
  name: string;
  shown: ReactNode;
  hotkey?: string;
  options: readonly Option[];
  value: string | null;
  opened: boolean;
  onOpenChange: (opened: boolean) => void;
  onChoose: (value: string | null) => void;
}

export function Property({ name, shown, hotkey, options, value, opened, onOpenChange, onChoose }: PropertyProps) {
  usePageRests(opened);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <div className="property">
      <span className="property__name" id={`property-${name}`}>
        {name}
      </span>
      <Popover opened={opened} onChange={onOpenChange} position="bottom-start" offset={4} returnFocus trapFocus shadow="none" withinPortal>
        <Popover.Target>
          <button ref={button} type="button" className="property__value" aria-describedby={`property-${name}`} aria-keyshortcuts={hotkey} onClick={() => onOpenChange(!opened)}>
            {shown}
          </button>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <OptionList
            label={name}
            options={options}
            value={value}
            onChoose={(chosen) => {
              onOpenChange(false);
              // At once rather than some milliseconds later: the next key is the ticket's again.
              button.current?.focus({ preventScroll: true });
              if (chosen !== value) onChoose(chosen);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
