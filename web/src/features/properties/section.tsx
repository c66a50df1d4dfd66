// A part of the panel under a heading that folds it; who folds it once finds it folded tomorrow.
import { useState, type ReactNode } from 'react';
import { IconChevronRight } from '@/components/icons';
import { readFlag, writeJson } from '@/lib/storage';

interface SectionProps {
  name: string;
  title: string;
  /** What is said beside the title, also while it is folded. */
  note?: ReactNode;
  /** Whether it is open for who never touched it. */
  open?: boolean;
  children: ReactNode;
}

export function Section({ name, title, note, open: initially = true, children }: SectionProps) {
  const [open, setOpen] = useState(() => readFlag(`desk.section.${name}`, initially));
  const toggle = (): void => {
    setOpen(!open);
    writeJson(`desk.section.${name}`, !open);
  };
  return (
    <section className="properties__part">
      <h3 className="section__title">
        <button type="button" className="section__fold" aria-expanded={open} onClick={toggle}>
          <IconChevronRight className="section__chevron" size={14} aria-hidden="true" />
          {title}
          {note !== undefined && <span className="section__note">{note}</span>}
        </button>
      </h3>
      {open && <div className="section__body">{children}</div>}
    </section>
  );
}
