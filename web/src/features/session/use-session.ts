// The state of the session as components see it.
import { useSyncExternalStore } from 'react';
import type { Session, SessionState } from '@/lib/oidc/session';

export const useSessionState = (session: Session): SessionState => useSyncExternalStore(session.subscribe, session.state);
