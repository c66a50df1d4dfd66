import { describe, expect, it } from 'vitest';
import { writtenIn } from './text';

describe('the language a text is written in', () => {
  it('is known of those whose lines break in a way of their own', () => {
    expect(writtenIn('주문 HB-20881 언제 오나요?')).toBe('ko');
    expect(writtenIn('ご確認ください')).toBe('ja');
    expect(writtenIn('Where is my order?')).toBeUndefined();
    expect(writtenIn('请问什么时候到')).toBeUndefined();
  });
});
