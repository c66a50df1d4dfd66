// Mantine in the desk's clothes. Its variables are static files (mantine.css), so that no style is written by script.
import { createTheme } from '@mantine/core';

// Leaving takes no time: the next key must not land in a list that is only still fading.
const quick = { transition: 'fade', duration: 100, exitDuration: 0 } as const;

export const theme = createTheme({
  fontFamily: 'var(--font)',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Not by the components' own `extend`: they are fetched only when something opens.
    // The first of what can be chosen has the focus: what Mantine gives it to instead stands in a menu without a role.
    Menu: { defaultProps: { transitionProps: quick, shadow: 'none', radius: 10, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { transitionProps: quick, radius: 10 } },
  },
});
