// The portal's form in a frame on another website: says how high it is to the website that asked for it, and to no other.
const page = new URLSearchParams(location.search).get('page') ?? '';

if (window.parent !== window && /^https?:\/\/[^/]+$/.test(page)) {
  const root = document.getElementById('root') ?? document.body;
  new ResizeObserver(() => {
    window.parent.postMessage({ deskHeight: root.getBoundingClientRect().height }, page);
  }).observe(root);
}

void import('@/portal/main');
