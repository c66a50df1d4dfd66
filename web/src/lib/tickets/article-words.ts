// What an article puts into an answer: its link under its title, or what it says.

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const linkWords = (title: string, address: string): string => `<p><a href="${escaped(address)}">${escaped(title)}</a></p>`;

/** For the field without formatting, where a link is its address. */
export const plainLinkWords = (title: string, address: string): string => `${title}\n${address}`;

const DROPPED = 'img, picture, figure, input, script, style';

/** What an article's page shows as a mail may say it: pictures stay on the page, headings are bold lines. */
export function articleWords(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const one of body.querySelectorAll(DROPPED)) one.remove();
  for (const heading of body.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const line = document.createElement('p');
    const strong = document.createElement('strong');
    strong.textContent = heading.textContent;
    line.append(strong);
    heading.replaceWith(line);
  }
  for (const paragraph of body.querySelectorAll('p')) {
    if (paragraph.textContent.trim() === '' && paragraph.children.length === 0) paragraph.remove();
  }
  const words = body.innerHTML.trim();
  return words.startsWith('<p>') ? words : `<p></p>${words}`;
}

/** The beginning of a page in plain words, to know it by. */
export function glanceOf(html: string, most = 280): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const text = body.textContent.replaceAll(/\s+/g, ' ').trim();
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
