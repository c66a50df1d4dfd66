// What the ticket's panel shows of triage, fetched after what one looks at first.
export { Alike } from './alike';
export { Why } from './why';
