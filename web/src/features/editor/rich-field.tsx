// The field with formatting. It is a chunk of its own: nobody waits for it who only reads.
import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import { history, redo, undo } from 'prosemirror-history';
import { inputRules, textblockTypeInputRule, wrappingInputRule } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list';
import { EditorState, TextSelection, type Command } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import { useEffect, useImperativeHandle, useRef, useState, type KeyboardEvent as ReactKey, type ReactNode, type Ref, type RefObject } from 'react';
import { documentOf, isEmpty, keptOf, letterOf, schema, type Letter } from './rich-schema';
import type { Surface } from './surface';
import { IconBold, IconCode, IconItalic, IconLink, IconListBullets, IconListNumbers, IconQuote } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';
import './rich-field.css';

const { nodes, marks } = schema;
type Known = 'paragraph' | 'blockquote' | 'code_block' | 'bullet_list' | 'ordered_list' | 'list_item' | 'hard_break' | 'image';
const node = (name: Known) => nodes[name];

export interface RichHandle extends Surface {
  letter: (uploads: readonly string[]) => Letter;
  showPicture: (file: string, src: string, alt: string) => void;
  dropPicture: (file: string) => void;
}

interface RichFieldProps {
  ref: Ref<RichHandle>;
  /** Somebody pressed a key to write before the field was there. */
  wantedRef: RefObject<boolean>;
  value: string;
  label: string;
  placeholder: string;
  controls: string | undefined;
  active: string | undefined;
  onChange: (kept: string, empty: boolean) => void;
  /** The text or the caret has moved. */
  onLook: () => void;
  onBlur: () => void;
  /** Whether the key was somebody else's. */
  onKey: (event: KeyboardEvent) => boolean;
  onFiles: (files: FileList) => void;
}

const lineBreak: Command = chainCommands(exitCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(node('hard_break').create()).scrollIntoView());
  return true;
});

