// What the editor's menus need of a field, whether it has formatting or not.

export interface Surface {
  /** The text up to the caret (or all of it) and where in it the caret stands; null while something is selected. */
  caret: () => { text: string; caret: number } | null;
  /** Puts words in place of a part of that text, and the caret behind them. */
  replace: (from: number, to: number, words: string) => void;
  focus: () => void;
  blur: () => void;
}

/** A key as both kinds of field tell it. */
export type PressedKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'isComposing' | 'preventDefault'>;
