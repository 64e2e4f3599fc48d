// A zoomable map of thumbnails on one canvas. All thumbnails lie in one picture (the sheet), so that
// thousands are drawn in one pass; a point is {id, label, x, y, colour}, with places in [0, 1].
const SMALLEST = 9, LARGEST = 112, LONGEST_CLICK = 6, LEVELS = 3;
const FEW = 500, MARGIN = 0.5, RESTING = 120;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".map");
  const canvas = root.querySelector("canvas");
  const label = root.querySelector(".label"), ring = root.querySelector(".ring");
  const pen = canvas.getContext("2d");
  const sheet = new Image();
  const pointers = new Map();
  // The view outlives a new mount with new colours: it is kept on the element itself.
  const view = (root.view ??= { zoom: 1, left: 0, top: 0 });
  let moved = 0, asked = false, hovered = null, levels = [], shown = data.points.length, rest;
  const layer = { view: {}, stale: true, ink: document.createElement("canvas").getContext("2d") };

  const width = () => canvas.clientWidth, height = () => canvas.clientHeight;
  const margin = 0.04;
  const across = (point, at = view, w = width()) =>
    ((margin + point.x * (1 - 2 * margin)) * w - at.left) * at.zoom;
  const down = (point, at = view, h = height()) =>
    ((margin + point.y * (1 - 2 * margin)) * h - at.top) * at.zoom;
  const side = (at = view) => {
    const spacing = Math.sqrt((width() * height()) / Math.max(data.points.length, 1));
    return Math.min(LARGEST, Math.max(SMALLEST, 0.6 * spacing * at.zoom ** 0.85));
  };

  const cell = Math.ceil(data.side * 1.05 / 4) * 4;  // can be halved twice
  // The sheet with each thumbnail framed in its colour, at full, half and quarter size: drawing the
  // level nearest to what is shown is what keeps thousands of products smooth.
  function frame() {
    const rows = Math.ceil(data.points.length / data.columns);
    const edge = Math.floor((cell - data.side) / 2);
    levels = Array.from({ length: LEVELS }, (_, level) => {
      const picture = document.createElement("canvas");
      picture.width = Math.max(1, (data.columns * cell) >> level);
      picture.height = Math.max(1, (rows * cell) >> level);
      return picture;
    });
    const ink = levels[0].getContext("2d");
    data.points.forEach((point, n) => {
      const x = (n % data.columns) * cell, y = Math.floor(n / data.columns) * cell;
      ink.fillStyle = point.colour;
      ink.fillRect(x, y, cell, cell);
      if (sheet.complete && sheet.naturalWidth) {
        const left = (n % data.columns) * data.side, top = Math.floor(n / data.columns) * data.side;
        ink.drawImage(sheet, left, top, data.side, data.side,
                      x + edge, y + edge, data.side, data.side);
      }
    });
    for (let level = 1; level < LEVELS; level++) {
      const { width, height } = levels[level];
      levels[level].getContext("2d").drawImage(levels[level - 1], 0, 0, width, height);
    }
    layer.stale = true;
    redraw();
  }

  // Draw what is in the view `at`, and `margin` views more on each side; gives how many products.
  function paint(ink, at, margin) {
    const ratio = window.devicePixelRatio || 1, w = width(), h = height();
    ink.canvas.width = Math.round(w * (1 + 2 * margin) * ratio);  // this empties it, too
    ink.canvas.height = Math.round(h * (1 + 2 * margin) * ratio);
    ink.setTransform(ratio, 0, 0, ratio, margin * w * ratio, margin * h * ratio);
    const size = side(at), half = size / 2;
    let level = LEVELS - 1, count = 0;
    while (level > 0 && (cell >> level) < size * ratio) level--;
    const from = levels[level], part = cell >> level;
    data.points.forEach((point, n) => {
      const x = across(point, at, w), y = down(point, at, h);
      if (x < -margin * w - half || x > w + margin * w + half) return;
      if (y < -margin * h - half || y > h + margin * h + half) return;
      const left = (n % data.columns) * part, top = Math.floor(n / data.columns) * part;
      ink.drawImage(from, left, top, part, part, x - half, y - half, size, size);
      count++;
    });
    return count;
  }
  // Few thumbnails are drawn for every frame. Many are drawn once, with a margin, and that layer is
  // moved and scaled until the view leaves it or comes to rest at another zoom.
  function draw() {
    asked = false;
    clearTimeout(rest);
    if (shown <= FEW) shown = paint(pen, view, 0);
    else if (!blit()) {
      shown = paint(layer.ink, Object.assign(layer.view, view), MARGIN);
      layer.stale = false;
      blit();
    }
    circle();
  }
  function blit() {
    const ratio = window.devicePixelRatio || 1, w = width(), h = height();
    const scale = view.zoom / layer.view.zoom;
    const left = (layer.view.left - view.left) * view.zoom - MARGIN * w * scale;
    const top = (layer.view.top - view.top) * view.zoom - MARGIN * h * scale;
    const wide = w * (1 + 2 * MARGIN) * scale, high = h * (1 + 2 * MARGIN) * scale;
    if (layer.stale || left > 0 || top > 0 || left + wide < w || top + high < h || scale > 2) {
      return false;
    }
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.drawImage(layer.ink.canvas, left, top, wide, high);
    if (scale !== 1) rest = setTimeout(() => { layer.stale = true; redraw(); }, RESTING);
    return true;
  }
  // What the pointer is on: an element of its own, so that hovering draws no thumbnail anew.
  function circle() {
    ring.hidden = hovered === null;
    if (hovered === null) return;
    const point = data.points[hovered], size = side() + 6;
    ring.style.width = ring.style.height = `${size}px`;
    ring.style.left = `${across(point) - size / 2}px`;
    ring.style.top = `${down(point) - size / 2}px`;
  }
  const redraw = () => { if (!asked) { asked = true; requestAnimationFrame(draw); } };

  function nearest(x, y) {
    const reach = Math.max(side() / 2 + 3, 12), w = width(), h = height();
    let best = null, closest = Infinity;
    data.points.forEach((point, n) => {
      const dx = Math.abs(across(point, view, w) - x), dy = Math.abs(down(point, view, h) - y);
      if (dx <= reach && dy <= reach && dx + dy <= closest) { best = n; closest = dx + dy; }
    });
    return best;
  }
  function zoomAt(x, y, factor) {
    const zoom = Math.min(40, Math.max(1, view.zoom * factor));
    view.left += x / view.zoom - x / zoom;
    view.top += y / view.zoom - y / zoom;
    view.zoom = zoom;
    keepInside();
  }
  function keepInside() {
    view.left = Math.min(Math.max(view.left, 0), width() * (1 - 1 / view.zoom));
    view.top = Math.min(Math.max(view.top, 0), height() * (1 - 1 / view.zoom));
    redraw();
  }
  function show(n, x, y) {
    hovered = n;
    label.hidden = n === null;
    canvas.style.cursor = n === null ? "grab" : "pointer";
    if (n !== null) {
      label.textContent = data.points[n].label;
      label.style.left = `${Math.min(x + 14, width() - label.offsetWidth - 4)}px`;
      label.style.top = `${Math.min(y + 16, height() - label.offsetHeight - 4)}px`;
    }
    circle();
  }
  const choose = (n) => { if (n !== null) setTriggerValue("chosen", data.points[n].id); };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    moved = 0;
  };
  canvas.onpointermove = (event) => {
    const [x, y] = place(event), before = pointers.get(event.pointerId);
    if (!before) { show(nearest(x, y), x, y); return; }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    moved += Math.abs(x - before[0]) + Math.abs(y - before[1]);
    if (other) {  // two fingers: zoom about the one that rests
      const span = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
      zoomAt(other[0], other[1], span([x, y], other) / span(before, other));
    } else {
      view.left -= (x - before[0]) / view.zoom;
      view.top -= (y - before[1]) / view.zoom;
      keepInside();
    }
    pointers.set(event.pointerId, [x, y]);
  };
  canvas.onpointerup = (event) => {
    pointers.delete(event.pointerId);
    if (moved <= LONGEST_CLICK) choose(nearest(...place(event)));
  };
  canvas.onpointercancel = (event) => pointers.delete(event.pointerId);
  canvas.onpointerleave = () => show(null);
  canvas.onwheel = (event) => {
    event.preventDefault();
    zoomAt(...place(event), Math.exp(-event.deltaY / 300));
  };
  canvas.onkeydown = (event) => {
    const step = 60 / view.zoom, middle = [width() / 2, height() / 2];
    const keys = {
      ArrowLeft: () => { view.left -= step; }, ArrowRight: () => { view.left += step; },
      ArrowUp: () => { view.top -= step; }, ArrowDown: () => { view.top += step; },
      "+": () => zoomAt(...middle, 1.4), "-": () => zoomAt(...middle, 1 / 1.4),
      "0": () => { view.zoom = 1; }, Enter: () => choose(nearest(...middle)),
    };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); keepInside(); }
  };
  root.querySelector(".in").onclick = () => zoomAt(width() / 2, height() / 2, 1.6);
  root.querySelector(".out").onclick = () => zoomAt(width() / 2, height() / 2, 1 / 1.6);
  root.querySelector(".all").onclick = () => { view.zoom = 1; keepInside(); };

  frame();
  sheet.onload = frame;
  sheet.src = data.sheet;
  const watcher = new ResizeObserver(() => { layer.stale = true; keepInside(); });
  watcher.observe(canvas);
  return () => { watcher.disconnect(); clearTimeout(rest); };
}
