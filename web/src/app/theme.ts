// Mantine in the desk's clothes. Its variables are static files (mantine.css), so that no style is written by script.
import { createTheme, Menu, Popover } from '@mantine/core';

// Leaving takes no time: the next key must not land in a list that is only still fading.
const quick = { transition: 'fade', duration: 100, exitDuration: 0 } as const;

export const theme = createTheme({
  fontFamily: 'var(--font)',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Menu: Menu.extend({ defaultProps: { transitionProps: quick, shadow: 'none', radius: 10 } }),
    Popover: Popover.extend({ defaultProps: { transitionProps: quick, radius: 10 } }),
  },
});
