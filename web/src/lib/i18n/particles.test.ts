// Korean sentences about names read as people say them.
import { describe, expect, it } from 'vitest';
import { withParticles } from './particles';

describe('particles behind names', () => {
  it.each([
    ['‘보류’(으)로 변경', '‘보류’로 변경'],
    ['‘높음’(으)로 변경', '‘높음’으로 변경'],
    ['서울(으)로 이동', '서울로 이동'],
    ['“서울”을(를) 저장', '“서울”을 저장'],
    ['김민수이(가) 답해서', '김민수가 답해서'],
    ['이슬이(가) 답해서', '이슬이 답해서'],
    ['새 티켓 #10(으)로 분리', '새 티켓 #10으로 분리'],
    ['#1001(으)로 이동됨', '#1001로 이동됨'],
    ['#12은(는) #13에서', '#12는 #13에서'],
    ['Billing(으)로 넘김', 'Billing으로 넘김'],
    ['Mina Clark이(가) 답해서', 'Mina Clark이(가) 답해서'],
    ['Amira이(가) 답해서', 'Amira가 답해서'],
    ['さくらさん을(를)', 'さくらさん을'],
    ['10분(으)로 세요', '10분으로 세요'],
    ['은(는)', '은(는)'],
  ])('%s', (both, said) => {
    expect(withParticles(both)).toBe(said);
  });
});
