// What a brand's colour gives: shades that can be read where they stand. The server's rules (helpdesk/mail/brand.py), for what
// is not saved yet; `palettes.json` holds both to the same.
import { LEGIBLE, contrast } from '@/lib/styles/contrast';

export interface Palette {
  button: string;
  on_button: string;
  /** On white and on the grey around it. */
  link: string;
  link_dark: string;
}

const [WHITE, BLACK, INK, PAPER, PAPER_DARK] = ['#ffffff', '#000000', '#18181c', '#f6f6f8', '#17171a'];
const STEPS = 50;

const parts = (colour: string): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** The nearest shade of a colour, towards `away`, that can be read on a ground. */
function untilLegible(colour: string, ground: string, away: string): string {
  const towards = parts(away);
  for (let step = 0; step <= STEPS; step += 1) {
    const mixed = parts(colour).map((one, at) => Math.round(one + ((towards[at] ?? 0) - one) * (step / STEPS)));
    const shade = `#${mixed.map((one) => one.toString(16).padStart(2, '0')).join('')}`;
    if (contrast(shade, ground) >= LEGIBLE) return shade;
  }
  return away;
}

/** Of a colour such as `#ffe600`. */
export function paletteOf(colour: string): Palette {
  const own = colour.toLowerCase();
  const onButton = contrast(own, WHITE) >= LEGIBLE ? WHITE : INK;
  return {
    button: untilLegible(own, onButton, onButton === WHITE ? BLACK : WHITE),
    on_button: onButton,
    link: untilLegible(own, PAPER, BLACK),
    link_dark: untilLegible(own, PAPER_DARK, WHITE),
  };
}
