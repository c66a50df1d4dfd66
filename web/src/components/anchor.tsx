// What opens at a button without being fetched before the button is used: the button stands there, the rest comes when it is wanted.
import { useDeferredValue, useImperativeHandle, type Ref } from 'react';

/** As the target of a menu or a popover: what opens there belongs to an element that is on the page already. */
export function Anchor({ ref, at }: { ref?: Ref<HTMLElement>; at: HTMLElement }) {
  useImperativeHandle(ref, () => at, [at]);
  return null;
}

/** `opened`, but never on the first drawing: what is open from the start would not know where the focus was before it. */
export function useOpening(opened: boolean): boolean {
  return useDeferredValue(opened, false) && opened;
}
