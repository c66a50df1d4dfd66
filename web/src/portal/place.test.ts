import { describe, expect, test } from 'vitest';
import { atBrand, brandOf, isFramed, isOnward, placeOf, requestPath } from './place';

const at = (address: string) => {
  const { pathname, search, hash } = new URL(address, 'https://desk.test');
  return placeOf({ pathname, search, hash });
};

describe('an address of the portal', () => {
  test('leads to the form', () => {
    expect(at('/portal')).toEqual({ page: 'form' });
    expect(at('/portal/?lang=ko')).toEqual({ page: 'form' });
  });
  test('carries the key of a request in its fragment, where no server sees it', () => {
    expect(at('/portal/requests/01ABC#t=k%2Fey')).toEqual({ page: 'request', id: '01ABC', token: 'k/ey' });
    expect(new URL(requestPath('01ABC', 'k/ey'), 'https://desk.test').search).toBe('');
    expect(at(requestPath('01ABC', 'k/e+y='))).toEqual({ page: 'request', id: '01ABC', token: 'k/e+y=' });
  });
  test('may choose a rating but only one that exists', () => {
    expect(at('/portal/survey/tok?rating=4')).toEqual({ page: 'survey', token: 'tok', rating: 4 });
    expect(at('/portal/survey/tok?rating=9')).toEqual({ page: 'survey', token: 'tok', rating: null });
  });
  test('leads to what somebody is asked to approve', () => {
    expect(at('/portal/approvals/tok.en?lang=ko')).toEqual({ page: 'approval', token: 'tok.en' });
    expect(at('/portal/approvals/')).toEqual({ page: 'unknown' });
  });
  test('leads to one\'s own requests, and after signing in only to a page of the portal', () => {
    expect(at('/portal/requests/')).toEqual({ page: 'requests' });
    expect(at('/portal/sign-in#tok')).toEqual({ page: 'signIn', link: 'tok', next: '/portal/requests' });
    expect(at('/portal/sign-in?next=%2Fportal%2Frequests%2F1')).toMatchObject({ next: '/portal/requests/1' });
    for (const elsewhere of ['//evil.test', 'https://evil.test', '/portal/../x', 'javascript:1']) {
      expect(at(`/portal/sign-in?next=${encodeURIComponent(elsewhere)}`)).toMatchObject({ next: '/portal/requests' });
    }
  });
  test('may be below a brand, and what it leads to then is too', () => {
    expect(at('/portal/b/acme')).toEqual({ page: 'form' });
    expect(at('/portal/b/acme/survey/tok?rating=4')).toEqual({ page: 'survey', token: 'tok', rating: 4 });
    expect(at('/portal/b/acme/sign-in#tok')).toMatchObject({ link: 'tok', next: '/portal/b/acme/requests' });
    expect(at('/portal/b/')).toEqual({ page: 'unknown' });
    expect(brandOf('/portal/b/acme/requests/1')).toBe('acme');
    expect(brandOf('/help/embed/acme')).toBe('acme');
    expect(brandOf('/portal/requests/b/acme')).toBeNull();
    expect(atBrand('/help/en/articles/1-a', '/portal/b/acme')).toBe('/help/b/acme/en/articles/1-a');
    expect(atBrand('/portal?lang=ko', '/portal/b/acme')).toBe('/portal/b/acme?lang=ko');
    expect(atBrand('/portal/requests', '/portal')).toBe('/portal/requests');
    expect(at('/help/embed/acme?lang=ja')).toEqual({ page: 'form' });
    expect(isFramed('/help/embedded')).toBe(false);
  });
  test('of the way back from an organization\'s sign-in holds its answer, and leads nowhere but into the portal', () => {
    expect(at('/portal/single-sign-on?code=c&state=s&iss=https%3A%2F%2Fid.test')).toEqual({ page: 'signOn', answer: { code: 'c', state: 's', iss: 'https://id.test' } });
    expect(at('/portal/single-sign-on?code=c&state=s')).toEqual({ page: 'signOn', answer: { code: 'c', state: 's' } });
    expect(at('/portal/single-sign-on?error=access_denied&state=s&code=c')).toEqual({ page: 'signOn', answer: null });
    expect(at('/portal/single-sign-on')).toEqual({ page: 'signOn', answer: null });
    for (const wanted of ['//evil.test', 'https://evil.test', '/portal/../x', '/portal/requests?x=1', '/portal/\\evil', '/help/en/community/ask?q=a&b', '/help/x?next=1', null]) expect(isOnward(wanted)).toBe(false);
    for (const wanted of ['/portal/b/acme/requests', '/help/ko/community/ask?q=%EA%B2%B0+1']) expect(isOnward(wanted)).toBe(true);
  });
  test('that was cut or bent by a mail program is unknown, not an error', () => {
    expect(at('/portal/requests/%E0%A4%A')).toEqual({ page: 'unknown' });
    expect(at('/portal/what/ever/this/is')).toEqual({ page: 'unknown' });
  });
});
