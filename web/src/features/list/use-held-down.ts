// A row that is held down under a finger is selected, as in all lists on phones and tablets: there is no hovering and no key there.
import { useRef, type MouseEvent, type PointerEvent } from 'react';

const HELD_MS = 450;

interface HeldDown {
  onPointerDown: (event: PointerEvent) => void;
  onPointerUp: () => void;
  onPointerCancel: () => void;
  onContextMenu: (event: MouseEvent) => void;
  onClickCapture: (event: MouseEvent) => void;
}

/** Calls `onHeld` once a finger has rested; the lifting of it opens nothing, and a list that scrolls away under it forgets it. */
export function useHeldDown(onHeld: () => void): HeldDown {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const finger = useRef(false);
  const held = useRef(false);
  const forget = (): void => clearTimeout(timer.current);
  return {
    onPointerDown: ({ pointerType }) => {
      forget();
      held.current = false;
      finger.current = pointerType === 'touch';
      if (!finger.current) return;
      timer.current = setTimeout(() => {
        held.current = true;
        onHeld();
      }, HELD_MS);
    },
    onPointerUp: forget,
    onPointerCancel: forget,
    onContextMenu: (event) => {
      if (finger.current) event.preventDefault();
    },
    onClickCapture: (event) => {
      if (!held.current) return;
      held.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
