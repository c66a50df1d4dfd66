// What this person likes, kept in this browser: no one else has to know.
import { readFlag, writeJson } from '@/lib/storage';

const HOLD = 'desk.hold';

/** Whether answers wait a moment in which they can be taken back. Who did not choose it sends at once. */
export const holdsAnswers = (): boolean => readFlag(HOLD, false);

export const holdAnswers = (hold: boolean): boolean => writeJson(HOLD, hold);
