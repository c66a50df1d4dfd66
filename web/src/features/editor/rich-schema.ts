// What can be written: paragraphs, lists, quotations, code, a few kinds of emphasis, links, pictures that were uploaded.
import { DOMParser as Reader, DOMSerializer, Schema, type Node, type NodeSpec } from 'prosemirror-model';
import { formattedOf } from './rich-text';

const list = (tag: 'ul' | 'ol'): NodeSpec => ({ group: 'block', content: 'list_item+', parseDOM: [{ tag }], toDOM: () => [tag, 0] });

export const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { group: 'block', content: 'inline*', parseDOM: [{ tag: 'p' }], toDOM: () => ['p', 0] },
    blockquote: { group: 'block', content: 'block+', defining: true, parseDOM: [{ tag: 'blockquote' }], toDOM: () => ['blockquote', 0] },
    code_block: { group: 'block', content: 'text*', marks: '', code: true, defining: true, parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }], toDOM: () => ['pre', ['code', 0]] },
    bullet_list: list('ul'),
    ordered_list: list('ol'),
    list_item: { content: 'paragraph block*', defining: true, parseDOM: [{ tag: 'li' }], toDOM: () => ['li', 0] },
    text: { group: 'inline' },
    hard_break: { group: 'inline', inline: true, selectable: false, parseDOM: [{ tag: 'br' }], toDOM: () => ['br'] },
    // Pictures come by uploading alone: one that is pasted along with words from elsewhere would be an address of elsewhere.
    image: {
      group: 'inline',
      inline: true,
      attrs: { file: { validate: 'string' }, src: { validate: 'string' }, alt: { default: '', validate: 'string' } },
      toDOM: ({ attrs }) => ['img', { src: attrs['src'] as string, alt: attrs['alt'] as string }],
    },
  },
  marks: {
    link: {
      inclusive: false,
      attrs: { href: { validate: 'string' } },
      parseDOM: [{ tag: 'a[href]', getAttrs: (element) => (/^(?:https?|mailto|tel):/i.test(element.getAttribute('href') ?? '') ? { href: element.getAttribute('href') } : false) }],
      toDOM: ({ attrs }) => ['a', { href: attrs['href'] as string }, 0],
    },
    strong: { parseDOM: [{ tag: 'strong' }, { tag: 'b', getAttrs: (element) => element.style.fontWeight !== 'normal' && null }, { style: 'font-weight=bold' }], toDOM: () => ['strong', 0] },
    em: { parseDOM: [{ tag: 'em' }, { tag: 'i' }], toDOM: () => ['em', 0] },
    code: { code: true, parseDOM: [{ tag: 'code' }], toDOM: () => ['code', 0] },
  },
});

/** Words as a document, formatted or not. */
export function documentOf(words: string): Node {
  const { body } = new DOMParser().parseFromString(formattedOf(words), 'text/html');
  return Reader.fromSchema(schema).parse(body);
}

const serializer = DOMSerializer.fromSchema(schema);

function htmlOf(doc: Node, edit: (root: HTMLElement) => void): string {
  const root = document.implementation.createHTMLDocument('').body;
  root.append(serializer.serializeFragment(doc.content, { document: root.ownerDocument }));
  edit(root);
  return root.innerHTML;
}

export const isEmpty = (doc: Node): boolean => doc.textContent.trim() === '' && !picturesOf(doc).length;

/** A document as it is kept while it is written; pictures live as long as the page. Empty for an empty one. */
export const keptOf = (doc: Node): string => (isEmpty(doc) && doc.childCount <= 1 ? '' : htmlOf(doc, (root) => root.querySelectorAll('img').forEach((image) => image.remove())));

export function picturesOf(doc: Node): string[] {
  const files: string[] = [];
  doc.descendants((node) => {
    if (node.type.name === 'image') files.push(String(node.attrs['file']));
  });
  return files;
}

function plainLines(doc: Node): string | null {
  const lines: string[] = [];
  let formatted = 0;
  doc.forEach((block) => {
    let line = '';
    if (block.type.name !== 'paragraph') formatted += 1;
    block.forEach((child) => {
      if (child.marks.length > 0 || child.type.name === 'image') formatted += 1;
      line += child.type.name === 'hard_break' ? '\n' : (child.text ?? '');
    });
    lines.push(line);
  });
  return formatted === 0 ? lines.join('\n').trim() : null;
}

/** Paragraphs of the editor are lines: those that stand together are one paragraph of a letter. */
function asLetter(root: HTMLElement): void {
  for (const paragraph of root.querySelectorAll('p')) {
    const before = paragraph.previousElementSibling;
    if (paragraph.textContent === '' && paragraph.childElementCount === 0) continue;
    if (before?.tagName === 'P' && (before.textContent !== '' || before.childElementCount > 0)) {
      before.append(root.ownerDocument.createElement('br'), ...paragraph.childNodes);
      paragraph.remove();
    }
  }
  for (const paragraph of root.querySelectorAll('p')) if (paragraph.textContent === '' && paragraph.childElementCount === 0) paragraph.remove();
}

export interface Letter {
  body: string;
  /** Null: it is plain. */
  html: string | null;
}

/** What is sent. `uploads`: the files that go along, in order, by the editor's own names for them. */
export function letterOf(doc: Node, uploads: readonly string[]): Letter {
  const plain = plainLines(doc);
  if (plain !== null) return { body: plain, html: null };
  const files = picturesOf(doc);
  const html = htmlOf(doc, (root) => {
    root.querySelectorAll('img').forEach((image, at) => {
      const place = uploads.indexOf(files[at] ?? '');
      if (place < 0) image.remove();
      else image.setAttribute('src', `cid:upload-${place}`);
    });
    asLetter(root);
  });
  return { body: doc.textBetween(0, doc.content.size, '\n', ' ').trim(), html };
}
