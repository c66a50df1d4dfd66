import { expect, test } from 'vitest';
import { paletteOf } from './brand-colours';
import known from './palettes.json';

test.each(known)('$colour gives the shades that the server makes of it', ({ colour, ...shades }) => {
  expect(paletteOf(colour)).toEqual(shades);
});
