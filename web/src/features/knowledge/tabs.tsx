// A few sheets in one place, one of them on top; walked with the arrow keys.
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';

interface Sheet<Name extends string> {
  name: Name;
  title: string;
  note?: number;
}

interface TabsProps<Name extends string> {
  label: string;
  sheets: readonly Sheet<Name>[];
  shown: Name;
  onShow: (name: Name) => void;
  children: ReactNode;
}

export function Tabs<Name extends string>({ label, sheets, shown, onShow, children }: TabsProps<Name>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = sheets.findIndex(({ name }) => name === shown);
    const next = sheets[(at + step + sheets.length) % sheets.length];
    if (!next) return;
    onShow(next.name);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${next.name}`)}`)?.focus();
  };
  return (
    <div className="sheets">
      {/* The arrows are heard here for all tabs; the tabs have the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus */}
      <div ref={list} className="sheets__tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {sheets.map(({ name, title, note = 0 }) => (
          <button key={name} id={`${id}-${name}`} type="button" role="tab" className="sheets__tab" aria-selected={name === shown} aria-controls={`${id}-sheet`} tabIndex={name === shown ? 0 : -1} onClick={() => onShow(name)}>
            {title}
            {note > 0 && <span className="sheets__note">{note}</span>}
          </button>
        ))}
      </div>
      <div id={`${id}-sheet`} className="sheets__sheet" role="tabpanel" aria-labelledby={`${id}-${shown}`}>
        {children}
      </div>
    </div>
  );
}
