// The bar over pages where something is set up: the way back, and what stands beside it.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { IconBack } from '@/components/icons';
import './setup.css';

interface SetupBarProps {
  /** Where the way back leads, and what it is called. */
  to: string;
  back: string;
  children: ReactNode;
}

export function SetupBar({ to, back, children }: SetupBarProps) {
  return (
    <header className="setup__bar">
      <Link className="icon-button" to={to} aria-label={back} title={back}>
        <IconBack size={20} stroke={1.6} />
      </Link>
      {children}
    </header>
  );
}
