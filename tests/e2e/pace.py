"""How quick a browser is on this machine at this moment, beside the machine that the aims in milliseconds were set on."""

from typing import Final

from playwright.sync_api import Page

_REFERENCE_MS: Final = 25.0
"""What `_WORK` takes on two quiet cores of a small server."""
_WORK: Final = """() => {
  const spans = [];
  for (let turn = 0; turn < 9; turn += 1) {
    const began = performance.now();
    const box = document.createElement('div');
    for (let line = 0; line < 1500; line += 1) {
      const text = document.createElement('p');
      text.textContent = `line ${line} ${'x'.repeat(line % 40)}`;
      box.append(text);
    }
    document.body.append(box);
    const height = box.offsetHeight;
    const words = JSON.parse(JSON.stringify(Array.from({ length: 3000 }, (_, at) => ({ at, text: `w${(at * 7919) % 3001}` }))));
    words.sort((one, other) => (one.text < other.text ? -1 : 1));
    box.remove();
    spans.push(height > 0 && words.length > 0 ? performance.now() - began : NaN);
  }
  return spans.sort((one, other) => one - other)[4];
}"""


def slowness(page: Page) -> float:
    """By what an aim in milliseconds is to be multiplied here and now.

    Returns:
        1.0 where the same work takes no longer than on the machine that aims are set on; 2.0 where it takes twice as long.
    """
    blank = page.context.new_page()
    took = float(blank.evaluate(_WORK))
    blank.close()
    return max(1.0, took / _REFERENCE_MS)