const plugins = () => [
  history(),
  inputRules({
    rules: [
      wrappingInputRule(/^\s*[-*]\s$/, node('bullet_list')),
      wrappingInputRule(/^1\.\s$/, node('ordered_list')),
      wrappingInputRule(/^>\s$/, node('blockquote')),
      textblockTypeInputRule(/^```$/, node('code_block')),
    ],
  }),
  keymap({
    'Mod-z': undo,
    'Mod-y': redo,
    'Mod-Shift-z': redo,
    'Mod-b': toggleMark(marks.strong),
    'Mod-i': toggleMark(marks.em),
    'Mod-e': toggleMark(marks.code),
    'Mod-Shift-8': wrapInList(node('bullet_list')),
    'Mod-Shift-7': wrapInList(node('ordered_list')),
    'Shift-Enter': lineBreak,
    Enter: splitListItem(node('list_item')),
    'Mod-]': sinkListItem(node('list_item')),
    'Mod-[': liftListItem(node('list_item')),
  }),
  keymap(baseKeymap),
];

/** The words of the line up to the caret; null while something is selected. */
function caretOf({ selection }: EditorState): { text: string; caret: number } | null {
  if (!(selection instanceof TextSelection) || !selection.empty) return null;
  const { parent, parentOffset } = selection.$from;
  // A sign for everything that is no text, so that places in it and in the document are the same.
  const text = parent.textBetween(0, parentOffset, undefined, (leaf) => (leaf.type.name === 'hard_break' ? '\n' : '\uFFFC'));
  return { text, caret: parentOffset };
}

export function RichField({ ref, wantedRef, value, label, placeholder, controls, active, onChange, onLook, onBlur, onKey, onFiles }: RichFieldProps) {
  const [place, setPlace] = useState<HTMLDivElement | null>(null);
  const view = useRef<EditorView>(null);
  const told = useRef(value);
  const [state, setState] = useState<EditorState | null>(null);
  const latest = useRef({ onChange, onLook, onBlur, onKey, onFiles });
  useEffect(() => {
    latest.current = { onChange, onLook, onBlur, onKey, onFiles };
  });

  useEffect(() => {
    if (!place) return undefined;
    const made = new EditorView(place, {
      state: EditorState.create({ doc: documentOf(told.current), plugins: plugins() }),
      dispatchTransaction(this: EditorView, transaction) {
        const next = this.state.apply(transaction);
        this.updateState(next);
        setState(next);
        if (transaction.docChanged) {
          told.current = keptOf(next.doc);
          latest.current.onChange(told.current, isEmpty(next.doc));
        }
        if (transaction.docChanged || transaction.selectionSet) latest.current.onLook();
      },
      handleKeyDown: (_view, event) => latest.current.onKey(event),
      handlePaste: (_view, event) => {
        const files = event.clipboardData?.files;
        if (!files || files.length === 0) return false;
        latest.current.onFiles(files);
        return true;
      },
      // Files that are dropped are the whole editor's; words are the field's.
      handleDrop: (_view, event) => (event.dataTransfer?.files.length ?? 0) > 0,
      handleDOMEvents: {
        blur: () => {
          latest.current.onBlur();
          return false;
        },
      },
    });
    view.current = made;
    setState(made.state);
    if (wantedRef.current) made.focus();
    wantedRef.current = false;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [place, wantedRef]);

  useEffect(() => {
    const made = view.current;
    if (!made || value === told.current) return;
    // Words that were put there from outside: sent and gone, taken back, begun at another machine.
    told.current = value;
    made.updateState(EditorState.create({ doc: documentOf(value), plugins: plugins() }));
    setState(made.state);
  }, [value]);

  const empty = value === '';
  useEffect(() => {
    view.current?.setProps({
      attributes: {
        class: empty ? 'editor__field rich rich--empty' : 'editor__field rich',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': label,
        'aria-placeholder': placeholder,
        'data-placeholder': placeholder,
        'aria-autocomplete': 'list',
        ...(controls === undefined ? {} : { 'aria-controls': controls }),
        ...(active === undefined ? {} : { 'aria-activedescendant': active }),
      },
    });
  }, [place, empty, label, placeholder, controls, active]);

  useImperativeHandle(ref, () => ({
    caret: () => (view.current ? caretOf(view.current.state) : null),
    focus: () => {
      if (!view.current) return;
      wantedRef.current = false;
      view.current.focus();
    },
    blur: () => view.current?.dom.blur(),
    replace: (from, to, words) => {
      const made = view.current;
      if (!made) return;
      const start = made.state.selection.$from.start();
      const { content } = documentOf(words);
      const transaction = made.state.tr;
      // Words of one line go into the line; more of them bring their own.
      if (words === '') transaction.delete(start + from, start + to);
      else transaction.replaceRange(start + from, start + to, documentOf(words).slice(content.childCount === 1 && content.firstChild?.type.name === 'paragraph' ? 1 : 0, content.childCount === 1 && content.firstChild?.type.name === 'paragraph' ? content.size - 1 : content.size));
      made.dispatch(transaction.scrollIntoView());
      made.focus();
    },
    letter: (uploads) => (view.current ? letterOf(view.current.state.doc, uploads) : { body: '', html: null }),
    showPicture: (file, src, alt) => {
      const made = view.current;
      made?.dispatch(made.state.tr.replaceSelectionWith(node('image').create({ file, src, alt })).scrollIntoView());
    },
    dropPicture: (file) => {
      const made = view.current;
      if (!made) return;
      const transaction = made.state.tr;
      made.state.doc.descendants((child, at) => {
        if (child.type.name === 'image' && child.attrs['file'] === file) transaction.delete(transaction.mapping.map(at), transaction.mapping.map(at + child.nodeSize));
      });
      made.dispatch(transaction);
    },
  }));

  const run = (command: Command): void => {
    const made = view.current;
    if (!made) return;
    command(made.state, made.dispatch.bind(made));
    made.focus();
  };
  return (
    <>
      <div ref={setPlace} />
      {state && <Tools state={state} run={run} />}
    </>
  );
}

function isOn(state: EditorState, mark: 'link' | 'strong' | 'em'): boolean {
  const { from, to, empty, $from } = state.selection;
  return empty ? marks[mark].isInSet(state.storedMarks ?? $from.marks()) !== undefined : state.doc.rangeHasMark(from, to, marks[mark]);
}

function isIn({ selection: { $from } }: EditorState, name: Known): boolean {
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type.name === name) return true;
  return false;
}

const MARKS = [
  ['strong', 'bold', IconBold, 'Control+B'],
  ['em', 'italic', IconItalic, 'Control+I'],
] as const;
const BLOCKS = [
  ['bullet_list', 'bullets', IconListBullets, wrapInList(node('bullet_list'))],
  ['ordered_list', 'numbers', IconListNumbers, wrapInList(node('ordered_list'))],
  ['blockquote', 'quote', IconQuote, wrapIn(node('blockquote'))],
  ['code_block', 'code', IconCode, setBlockType(node('code_block'))],
] as const;

function Tools({ state, run }: { state: EditorState; run: (command: Command) => void }) {
  const t = useT();
  const [linking, setLinking] = useState(false);
  const out = (name: Known): Command => (name === 'code_block' ? setBlockType(node('paragraph')) : liftListItem(node('list_item')));
  const link = (href: string): void => {
    setLinking(false);
    const address = href === '' ? '' : /^[a-z]+:/i.test(href) ? href : `https://${href}`;
    run((now, dispatch) => {
      const { from, to, empty } = now.selection;
      if (address === '') return toggleMark(marks.link)(now, dispatch);
      const mark = marks.link.create({ href: address });
      dispatch?.(empty ? now.tr.insert(from, schema.text(address, [mark])) : now.tr.addMark(from, to, mark));
      return true;
    });
  };
  const onKeyDown = (event: ReactKey<HTMLInputElement>): void => {
    if (event.key === 'Escape') setLinking(false);
    else if (event.key === 'Enter') link(event.currentTarget.value.trim());
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="rich-tools" role="toolbar" aria-label={t('format.label')}>
      {MARKS.map(([mark, name, Icon, keys]) => (
        <Tool key={mark} name={t(`format.${name}`)} keys={keys} on={isOn(state, mark)} run={() => run(toggleMark(marks[mark]))}>
          <Icon size={16} stroke={1.8} />
        </Tool>
      ))}
      <Tool name={t('format.link')} on={isOn(state, 'link')} run={() => (isOn(state, 'link') ? link('') : setLinking(!linking))}>
        <IconLink size={16} stroke={1.8} />
      </Tool>
      {linking && (
        // It opens because somebody asked for it: the focus belongs here.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        <input className="rich-tools__link" autoFocus aria-label={t('format.address')} placeholder="https://" onKeyDown={onKeyDown} onBlur={() => setLinking(false)} />
      )}
      {BLOCKS.map(([block, name, Icon, command]) => (
        <Tool key={block} name={t(`format.${name}`)} on={isIn(state, block)} run={() => run(isIn(state, block) ? (block === 'blockquote' ? lift : out(block)) : command)}>
          <Icon size={16} stroke={1.8} />
        </Tool>
      ))}
    </div>
  );
}


interface ToolProps {
  name: string;
  keys?: string;
  on: boolean;
  run: () => void;
  children: ReactNode;
}

function Tool({ name, keys, on, run, children }: ToolProps) {
  return (
    <button type="button" className="icon-button rich-tools__tool" aria-label={name} title={name} aria-pressed={on} aria-keyshortcuts={keys} onPointerDown={(event) => event.preventDefault()} onClick={run}>
      {children}
    </button>
  );
}
