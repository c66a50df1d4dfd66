// Ratings as faces, from a frown to a smile: the curve of a mouth in a square of forty.
export const RATINGS = [1, 2, 3, 4, 5] as const;
export type RatingValue = (typeof RATINGS)[number];

export const MOUTHS: Record<RatingValue, string> = {
  1: 'M13 28c3-5 11-5 14 0',
  2: 'M14 27c3-2.500 9-2.500 12 0',
  3: 'M14 26h12',
  4: 'M14 25c3 3 9 3 12 0',
  5: 'M12.500 23.500c2 7 13 7 15 0z',
};
