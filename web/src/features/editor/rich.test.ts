import { describe, expect, test } from 'vitest';
import { documentOf, isEmpty, keptOf, letterOf, picturesOf, schema } from './rich-schema';
import { formattedOf, joined, plainOf } from './rich-text';

describe('formatted words', () => {
  test('begin as plain lines and go as plain lines where nothing was formatted', () => {
    const words = 'Hello <Ana>,\n\nwe refund & more.';
    expect(letterOf(documentOf(words), [])).toEqual({ body: words, html: null });
    expect(plainOf(formattedOf(words))).toBe(words);
  });
  test('are kept as they were written', () => {
    const kept = '<p>Take <strong>left</strong></p><ul><li><p>gently</p></li></ul><blockquote><p>you said</p></blockquote><pre><code>a\n b</code></pre>';
    expect(keptOf(documentOf(kept))).toBe(kept);
    expect(plainOf(kept)).toBe('Take left\n- gently\nyou said\na\n b');
  });
  test('go as a letter whose lines stand together and whose empty lines part it', () => {
    const { body, html } = letterOf(documentOf('<p><em>Hello</em>,</p><p>we refund.</p><p></p><p>Mina</p>'), []);
    expect(html).toBe('<p><em>Hello</em>,<br>we refund.</p><p>Mina</p>');
    expect(body).toBe('Hello,\nwe refund.\n\nMina');
  });
  test('of another page lose what is not theirs', () => {
    const pasted = documentOf('<p onclick="x()">Hi <a href="javascript:1">there</a> <a href="https://a.test">you</a><img src="https://spy.test/a.gif"><b>!</b></p><script>1</script>');
    expect(keptOf(pasted)).toBe('<p>Hi there <a href="https://a.test">you</a><strong>!</strong></p>');
  });
  test('show pictures by their place among the files, and only those that go along', () => {
    const picture = (file: string) => schema.nodes.image.create({ file, src: `blob:${file}`, alt: file });
    const doc = schema.node('doc', null, [schema.node('paragraph', null, [picture('lost'), picture('lamp')])]);
    expect(picturesOf(doc)).toEqual(['lost', 'lamp']);
    expect(letterOf(doc, ['other', 'lamp']).html).toBe('<p><img src="cid:upload-1" alt="lamp"></p>');
    expect(isEmpty(doc)).toBe(false);
    expect(keptOf(doc)).toBe('<p></p>');
  });
  test('come back before what was written since, whichever of them are formatted', () => {
    expect(joined('one', 'two')).toBe('one\n\ntwo');
    expect(joined('<p>one</p>', 'two')).toBe('<p>one</p><p></p><p>two</p>');
  });
});
