import { expect, test } from 'vitest';
import { mentionAt } from './mention';

const at = (marked: string) => mentionAt(marked.replace('|', ''), marked.indexOf('|'))?.query ?? null;

test('an @ at the start or behind a space calls somebody', () => {
  expect(at('@|')).toBe('');
  expect(at('Could you look, @jun|?')).toBe('jun');
  expect(at('@박지|우')).toBe('박지');
});
test('an address calls nobody', () => {
  expect(at('write to kim@exam|')).toBeNull();
});
test('what is long past, or on another line, is over', () => {
  expect(at('@jun said that it|')).toBeNull();
  expect(at('@jun\nhello|')).toBeNull();
});
