// The field that a body is written in: Markdown with buttons and keys for its marks, and pictures by paste and drop.
import { useImperativeHandle, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import { around, before, block, link, type Edit, type Selected } from './markdown';
import { useWords } from './words';
import { IconBold, IconCode, IconHeading, IconItalic, IconLink, IconListBullets, IconListNumbers, IconPhoto, IconQuote } from '@/components/icons';
import { MOD } from '@/components/key';

export interface MarkdownHandle {
  /** Puts a block where the caret stands. */
  insert: (words: string) => void;
}

interface MarkdownFieldProps {
  id: string;
  value: string;
  language: string;
  most: number;
  invalid: boolean;
  describedBy: string | undefined;
  handle: Ref<MarkdownHandle>;
  onChange: (text: string) => void;
  onPictures: (files: File[]) => void;
}

const PICTURE = /^image\/(?:png|jpeg|gif|webp)$/;
const picturesOf = (files: FileList): File[] => [...files].filter(({ type }) => PICTURE.test(type));

/** Types words into what has the focus, over what is selected there; false where the browser cannot. */
function typeAsHand(words: string): boolean {
  // Called obsolete, and yet the one way to change a field so that its Undo knows of it.
  const page: { execCommand?: (command: string, ui: boolean, value: string) => boolean } = document;
  return page.execCommand?.(words === '' ? 'delete' : 'insertText', false, words) ?? false;
}

export function MarkdownField({ id, value, language, most, invalid, describedBy, handle, onChange, onPictures }: MarkdownFieldProps) {
  const w = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [dropping, setDropping] = useState(false);

  const run = (edit: (one: Selected) => Edit): void => {
    const element = field.current;
    if (!element) return;
    const { from, to, words, select } = edit({ text: element.value, from: element.selectionStart, to: element.selectionEnd });
    element.focus();
    element.setSelectionRange(from, to);
    if (!typeAsHand(words)) {
      element.setRangeText(words, from, to);
      onChange(element.value);
    }
    element.setSelectionRange(...select);
  };
  useImperativeHandle(handle, () => ({ insert: (words) => run((one) => block(one, words)) }));

  const acts: readonly { name: 'heading' | 'bold' | 'italic' | 'bullets' | 'numbers' | 'quote' | 'link' | 'code'; icon: ReactNode; key?: string; edit: (one: Selected) => Edit }[] = [
    { name: 'heading', icon: <IconHeading size={17} stroke={1.7} />, edit: (one) => before(one, '## ') },
    { name: 'bold', icon: <IconBold size={17} stroke={1.7} />, key: 'b', edit: (one) => around(one, '**', w('marks.words')) },
    { name: 'italic', icon: <IconItalic size={17} stroke={1.7} />, key: 'i', edit: (one) => around(one, '*', w('marks.words')) },
    { name: 'link', icon: <IconLink size={17} stroke={1.7} />, key: 'k', edit: (one) => link(one, w('marks.words')) },
    { name: 'bullets', icon: <IconListBullets size={17} stroke={1.7} />, edit: (one) => before(one, '- ') },
    { name: 'numbers', icon: <IconListNumbers size={17} stroke={1.7} />, edit: (one) => before(one, '1. ') },
    { name: 'quote', icon: <IconQuote size={17} stroke={1.7} />, edit: (one) => before(one, '> ') },
    { name: 'code', icon: <IconCode size={17} stroke={1.7} />, key: 'e', edit: (one) => around(one, '`', w('marks.words')) },
  ];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.nativeEvent.isComposing) return;
    const act = acts.find(({ key }) => key === event.key.toLowerCase());
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    run(act.edit);
  };
  const take = (files: FileList): boolean => {
    const pictures = picturesOf(files);
    if (pictures.length > 0) onPictures(pictures);
    return pictures.length > 0;
  };

  return (
    <div className={dropping ? 'markdown markdown--dropping' : 'markdown'}>
      <div className="markdown__tools" role="group" aria-label={w('marks.label')}>
        {acts.map(({ name, icon, key, edit }) => (
          <button key={name} type="button" className="icon-button" aria-label={w(`marks.${name}`)} title={key === undefined ? w(`marks.${name}`) : `${w(`marks.${name}`)} (${MOD} ${key.toUpperCase()})`} onClick={() => run(edit)}>
            {icon}
          </button>
        ))}
        <button type="button" className="icon-button" aria-label={w('marks.picture')} title={w('marks.picture')} onClick={() => picker.current?.click()}>
          <IconPhoto size={17} stroke={1.7} />
        </button>
        <input
          ref={picker}
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp"
          multiple
          hidden
          onChange={({ target }) => {
            if (target.files) take(target.files);
            target.value = '';
          }}
        />
      </div>
      <textarea
        ref={field}
        id={id}
        className="input markdown__text"
        lang={language}
        dir="auto"
        rows={18}
        maxLength={most}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          if (take(event.clipboardData.files)) event.preventDefault();
        }}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={(event) => {
          setDropping(false);
          if (take(event.dataTransfer.files)) event.preventDefault();
        }}
      />
    </div>
  );
}
