// What the panel fetches after what one looks at first.
export { Details } from './details';
export { RecentTickets, Similar, Ties } from './related';
export { Tasks } from './tasks';
export { TimeSpent } from './time-spent';
export { Answers } from './answers';
export { Sides } from './sides';
export { Approvals } from './approvals';
export { Question } from './question';
