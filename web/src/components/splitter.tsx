// The line between two panes: drag it, or move it with the arrow keys. The width is remembered.
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { readNumber, writeJson } from '@/lib/storage';
import '@/components/splitter.css';

const STEP = 16;

interface Width {
  width: number;
  splitter: { value: number; min: number; max: number; onChange: (width: number) => void };
}

/** A remembered width between `min` and `max`, and what a `Splitter` needs to change it. */
export function usePaneWidth(name: string, initial: number, min: number, max: number): Width {
  const key = `desk.width.${name}`;
  const [width, setWidth] = useState(() => Math.min(max, Math.max(min, readNumber(key, initial))));
  const onChange = (next: number): void => {
    const fitting = Math.round(Math.min(max, Math.max(min, next)));
    setWidth(fitting);
    writeJson(key, fitting);
  };
  return { width, splitter: { value: width, min, max, onChange } };
}

interface SplitterProps {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (width: number) => void;
  /** Which edge of its pane it is. */
  side?: 'left' | 'right';
}

export function Splitter({ label, value, min, max, onChange, side = 'right' }: SplitterProps) {
  const sign = side === 'right' ? 1 : -1;
  const start = useRef<{ x: number; width: number } | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width: value };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (start.current) onChange(start.current.width + sign * (event.clientX - start.current.x));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onChange(value + sign * step);
  };
  return (
    // A focusable separator is a widget by ARIA 1.2 ("window splitter").
    <div
      className={`splitter splitter--${side}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (start.current = null)}
      onKeyDown={onKeyDown}
    />
  );
}
