// An empty place that teaches one thing and offers one action.
import type { ReactNode } from 'react';
import '@/components/empty-state.css';

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  text?: string;
  action?: ReactNode;
}

export function EmptyState({ icon, title, text, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <span className="empty__icon" aria-hidden="true">
        {icon}
      </span>
      <p className="empty__title">{title}</p>
      {text !== undefined && <p className="empty__text">{text}</p>}
      {action}
    </div>
  );
}
