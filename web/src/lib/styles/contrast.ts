// The contrast ratio of two colours, as in WCAG 2.2: 4.5 and more can be read as text.

export const LEGIBLE = 4.5;
const PARTS = [0.2126, 0.7152, 0.0722] as const;

function luminance(colour: string): number {
  return PARTS.reduce((sum, share, at) => {
    const part = Number.parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16) / 255;
    return sum + share * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);
}

/** Of colours such as `#2f4fd0`: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
