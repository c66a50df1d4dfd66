// Mantine in the desk's clothes. Its variables are static files (mantine.css), so that no style is written by script.
import { createTheme, Menu, Modal, Popover, Tooltip } from '@mantine/core';

const quick = { transition: 'fade', duration: 100 } as const;

export const theme = createTheme({
  fontFamily: 'var(--font)',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Menu: Menu.extend({ defaultProps: { transitionProps: quick, shadow: 'none', radius: 10 } }),
    Modal: Modal.extend({ defaultProps: { transitionProps: quick, radius: 14, overlayProps: { backgroundOpacity: 0.35, color: '#0b0b14' } } }),
    Popover: Popover.extend({ defaultProps: { transitionProps: quick, radius: 10 } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, transitionProps: quick } }),
  },
});
