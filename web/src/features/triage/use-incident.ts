// Making an incident's ticket of many that say the same, or saying that it is none; what came of it is told.
import { useNavigate } from 'react-router';
import { useWords } from './words';
import { ApiError } from '@/lib/api/problem';
import { useDismissIncident, useMakeIncident } from '@/lib/data/triage';
import { DEFAULT_VIEW, ticketPath } from '@/lib/tickets/views';
import { toast } from '@/lib/toasts';

interface Incident {
  make: (id: string) => void;
  dismiss: (id: string) => void;
  making: boolean;
}

export function useIncident(): Incident {
  const w = useWords();
  const navigate = useNavigate();
  const making = useMakeIncident();
  const dismissing = useDismissIncident();
  const failed = (error: Error): void => {
    toast(w('incidents.failed', { detail: error instanceof ApiError ? error.detail : '' }).trim(), null, 'problem');
  };
  return {
    making: making.isPending,
    make: (id) =>
      making.mutate(id, {
        onSuccess: ({ id: incident, number }) => {
          toast(w('incidents.made', { number: `${number}` }), { label: w('incidents.see'), run: () => void navigate(ticketPath(incident, DEFAULT_VIEW)) });
        },
        onError: failed,
      }),
    dismiss: (id) => dismissing.mutate(id, { onSuccess: () => toast(w('incidents.dismissed')), onError: failed }),
  };
}
