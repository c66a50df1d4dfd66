import { describe, expect, test } from 'vitest';
import { slashAt } from './slash';

const at = (marked: string) => slashAt(marked.replace('|', ''), marked.indexOf('|'));

describe('a slash', () => {
  test('is looked up at the start of any line', () => {
    expect(at('/|')?.query).toBe('');
    expect(at('Hello,\n/refund pol|\nBye')).toEqual({ from: 7, to: 18, query: 'refund pol' });
  });
  test('within a line is a slash', () => {
    expect(at('either/or|')).toBeNull();
    expect(at(' /not|')).toBeNull();
  });
  test('of an address is not looked up', () => {
    expect(at('/usr/lib|')).toBeNull();
  });
  test('is left behind when the caret goes before it or to another line', () => {
    expect(at('|/refund')).toBeNull();
    expect(at('/refund\nHello|')).toBeNull();
  });
});
